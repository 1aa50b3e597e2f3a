/** The proxy for code in the browser. */

import { expect, scripted as test } from '../fixtures';
import { calling, send } from '../support/http';

const script = { ...calling, 'x-csrf': '1' };

test('passes method, query, body and answer on, with the token of the session', async ({ server, upstream }) => {
  const cookie = await server.signIn();
  const found = await server.get('/api/upstream/search?q=Lamp', { ...script, cookie });
  expect(found.status).toBe(200);
  expect(JSON.parse(found.body)).toMatchObject({ data: [{ name: 'Lamp' }] });
  const headers = { ...script, cookie, 'content-type': 'application/json' };
  const body = '{"name":"Vase","quantity":2}';
  const created = await send(server.url, '/api/upstream/items', { method: 'POST', headers, body });
  expect(created.status).toBe(201);
  const [call] = upstream.calls('/items');
  expect(call).toMatchObject({ method: 'POST', body });
  expect(call?.headers.authorization).toBe(`Bearer ${upstream.access}`);
});

test('asks for a header that no form can send', async ({ server, upstream }) => {
  const cookie = await server.signIn();
  for (const headers of [{}, { 'x-csrf': '' }, { 'x-csrf': '0' }] as Record<string, string>[]) {
    const answer = await server.get('/api/upstream/items', { ...calling, ...headers, cookie });
    expect(answer.status).toBe(403);
  }
  expect(upstream.calls('/items')).toHaveLength(0);
});

test('answers a dead token with 401 as JSON, and clears the cookie', async ({ server, upstream }) => {
  const cookie = await server.signIn();
  upstream.expireTokens();
  const answer = await server.get('/api/upstream/items', { ...script, cookie });
  expect(answer).toMatchObject({
    status: 401,
    headers: { 'www-authenticate': 'Session', 'content-type': 'application/json' },
  });
  expect(JSON.parse(answer.body)).toBe('Unauthorized');
  expect(answer.cookies[0]).toMatch(/^vestibule=; .*Max-Age=0/);
});

test('keeps to itself what is between it and the API', async ({ server, upstream }) => {
  const cookie = await server.signIn();
  const forged = {
    authorization: 'Bearer forged',
    'x-forwarded-user': 'root',
    x_forwarded_user: 'root',
    'x-forwarded-for': '1.2.3.4',
    connection: 'close, authorization, cookie',
    location: 'http://169.254.169.254/',
  };
  await server.get('/api/upstream/items', { ...script, ...forged, cookie });
  const seen = upstream.calls('/items')[0]?.headers ?? {};
  expect(seen.authorization).toMatch(/^Bearer access-token-/);
  expect(seen.cookie).toBeUndefined();
  for (const name of ['x-csrf', 'x-forwarded-user', 'x_forwarded_user', 'x-forwarded-for', 'location']) {
    expect(seen[name], name).toBeUndefined();
  }
});

test('never leaves the API', async ({ server, upstream }) => {
  const cookie = await server.signIn();
  for (const path of [
    '/api/upstream//evil.example/',
    '/api/upstream/@evil.example',
    '/api/upstream/..%2f..%2fadmin',
    '/api/upstream/%2e%2e/x',
    '/api/upstream/../x',
    '/api/upstream/%5Cevil.example',
    '/api/upstream/http://evil.example/',
    '/api/upstream/a%00b',
  ]) {
    const { status } = await server.get(path, { ...script, cookie });
    expect([400, 404], `${path}: ${status}`).toContain(status);
  }
  expect(upstream.calls('/admin')).toHaveLength(0);
  expect(upstream.calls('/x')).toHaveLength(0);
});

for (const { what, answer, status } of [
  { what: 'refuses', answer: { status: 403, body: { message: 'No' } }, status: 403 },
  { what: 'fails', answer: { status: 500, body: { message: 'Oh' } }, status: 500 },
]) {
  test(`an API that ${what} is passed on, and the session lives`, async ({ server, upstream }) => {
    const cookie = await server.signIn();
    upstream.answer('/items', answer);
    expect((await server.get('/api/upstream/items', { ...script, cookie })).status).toBe(status);
    expect(await server.isLive(cookie)).toBe(true);
  });
}

test('an API that is down is 502 as JSON, and the session lives', async ({ server, upstream }) => {
  const cookie = await server.signIn();
  await upstream.down();
  const answer = await server.get('/api/upstream/items', { ...script, cookie });
  expect(answer.status).toBe(502);
  expect(JSON.parse(answer.body)).toMatchObject({ error: 'unreachable' });
  expect(await server.isLive(cookie)).toBe(true);
});
