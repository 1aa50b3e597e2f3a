/** Several nodes on one store: refreshing once for all of them, and sessions that are the same everywhere. */

import { mkdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '../fixtures';
import { certificates } from '../support/certificates';
import { clock, cluster as test, page, Told } from '../support/nodes';
import { Redis } from '../support/redis';
import { freePort } from '../support/server';

test.setTimeout(120_000);

for (const kind of ['Redis', 'a file']) {
  test(`on ${kind}, 100 calls at expiry on three nodes are one refresh, however slow, and nobody is signed out`, async ({
    file,
    nodes,
    upstream,
  }) => {
    const three = await nodes(3, kind === 'Redis' ? {} : { VESTIBULE_SESSION__STORE: `sqlite:${file}` });
    const [first, second, third] = three as [(typeof three)[0], (typeof three)[0], (typeof three)[0]];
    const cookie = await first.signIn();
    upstream.expireAccessTokens();
    const refresh = upstream.hold('/auth/refresh');
    const calls = Array.from({ length: 100 }, (_, index) => page(three[index % 3] ?? first, cookie));
    await refresh.arrived();
    await pause(4_000);
    refresh.release();
    expect(new Set((await Promise.all(calls)).map(({ status }) => status))).toEqual(new Set([200]));
    expect(upstream.calls('/auth/refresh')).toHaveLength(1);
    for (const node of [first, second, third]) expect(await node.isLive(cookie)).toBe(true);
  });

  test(`on ${kind}, whoever signs out on one node is out on all`, async ({ file, nodes }) => {
    const three = await nodes(3, kind === 'Redis' ? {} : { VESTIBULE_SESSION__STORE: `sqlite:${file}` });
    const told = new Told();
    let rounds = 0;
    await told.bustle(three, () => (rounds += 1) > 12);
    for (const node of three) await told.expectKept(node);
  });
}

test('a node that dies while it redeems is waited for; then the issuer decides', async ({ nodes, upstream }) => {
  const [dying, other] = await nodes(2);
  if (!dying || !other) throw new Error('two nodes');
  const [ada, grace] = [await dying.signIn('ada'), await dying.signIn('grace')];
  upstream.forgive('grace');
  upstream.expireAccessTokens();
  const refresh = upstream.hold('/auth/refresh');
  const lost = [page(dying, ada), page(dying, grace)].map((call) => call.catch(() => undefined));
  await refresh.arrived(2);
  await dying.kill();
  refresh.release();
  await Promise.all(lost);
  await expect.poll(() => upstream.calls('/auth/refresh').length).toBe(2);
  const [refused, forgiven] = await Promise.all([page(other, ada), page(other, grace)]);
  expect(refused.headers.location, 'a strict issuer').toContain('/api/logout?reason=expired');
  expect(forgiven.status, 'one that allows a retry').toBe(200);
  expect(await other.isLive(ada)).toBe(false);
  expect(upstream.calls('/auth/refresh')).toHaveLength(4);
});

test('a node that stands still while it redeems does not undo what happened meanwhile', async ({ nodes, upstream }) => {
  const [slow, other] = await nodes(2);
  if (!slow || !other) throw new Error('two nodes');
  const cookie = await slow.signIn('grace');
  upstream.forgive('grace');
  upstream.expireAccessTokens();
  const refresh = upstream.hold('/auth/refresh');
  const late = page(slow, cookie);
  await refresh.arrived();
  slow.freeze();
  refresh.release();
  expect((await page(other, cookie)).status, 'the lease runs out').toBe(200);
  slow.thaw();
  expect((await late).status, 'the late one finds the token of the other').toBe(200);
  expect((await page(other, cookie)).status).toBe(200);
  expect(upstream.calls('/auth/refresh')).toHaveLength(2);
});

test('a node that is told to stop finishes what it is doing', async ({ nodes, upstream }) => {
  const [stopping, other] = await nodes(2);
  if (!stopping || !other) throw new Error('two nodes');
  const cookie = await stopping.signIn();
  upstream.expireAccessTokens();
  const refresh = upstream.hold('/auth/refresh');
  const open = page(stopping, cookie);
  await refresh.arrived();
  const stopped = stopping.stop();
  await pause(500);
  refresh.release();
  expect((await open).status).toBe(200);
  await stopped;
  expect((await page(other, cookie)).status).toBe(200);
  expect(upstream.calls('/auth/refresh')).toHaveLength(1);
});

test('clocks that are five minutes apart sign nobody out', async ({ nodes, upstream }) => {
  const [right] = await nodes(1);
  const [ahead] = await nodes(1, clock('+5m'));
  const [behind] = await nodes(1, clock('-5m'));
  if (!right || !ahead || !behind) throw new Error('three nodes');
  const three = [ahead, right, behind];
  const told = new Told();
  let rounds = 0;
  await told.bustle(three, () => (rounds += 1) > 9);
  for (const node of three) await told.expectKept(node);
  const cookie = await behind.signIn();
  upstream.expireAccessTokens();
  const refresh = upstream.hold('/auth/refresh');
  const calls = Array.from({ length: 30 }, (_, index) => page(three[index % 3] ?? right, cookie));
  await refresh.arrived();
  await pause(1_000);
  refresh.release();
  for (const { status } of await Promise.all(calls)) expect(status).toBe(200);
  expect(upstream.calls('/auth/refresh')).toHaveLength(1);
});

test('Redis is reached by TLS, and only if its certificate is good', async ({ nodes }, testInfo) => {
  await mkdir(testInfo.outputDir, { recursive: true });
  const { authority, certificate, key } = await certificates(testInfo.outputDir);
  const port = await freePort();
  const files = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', authority];
  const redis = await Redis.start('--tls-port', `${port}`, '--tls-auth-clients', 'no', ...files);
  const store = { VESTIBULE_SESSION__STORE: `rediss://127.0.0.1:${port}` };
  const [trusting] = await nodes(1, { ...store, SSL_CERT_FILE: authority });
  const cookie = (await trusting?.signIn()) ?? '';
  expect(await trusting?.isLive(cookie)).toBe(true);
  const [strict] = await nodes(1, store);
  expect((await strict?.get('/readyz'))?.status, 'nobody knows the authority').toBe(503);
  await redis.stop();
});
