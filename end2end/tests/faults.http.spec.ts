/** What breaks, breaks: nodes and Redis, under load. Whatever people have been told stays true. */

import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '../fixtures';
import { navigating, posting, send } from '../support/http';
import { cluster as test, page, Told } from '../support/nodes';
import { Redis } from '../support/redis';
import type { Server } from '../support/server';

test.setTimeout(120_000);

test('kill -9 of a node: the others go on, with its sessions', async ({ nodes }) => {
  const [victim, ...rest] = (await nodes(3)) as [Server, ...Server[]];
  const told = new Told();
  const until = Date.now() + 4_000;
  const load = told.bustle([victim, ...rest], () => Date.now() > until);
  await pause(2_000);
  await victim.kill();
  await load;
  for (const node of rest) await told.expectKept(node);
});

test('Redis killed and started again: what was told is true', async ({ nodes, redis }) => {
  const two = (await nodes(2)) as [Server, Server];
  const told = new Told();
  const until = Date.now() + 6_000;
  const load = told.bustle(two, () => Date.now() > until);
  for (let round = 0; round < 2; round += 1) {
    await pause(1_500);
    await redis.kill();
    await redis.up();
  }
  await load;
  for (const node of two) await told.expectKept(node);
});

test('Redis away for 10 seconds: 503, nobody signed out, and by itself all is well again', async ({
  nodes,
  redis,
  upstream,
}) => {
  const [first, second] = (await nodes(2)) as [Server, Server];
  const told = new Told();
  const until = Date.now() + 1_500;
  await told.bustle([first, second], () => Date.now() > until);
  const cookie = await first.signIn('grace');
  upstream.expireAccessTokens();
  const refresh = upstream.hold('/auth/refresh');
  const underWay = page(first, cookie);
  await refresh.arrived();
  redis.freeze();
  refresh.release();
  const back = pause(10_000).then(() => redis.thaw());
  await expectUnavailable(first, cookie);
  await expectUnavailable(second, cookie);
  await back;
  expect((await underWay).status, 'the new token was kept until it could be saved').toBe(200);
  for (const node of [first, second]) {
    await expect.poll(async () => (await node.get('/readyz')).status).toBe(200);
    expect((await page(node, cookie)).status).toBe(200);
    await told.expectKept(node);
  }
  expect(upstream.calls('/auth/refresh')).toHaveLength(1);
});

async function expectUnavailable(node: Server, cookie: string): Promise<void> {
  const began = Date.now();
  const answers = await Promise.all([
    node.get('/account', { ...navigating, cookie }),
    node.get('/api/session', { cookie }),
    send(node.url, '/login', posting({ username: 'ada', password: 'ada' })),
    send(node.url, '/api/logout', posting({}, { cookie })),
    node.get('/readyz'),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
  for (const { headers, cookies } of answers.slice(0, 4)) {
    expect(headers['retry-after']).toMatch(/^\d+$/);
    expect(cookies).toEqual([]);
  }
  expect((await node.get('/healthz')).status).toBe(200);
  expect(Date.now() - began).toBeLessThan(5_000);
}

test('a failover: a replica takes the place of Redis, and what was told is true', async ({ nodes, redis }) => {
  await redis.ask('CONFIG SET repl-diskless-sync-delay 0');
  const replicas = [await replicaOf(redis), await replicaOf(redis)];
  for (const replica of replicas) await replica.until('INFO replication', 'master_link_status:up');
  const sentinel = await Redis.sentinelOf(redis);
  await sentinel.until('SENTINEL replicas sessions', `${replicas[1]?.port}`);
  await sentinel.until('SENTINEL replicas sessions', `${replicas[0]?.port}`);
  const store = { VESTIBULE_SESSION__STORE: `redis+sentinel://127.0.0.1:${sentinel.port}/sessions` };
  const two = (await nodes(2, { ...store, VESTIBULE_SESSION__REPLICAS: '1' })) as [Server, Server];
  const told = new Told();
  const until = Date.now() + 12_000;
  const load = told.bustle(two, () => Date.now() > until);
  await pause(2_000);
  await redis.kill();
  await load;
  for (const node of two) {
    await expect.poll(async () => (await node.get('/readyz')).status, { timeout: 20_000 }).toBe(200);
    await told.expectKept(node);
  }
  expect(await told.signIn(two[0]), 'signing in works again').toBeTruthy();
  await Promise.all([sentinel, ...replicas].map((server) => server.stop()));
});

test('a cluster: the node that has the sessions is killed, a replica takes its place, and what was told is true', async ({
  nodes,
}) => {
  const five = await Redis.cluster(2);
  const store = { VESTIBULE_SESSION__STORE: `redis+cluster://${five.slice(0, 3).map(({ host }) => host).join(',')}` };
  const two = (await nodes(2, { ...store, VESTIBULE_SESSION__REPLICAS: '1' })) as [Server, Server];
  const told = new Told();
  const until = Date.now() + 8_000;
  const load = told.bustle(two, () => Date.now() > until);
  await pause(2_000);
  expect(Number(await five[0]?.ask('DBSIZE')), 'this is the one').toBeGreaterThan(0);
  await five[0]?.kill();
  await load;
  for (const node of two) {
    await expect.poll(async () => (await node.get('/readyz')).status, { timeout: 20_000 }).toBe(200);
    await told.expectKept(node);
  }
  expect(await told.signIn(two[0]), 'signing in works again').toBeTruthy();
  await Promise.all(five.map((server) => server.stop()));
});

function replicaOf(master: Redis): Promise<Redis> {
  return Redis.start('--replicaof', '127.0.0.1', `${master.port}`);
}
