/** A load balancer, as far as a test needs one: one address in front of several nodes, and the test says which is asked. */

import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { Listener } from './listener';
import type { Server } from './server';

export class Balancer {
  #node = '';
  readonly #listener = new Listener('127.0.0.1', (request, response) => this.#pass(request, response));

  static async start(): Promise<Balancer> {
    const balancer = new Balancer();
    await balancer.#listener.up();
    return balancer;
  }

  get url(): string {
    return this.#listener.url;
  }

  /** This node gets the requests from now on; answers that are open stay where they are. */
  turnTo(node: Server): void {
    this.#node = node.url;
  }

  async stop(): Promise<void> {
    await this.#listener.down();
  }

  #pass(request: IncomingMessage, response: ServerResponse): void {
    const { hostname, port } = new URL(this.#node);
    const { method, url: path } = request;
    const headers = { ...request.headers, connection: 'close' };
    const passed = ask({ hostname, port, path, method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, response, () => {});
    });
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    request.pipe(passed);
  }
}
