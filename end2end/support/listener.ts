/** A server on this machine that goes away and comes back, at the same address. */

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export class Listener {
  #port = 0;
  readonly #server;

  constructor(
    private readonly host: string,
    answer: RequestListener,
  ) {
    this.#server = createServer(answer);
  }

  get url(): string {
    return `http://${this.host}:${this.#port}`;
  }

  async up(): Promise<void> {
    if (this.#server.listening) return;
    this.#server.listen(this.#port, this.host);
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async down(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
