/** A server on this machine that goes away and comes back, at the same address. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export class Listener {
  #port = 0;
  readonly #server;
  /** Connections that speak something else than HTTP by now; the server knows nothing of them any more. */
  readonly #upgraded = new Set<Duplex>();

  constructor(
    private readonly host: string,
    answer: RequestListener,
  ) {
    this.#server = createServer(answer);
  }

  get url(): string {
    return `http://${this.host}:${this.#port}`;
  }

  /** Hands over what asks for another protocol. */
  onUpgrade(take: (request: IncomingMessage, socket: Duplex) => void): void {
    this.#server.on('upgrade', (request, socket) => {
      this.#upgraded.add(socket.on('close', () => this.#upgraded.delete(socket)));
      take(request, socket);
    });
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
    for (const socket of this.#upgraded) socket.destroy();
    await once(this.#server, 'close');
  }
}
