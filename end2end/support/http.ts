/** Requests as a test wants them, byte for byte: no redirects followed, no address tidied up, no header added. */

import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

export interface Asking {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
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

function begin(origin: string, path: string, { method = 'GET', headers = {}, body }: Asking): Promise<IncomingMessage> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const length: Record<string, string> = body === undefined ? {} : { 'content-length': `${Buffer.byteLength(body)}` };
    const options = { hostname, port, path, method, headers: { ...headers, ...length }, agent: false };
    request(options, resolve).on('error', reject).end(body);
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
