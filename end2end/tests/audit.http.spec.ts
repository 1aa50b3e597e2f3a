/** The audit trail tells who came and went, and nobody's secrets. */

import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, scripted as test } from '../fixtures';
import { calling, posting, send } from '../support/http';
import { Server } from '../support/server';

interface Line {
  timestamp: string;
  message: string;
  [field: string]: unknown;
}

test('tells every coming and going in a line of JSON, and no secret', async ({ start, upstream }) => {
  const directory = await mkdtemp(join(tmpdir(), 'vestibule-'));
  const file = join(directory, 'audit.jsonl');
  const server = await start({ VESTIBULE_LOG__AUDIT: file, VESTIBULE_LOG__FILTER: 'trace' });
  const secrets = ['a-wrong-password'];
  const note = (...more: string[]) => secrets.push(...more.filter((secret) => secret));

  const wrong = posting({ username: 'grace', password: 'a-wrong-password' });
  expect((await send(server.url, '/login', wrong)).status).toBe(401);
  const first = await server.signIn();
  note(...upstream.tokens);
  upstream.expireAccessTokens();
  expect((await server.get('/api/upstream/items', { ...calling, 'x-csrf': '1', cookie: first })).status).toBe(200);
  note(...upstream.tokens);
  const other = await server.signIn();
  note(...upstream.tokens);
  await send(server.url, '/account', posting({ end: 'others' }, { cookie: first }));
  expect(await server.isLive(other)).toBe(false);
  await send(server.url, '/api/logout', posting({}, { cookie: first }));
  const second = await server.signIn('grace');
  note(...upstream.tokens);
  upstream.expireTokens();
  expect((await server.get('/api/upstream/items', { ...calling, 'x-csrf': '1', cookie: second })).status).toBe(401);
  for (const cookie of [first, other, second]) note(cookie, ...(cookie.split('=')[1] ?? '').split('.'));

  const text = await readFile(file, 'utf8');
  const lines = text.trimEnd().split('\n').map((line) => JSON.parse(line) as Line);
  const tells = (message: string, fields: object) =>
    expect(lines).toContainEqual(expect.objectContaining({ message, ...fields }));
  tells('sign-in refused', { why: expect.any(String), from: '127.0.0.1', user: expect.any(String) });
  tells('signed in', { session: expect.any(String), user: expect.any(String), from: '127.0.0.1' });
  tells('token refresh', { outcome: 'redeemed', session: expect.any(String) });
  tells('token refresh', { outcome: 'refused' });
  const [own] = lines.filter(({ message }) => message === 'signed in');
  tells('session ended', { reason: 'revoked', by: 'other-session', by_session: own?.['session'] });
  const span = expect.objectContaining({ id: expect.any(String) });
  tells('session ended', { reason: 'signed-out', by: 'person', session: own?.['session'], span });
  tells('session ended', { reason: 'expired', by: 'upstream' });
  expect(lines.filter(({ message }) => message === 'session ended')).toHaveLength(3);
  expect(secrets.length).toBeGreaterThan(8);
  for (const secret of secrets) expect(text, secret).not.toContain(secret);
  expect(text).not.toContain('"ada"');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await rm(directory, { recursive: true });
});

test('a place where it cannot be written stops the start', async () => {
  const { code, says } = await Server.refuses({ VESTIBULE_LOG__AUDIT: '/nowhere/audit.jsonl' });
  expect(code).toBe(2);
  expect(says).toContain('log.audit');
});
