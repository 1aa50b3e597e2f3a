/** Several servers on one store, as they stand behind a load balancer, and what they have told people. */

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { scripted } from '../fixtures';
import { navigating, posting, send } from './http';
import { Redis } from './redis';
import type { Server, Settings } from './server';

/** The same for all nodes, as it has to be. */
export const SECRET = { VESTIBULE_SESSION__SECRET: Buffer.alloc(32, 7).toString('base64') };

interface Stores {
  redis: Redis;
  /** A file that any number of processes may share. */
  file: string;
  /** Starts nodes on the store that `settings` name, or on `redis`. */
  nodes: (count: number, settings?: Settings) => Promise<Server[]>;
}

/** Tests of several nodes. Faults take their time. */
export const cluster = scripted.extend<Stores>({
  redis: async ({}, use) => {
    const redis = await Redis.start();
    await use(redis);
    redis.thaw();
    await redis.stop();
  },

  file: async ({}, use) => {
    const directory = await mkdtemp(join(tmpdir(), 'vestibule-'));
    await use(join(directory, 'sessions.db'));
    await rm(directory, { recursive: true });
  },

  nodes: async ({ redis, start }, use) =>
    use((count, settings) => {
      const store = { ...SECRET, VESTIBULE_SESSION__STORE: redis.url, ...settings };
      return Promise.all(Array.from({ length: count }, () => start(store)));
    }),
});

/** What people have been told. It has to be true on every node, whatever happens. */
export class Told {
  readonly #signedIn = new Set<string>();
  readonly #signedOut = new Set<string>();

  /** Signs somebody in at a node. A node that fails has told nothing. */
  async signIn(node: Server, person = 'ada'): Promise<string | undefined> {
    const cookie = await node.signIn(person).catch(() => undefined);
    if (cookie) this.#signedIn.add(cookie);
    return cookie;
  }

  /** Signs out of a session at a node. If that fails, nothing is known about the session. */
  async signOut(node: Server, cookie: string): Promise<void> {
    this.#signedIn.delete(cookie);
    const answer = await send(node.url, '/api/logout', posting({}, { cookie })).catch(() => undefined);
    if (answer?.headers.location === '/login?reason=signed-out') this.#signedOut.add(cookie);
  }

  /** Signs in and out, over and over, at all of `nodes`, until `isOver`. */
  async bustle(nodes: Server[], isOver: () => boolean): Promise<void> {
    await Promise.all(
      nodes.map(async (node, index) => {
        const next = nodes[(index + 1) % nodes.length] ?? node;
        while (!isOver()) {
          const cookie = await this.signIn(node);
          await this.signIn(next);
          if (cookie) await this.signOut(next, cookie);
        }
      }),
    );
  }

  /** Whether all of it is true at a node. */
  async expectKept(node: Server): Promise<void> {
    expect(this.#signedIn.size).toBeGreaterThan(5);
    expect(this.#signedOut.size).toBeGreaterThan(2);
    for (const cookie of this.#signedIn) expect(await node.isLive(cookie), 'told "signed in"').toBe(true);
    for (const cookie of this.#signedOut) expect(await node.isLive(cookie), 'told "signed out"').toBe(false);
  }
}

/** Environment in which a process believes that it is another time. */
export function clock(shift: string): Settings {
  const preload = execFileSync('faketime', ['-f', shift, 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' }).trim();
  return { LD_PRELOAD: preload, FAKETIME: shift, DONT_FAKE_MONOTONIC: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}

/** Opens a page that needs the API. */
export function page(node: Server, cookie: string) {
  return node.get('/operations/listItems', { ...navigating, cookie });
}
