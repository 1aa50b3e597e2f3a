/** Requests as a test wants them, byte for byte: no redirects followed, no address tidied up, no header added. */

import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as requestByTls } from 'node:https';

export interface Asking {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** The address of this machine from which it comes. */
  from?: string;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /** The `Set-Cookie` headers. */
  cookies: string[];
  body: string;
}

/** What a browser says when a person goes to an address. */
export const navigating = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'sec-fetch-dest': 'document',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'none',
};

/** What a browser says when a script of the page calls. */
export const calling = {
  accept: '*/*',
  'sec-fetch-dest': 'empty',
  'sec-fetch-mode': 'cors',
  'sec-fetch-site': 'same-origin',
};

/** A form of our own, posted. */
export function posting(fields: Record<string, string>, headers: Record<string, string> = {}): Asking {
  const own = { ...navigating, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', headers: { ...own, ...headers }, body: new URLSearchParams(fields).toString() };
}

/** Sends one request on a connection of its own, and reads the whole answer. */
export async function send(origin: string, path: string, asking: Asking = {}): Promise<Answer> {
  const message = await begin(origin, path, asking);
  return { ...head(message), body: await read(message) };
}

/** An answer that is still coming. */
export class Arriving {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly cookies: string[];
  readonly #parts: AsyncIterator<string>;

  private constructor(message: IncomingMessage) {
    ({ status: this.status, headers: this.headers, cookies: this.cookies } = head(message));
    this.#parts = message.setEncoding('utf8')[Symbol.asyncIterator]();
  }

  static async from(origin: string, path: string, asking: Asking = {}): Promise<Arriving> {
    return new Arriving(await begin(origin, path, asking));
  }

  /** What comes until `text` has come. */
  async until(text: string): Promise<string> {
    return this.#collect((body) => body.includes(text));
  }

  /** All the rest. */
  async rest(): Promise<string> {
    return this.#collect(() => false);
  }

  async #collect(isEnough: (body: string) => boolean): Promise<string> {
    let body = '';
    while (!isEnough(body)) {
      const part = await this.#parts.next();
      if (part.done) break;
      body += part.value;
    }
    return body;
  }
}

/** Whoever answers by TLS is believed: certificates are no matter of these tests. */
function begin(origin: string, path: string, asking: Asking): Promise<IncomingMessage> {
  const { method = 'GET', headers = {}, body, from: localAddress } = asking;
  const { hostname, port, protocol } = new URL(origin);
  const by = protocol === 'https:' ? requestByTls : request;
  return new Promise((resolve, reject) => {
    const length: Record<string, string> = body === undefined ? {} : { 'content-length': `${Buffer.byteLength(body)}` };
    const address = { hostname, port, path, localAddress, agent: false, rejectUnauthorized: false };
    by({ ...address, method, headers: { ...headers, ...length } }, resolve).on('error', reject).end(body);
  });
}

function head(message: IncomingMessage) {
  const { statusCode: status = 0, headers } = message;
  return { status, headers, cookies: headers['set-cookie'] ?? [] };
}

async function read(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
