/** An API that does what a test says: a storeroom, with the sign-in that Vestibule expects by default. */

import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { storeroom } from './document';
import { Listener } from './listener';
import { echo } from './socket';

/** An answer of the API; a body that is no text is sent as JSON. */
export interface Scripted {
  status?: number;
  type?: string;
  body?: unknown;
}

/** Answers a call itself, as its body comes. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A call that the API has seen. */
export interface Call {
  method: string;
  query: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export const ITEMS = [
  { id: 1, name: 'Lamp', quantity: 3 },
  { id: 2, name: 'Rug', quantity: 1 },
];
const PEOPLE: Record<string, string> = { ada: 'Ada Lovelace', grace: 'Grace Hopper' };

/** Calls that wait for a word of the test. */
export class Hold {
  #waiting = 0;
  #noticed: () => void = () => {};
  #release: () => void = () => {};
  readonly #released = new Promise<void>((resolve) => (this.#release = resolve));

  /** Until that many calls wait. */
  async arrived(count = 1): Promise<void> {
    while (this.#waiting < count) await new Promise<void>((resolve) => (this.#noticed = resolve));
  }

  /** Lets those that wait go on, and all after them pass. */
  release(): void {
    this.#release();
  }

  async pass(): Promise<void> {
    this.#waiting += 1;
    this.#noticed();
    await this.#released;
  }
}

/** One sign-in: its newest access token, and the refresh token that buys the next. */
interface Family {
  person: string;
  access: string;
  refresh: string;
  /** Refresh tokens that have been used. */
  spent: string[];
}

export class Upstream {
  readonly #listener = new Listener('127.0.0.1', (request, response) => void this.#take(request, response));
  readonly #answers = new Map<string, Scripted>();
  readonly #holds = new Map<string, Hold>();
  readonly #handlers = new Map<string, Handler>();
  readonly #calls: (Call & { path: string })[] = [];
  readonly #forgiven = new Set<string>();
  #families: Family[] = [];
  #issued = 0;
  #trusted: (token: string) => Promise<string | undefined> = async () => undefined;

  static async start(): Promise<Upstream> {
    const upstream = new Upstream();
    upstream.#listener.onUpgrade((request, socket) => upstream.#greet(request, socket));
    await upstream.up();
    return upstream;
  }

  get url(): string {
    return this.#listener.url;
  }

  /** Answers like this at `path` from now on, whoever asks. */
  answer(path: string, answer: Scripted): void {
    this.#answers.set(path, answer);
  }

  /** Leaves calls of `path` to the test. */
  serve(path: string, handler: Handler): void {
    this.#handlers.set(path, handler);
  }

  /** Answers as usual at `path` again. */
  recover(path: string): void {
    this.#answers.delete(path);
  }

  /** Lets calls of `path` wait. */
  hold(path: string): Hold {
    const hold = new Hold();
    this.#holds.set(path, hold);
    return hold;
  }

  /** Lets a person's refresh tokens be used again. */
  forgive(person: string): void {
    this.#forgiven.add(person);
  }

  /** Takes the tokens of somebody else too, who says whose they are. */
  trust(issuer: (token: string) => Promise<string | undefined>): void {
    this.#trusted = issuer;
  }

