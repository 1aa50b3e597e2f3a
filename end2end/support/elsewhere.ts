/** Another site: to a browser, `localhost` has nothing to do with `127.0.0.1`. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export class Elsewhere {
  #page = '';
  readonly #server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<!doctype html><html lang="en"><title>Elsewhere</title><link rel="icon" href="data:,">${this.#page}`);
  });

  static async start(): Promise<Elsewhere> {
    const elsewhere = new Elsewhere();
    elsewhere.#server.listen(0, 'localhost');
    await once(elsewhere.#server, 'listening');
    return elsewhere;
  }

  /** The address of a page with this content. */
  shows(html: string): string {
    this.#page = html;
    return `http://localhost:${(this.#server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
