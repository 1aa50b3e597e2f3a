/**
 * What the tests share: servers, an API to put them in front of, and a browser whose every complaint fails the test.
 *
 * `demo` drives Vestibule in front of its own demo API, `scripted` in front of an API that does what the test says.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base, type BrowserContext, type ConsoleMessage, type Page } from '@playwright/test';
import { Elsewhere } from './support/elsewhere';
import { Provider } from './support/provider';
import { Server, type Settings } from './support/server';
import { Upstream } from './support/upstream';

export { expect };

interface Journey {
  /** Gives this browser a session, without the form. Returns its cookie. */
  signIn: (person?: string, at?: Server) => Promise<string>;
  /** Goes to an address and waits until the page is alive, as far as it ever will be. */
  open: (path: string, page?: Page) => Promise<number>;
  /** Signs in and goes to an address: how most journeys begin. Returns the session's cookie. */
  enter: (path: string, person?: string, at?: Server) => Promise<string>;
  elsewhere: Elsewhere;
}

interface Running {
  /** The server under test. */
  server: Server;
}

const journey = base.extend<Journey, Running>({
  server: [async ({}, use) => use(undefined as never), { scope: 'worker' }],

  baseURL: async ({ server }, use) => use(server.url),

  context: async ({ context }, use) => {
    const complaints = watch(context);
    await context.addInitScript(announceLife);
    await use(context);
    expect(complaints, 'The browser complained.').toEqual([]);
  },

  signIn: async ({ context, server }, use) =>
    use(async (person = 'ada', at = server) => {
      const cookie = await at.signIn(person);
      const [name = '', value = ''] = cookie.split('=');
      await context.addCookies([{ name, value, url: at.url, httpOnly: true, sameSite: 'Lax' }]);
      return cookie;
    }),

  open: async ({ page: first, javaScriptEnabled }, use) =>
    use(async (path, page = first) => {
      const response = await page.goto(path);
      if (javaScriptEnabled !== false) await alive(page);
      return response?.status() ?? 0;
    }),

  enter: async ({ open, signIn }, use) =>
    use(async (path, person, at) => {
      const cookie = await signIn(person, at);
      await open(path);
      return cookie;
    }),

  elsewhere: async ({}, use) => {
    const elsewhere = await Elsewhere.start();
    await use(elsewhere);
    await elsewhere.stop();
  },
});

/** In front of the demo API, with sessions in a file. */
export const demo = journey.extend<object, Running>({
  server: [
    async ({}, use) => {
      const directory = await mkdtemp(join(tmpdir(), 'vestibule-'));
      const server = await Server.start({ VESTIBULE_SESSION__STORE: `sqlite:${join(directory, 'sessions.db')}` });
      await use(server);
      await server.stop();
      await rm(directory, { recursive: true });
    },
    { scope: 'worker' },
  ],
});

interface Scripts {
  /** The API behind the server; as new in every test. */
  upstream: Upstream;
  /** Starts a server of this test's own in front of it. */
  start: (settings: Settings, within?: string[]) => Promise<Server>;
}

/** In front of a scripted API, with sessions in memory and `GET /items` at a glance on the home page. */
export const scripted = journey.extend<Scripts, Running & { storeroom: Upstream }>({
  storeroom: [
    async ({}, use) => {
      const upstream = await Upstream.start();
      await use(upstream);
      await upstream.down();
    },
    { scope: 'worker' },
  ],

  server: [
    async ({ storeroom }, use) => {
      const server = await Server.start(inFrontOf(storeroom));
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],

  upstream: async ({ storeroom }, use) => {
    await storeroom.reset();
    await use(storeroom);
    await storeroom.reset();
  },

  start: async ({ upstream }, use) => {
    const started: Server[] = [];
    await use(async (settings, within) => {
      const server = await Server.start({ ...inFrontOf(upstream), ...settings }, within);
      started.push(server);
      return server;
    });
    await Promise.all(started.map((server) => server.stop()));
  },

  // Pages go before their servers do: what they still ask for would be a complaint.
  context: async ({ start: _, context }, use) => use(context),
});

interface Identity {
  /** The provider called `corp`; as new in every test. */
  provider: Provider;
}

/** In front of a scripted API that takes the access tokens of an OpenID provider as well. */
export const oidc = scripted.extend<Identity, Running & { storeroom: Upstream; authority: Provider }>({
  authority: [
    async ({}, use) => {
      const provider = await Provider.start();
      await use(provider);
      await provider.down();
    },
    { scope: 'worker' },
  ],

  server: [
    async ({ storeroom, authority }, use) => {
      const server = await Server.start({ ...inFrontOf(storeroom), ...authority.settings });
      authority.serve(server.url);
      storeroom.trust((token) => authority.person(token));
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],

  provider: async ({ authority }, use) => {
    await authority.reset();
    await use(authority);
    await authority.reset();
  },
});

function inFrontOf(upstream: Upstream): Settings {
  return {
    API_BASE_URL: upstream.url,
    VESTIBULE_LOGOUT__BRAKE: '1000 in 10s',
    VESTIBULE_HOME__GLANCE: 'listItems',
    VESTIBULE_SESSION__STORE: 'memory',
    VESTIBULE_UPSTREAM__TIMEOUT: '20s',
  };
}

/** Until the WebAssembly of the page has taken it over; pages without scripts are what they are. */
export async function alive(page: Page): Promise<void> {
  await page.waitForFunction(() => document.scripts.length === 0 || 'isAlive' in window);
}

/** Runs in the page, before its own scripts. */
function announceLife(): void {
  // A frame is none of our pages: that of a PDF does not even know WebAssembly.
  if (window !== window.top) return;
  const instantiate = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (...args: Parameters<typeof instantiate>) => {
    const started = await instantiate(...args);
    // What takes the page over runs in microtasks, all of them before this.
    setTimeout(() => Object.assign(window, { isAlive: true }));
    return started;
  };
}

/**
 * Collects errors and warnings of every page of ours: of scripts, of the Content-Security-Policy, of files that are
 * missing. What another site loads from us and may not have, it is told by the browser too.
 */
function watch(context: BrowserContext): string[] {
  const complaints: string[] = [];
  context.on('weberror', (event) => complaints.push(String(event.error())));
  context.on('console', (message) => {
    const isOurs = new URL(message.page()?.url() ?? 'about:blank').hostname !== 'localhost';
    const isComplaint = ['error', 'warning'].includes(message.type());
    if (isOurs && isComplaint && !isExpected(message)) complaints.push(message.text());
  });
  return complaints;
}

/**
 * The browser notes every status from 400 on, and calls without a network. Tests look at those of pages and calls
 * themselves, and take the network away themselves.
 */
function isExpected(message: ConsoleMessage): boolean {
  const { pathname } = new URL(message.location().url || 'about:blank');
  const isFile = pathname.startsWith('/pkg/') || /\.\w+$/.test(pathname);
  const isStatus = message.text().startsWith('Failed to load resource: the server responded with');
  return (isStatus && !isFile) || message.text().includes('net::ERR_INTERNET_DISCONNECTED');
}