  /** Every access token is dead; refreshing helps. */
  expireAccessTokens(): void {
    for (const family of this.#families) family.access = '';
  }

  /** Every token is dead. */
  expireTokens(): void {
    this.#families = [];
  }

  /** All tokens that are good now. */
  get tokens(): string[] {
    return this.#families.flatMap(({ access, refresh }) => [access, refresh]).filter(Boolean);
  }

  /** The access token of the newest sign-in. */
  get access(): string {
    return this.#families.at(-1)?.access ?? '';
  }

  /** The calls of `path` so far in this test. */
  calls(path: string): Call[] {
    return this.#calls.filter((call) => call.path === path);
  }

  /** Nothing listens any more. */
  async down(): Promise<void> {
    await this.#listener.down();
  }

  /** Listens, at the same address as before. */
  async up(): Promise<void> {
    await this.#listener.up();
  }

  /** As new, but for the tokens. */
  async reset(): Promise<void> {
    for (const hold of this.#holds.values()) hold.release();
    this.#holds.clear();
    this.#handlers.clear();
    this.#answers.clear();
    this.#forgiven.clear();
    this.#calls.length = 0;
    await this.up();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, search: query } = new URL(request.url ?? '/', this.url);
    const { method = 'GET', headers } = request;
    const handler = this.#handlers.get(path);
    if (handler) return handler(request, response);
    const call = { path, method, query, headers, body: await text(request) };
    this.#calls.push(call);
    await this.#holds.get(path)?.pass();
    say(response, this.#answers.get(path) ?? this.#anonymous(call) ?? (await this.#signedIn(call)));
  }

  /** A socket, for whoever has a token. */
  #greet(request: IncomingMessage, socket: Duplex): void {
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const person = this.#families.find(({ access }) => access && access === token)?.person;
    const { method = 'GET', headers } = request;
    this.#calls.push({ path: request.url ?? '/', method, query: '', headers, body: '' });
    if (person) return echo(request, socket, `Hello ${person}`);
    socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
  }

  #anonymous({ path, body }: Call & { path: string }): Scripted | undefined {
    if (path === '/openapi.json') return { body: storeroom };
    if (path === '/auth/login') return this.#signIn(JSON.parse(body));
    if (path === '/auth/refresh') return this.#refresh(JSON.parse(body));
    if (path === '/auth/logout') return this.#revoke(JSON.parse(body));
    return undefined;
  }

  async #signedIn({ path, method, headers, body, query }: Call & { path: string }): Promise<Scripted> {
    const token = headers.authorization?.replace(/^Bearer /, '') ?? '';
    const person = this.#families.find(({ access }) => access && access === token)?.person ?? (await this.#trusted(token));
    if (!person) return { status: 401, body: { data: null, message: 'The access token has expired' } };
    const found = ITEMS.find(({ id }) => path === `/items/${id}`);
    if (path === '/me') return data({ name: PEOPLE[person], email: `${person}@storeroom.example` });
    if (path === '/items') return method === 'POST' ? create(JSON.parse(body)) : data(ITEMS);
    if (path === '/search') return data(ITEMS.filter(({ name }) => name === new URLSearchParams(query).get('q')));
    if (path === '/count') return data(ITEMS.length);
    return found ? data(found) : { status: 404, body: { data: null, message: 'There is no such item' } };
  }

  /** Everybody has their name for a password. */
  #signIn({ username = '', password = '' }): Scripted {
    if (!(username in PEOPLE) || username !== password) {
      return { status: 401, body: { data: null, message: 'Who are you?' } };
    }
    const family = { person: username, access: '', refresh: '', spent: [] };
    this.#families.push(family);
    return this.#issue(family);
  }

  /** A refresh token can be used once. Whoever uses one again has stolen it: that ends the family. */
  #refresh({ refreshToken = '' }): Scripted {
    const family = this.#families.find(({ refresh, spent }) => [refresh, ...spent].includes(refreshToken));
    if (family && (family.refresh === refreshToken || this.#forgiven.has(family.person))) return this.#issue(family);
    this.#families = this.#families.filter((other) => other !== family);
    return { status: 401, body: { error: 'invalid_grant' } };
  }

  #revoke({ refreshToken = '' }): Scripted {
    this.#families = this.#families.filter(({ refresh }) => refresh !== refreshToken);
    return data(null);
  }

  #issue(family: Family): Scripted {
    this.#issued += 1;
    family.spent.push(family.refresh);
    family.access = `access-token-${this.#issued}`;
    family.refresh = `refresh-token-${this.#issued}`;
    return data({ accessToken: family.access, refreshToken: family.refresh, expiresIn: 300 });
  }
}

function create({ name = '', quantity = 0 }): Scripted {
  const errors: Record<string, string> = {};
  if (!name) errors['name'] = 'must not be empty';
  if (quantity < 1) errors['quantity'] = 'must be 1 or more';
  if (Object.keys(errors).length > 0) {
    return { status: 422, body: { data: { errors }, message: 'Some fields need another look' } };
  }
  return { status: 201, body: { data: { id: 3, name, quantity }, message: 'It stands on its shelf' } };
}

function data(data: unknown): Scripted {
  return { body: { data, message: 'OK' } };
}

async function text(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  return text;
}

function say(response: ServerResponse, { status = 200, type = 'application/json', body = '' }: Scripted): void {
  response.writeHead(status, { 'content-type': type });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
