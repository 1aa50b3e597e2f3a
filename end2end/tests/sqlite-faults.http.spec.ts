/** What can happen to the file of the sessions. Whatever people have been told stays true, and it recovers by itself. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '../fixtures';
import { navigating, posting, send } from '../support/http';
import { cluster as test, page, SECRET, Told } from '../support/nodes';
import type { Server } from '../support/server';

/** Bytes that a file may have: not a whole number of pages, so that a commit may break off in its midst. */
const FULL = 30_000;

test.setTimeout(60_000);

/** Another program that has the file to itself until it is told to let go. */
async function lock(file: string): Promise<() => Promise<void>> {
  const script = `
import sqlite3, sys
sqlite3.connect(sys.argv[1], isolation_level=None).execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()`;
  const other = spawn('python3', ['-c', script, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(other.stdout, 'data');
  return async () => {
    const gone = once(other, 'exit');
    other.stdin.end();
    await gone;
  };
}

/** One of two sessions of a person. */
async function signInTwice(told: Told, node: Server): Promise<string> {
  await told.signIn(node, 'grace');
  return (await told.signIn(node, 'grace')) ?? '';
}

/** Nobody is signed in or out; who is signed in may go on. */
async function expectNoWrites(node: Server, cookie: string): Promise<void> {
  const answers = await Promise.all([
    send(node.url, '/login', posting({ username: 'ada', password: 'ada' })),
    send(node.url, '/api/logout', posting({}, { cookie })),
    send(node.url, '/account', posting({ end: 'others' }, { cookie })),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
  for (const { headers, cookies } of answers) {
    expect(headers['retry-after']).toMatch(/^\d+$/);
    expect(cookies).toEqual([]);
  }
  expect(await node.isLive(cookie)).toBe(true);
  expect((await page(node, cookie)).status).toBe(200);
  expect((await node.get('/account', { ...navigating, cookie })).status).toBe(200);
}

async function expectRecovered(nodes: Server[], told: Told): Promise<void> {
  for (const node of nodes) {
    await expect.poll(async () => (await node.get('/readyz')).status).toBe(200);
    await told.expectKept(node);
    expect(await told.signIn(node)).toBeTruthy();
  }
}

test('the file locked by another program: 503, nobody signed out, and by itself all is well again', async ({
  file,
  nodes,
}) => {
  const two = (await nodes(2, { VESTIBULE_SESSION__STORE: `sqlite:${file}` })) as [Server, Server];
  const told = new Told();
  const cookie = await signInTwice(told, two[0]);
  let isOver = false;
  const load = told.bustle(two, () => isOver);
  await pause(500);
  const release = await lock(file);
  const readiness = two[1].get('/readyz');
  await expectNoWrites(two[0], cookie);
  expect((await readiness).status).toBe(503);
  await release();
  await pause(500);
  isOver = true;
  await load;
  await expectRecovered(two, told);
});

test('the disk full: the same, and also for the process that comes after it', async ({ file, start }) => {
  test.skip(process.platform !== 'linux', 'Elsewhere a running process cannot be kept from making its files longer.');
  const settings = { ...SECRET, VESTIBULE_SESSION__STORE: `sqlite:${file}` };
  // Files that cannot grow are a disk that is full, but for a signal, which is ignored.
  const node = await start(settings, ['bash', '-c', 'trap "" XFSZ; exec "$0"']);
  const told = new Told();
  const cookie = await signInTwice(told, node);
  let isOver = false;
  const load = told.bustle([node], () => isOver);
  await pause(1_000);
  await node.limitFiles(FULL);
  await expect.poll(() => told.signIn(node)).toBeUndefined();
  await expect.poll(async () => (await node.get('/readyz')).status).toBe(503);
  await expectNoWrites(node, cookie);
  await node.limitFiles('unlimited');
  await pause(500);
  isOver = true;
  await load;
  await expectRecovered([node], told);
  await node.limitFiles(FULL);
  while (await told.signIn(node));
  await node.kill();
  await expectRecovered([await start(settings)], told);
});
