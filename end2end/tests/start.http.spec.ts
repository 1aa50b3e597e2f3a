/** Starting, with settings and documents that are good or bad. */

import { writeFile } from 'node:fs/promises';
import { expect, scripted as test } from '../fixtures';
import { navigating } from '../support/http';
import { Server } from '../support/server';

for (const { key, settings } of [
  { key: 'upstream.base_url', settings: { API_BASE_URL: 'ftp://api.example' } },
  { key: 'session.idle_timeout', settings: { VESTIBULE_SESSION__IDLE_TIMEOUT: 'soon' } },
  { key: 'session.store', settings: { VESTIBULE_SESSION__STORE: 'tape' } },
  { key: 'logout.brake', settings: { VESTIBULE_LOGOUT__BRAKE: '0 in 10s' } },
  { key: 'server.public_url', settings: { VESTIBULE_SERVER__PUBLIC_URL: 'http://app.example' } },
  { key: 'nonsense', settings: { VESTIBULE_NONSENSE: '1' } },
] as { key: string; settings: Record<string, string> }[]) {
  test(`a bad ${key} stops the start with a sentence that names it`, async () => {
    const { code, says } = await Server.refuses({ VESTIBULE_SESSION__STORE: 'memory', ...settings });
    expect(code).toBe(2);
    expect(says).toContain(key);
  });
}

test('without an OpenAPI document the server starts, says so, and reads it as soon as it is there', async ({
  start,
  upstream,
}) => {
  upstream.answer('/openapi.json', { status: 500 });
  const server = await start({});
  const cookie = await server.signIn();
  const ready = await server.get('/readyz');
  expect(ready.status).toBe(200);
  expect(JSON.parse(ready.body)).toMatchObject({ store: 'ok', document: expect.stringContaining('500') });
  const index = await server.get('/operations', { ...navigating, cookie });
  expect(index.status).toBe(503);
  expect(index.body).toContain('There is nothing to list yet');
  const operation = await server.get('/operations/listItems', { ...navigating, cookie });
  expect(operation.status).toBe(503);
  expect(operation.headers['retry-after']).toBe('5');
  upstream.recover('/openapi.json');
  await expect.poll(async () => (await server.get('/readyz')).body, { timeout: 20_000 }).toContain('"document":"ok"');
  expect((await server.get('/operations/listItems', { ...navigating, cookie })).status).toBe(200);
});

for (const { what, answer } of [
  { what: 'HTML', answer: { type: 'text/html', body: '<h1>Sign in</h1>' } },
  { what: 'JSON of something else', answer: { body: { hello: 'world' } } },
  { what: 'a list', answer: { body: [] } },
  { what: 'nothing', answer: { body: '' } },
]) {
  test(`a document that is ${what} is told, and people can sign in`, async ({ start, upstream }) => {
    upstream.answer('/openapi.json', answer);
    const server = await start({});
    const cookie = await server.signIn();
    expect(JSON.parse((await server.get('/readyz')).body).document).not.toBe('ok');
    expect((await server.get('/', { ...navigating, cookie })).body).toContain('Ada Lovelace');
  });
}

test('a document can be a file, of JSON or YAML', async ({ start }, testInfo) => {
  const file = testInfo.outputPath('api.yaml');
  const yaml =
    'openapi: 3.0.3\ninfo: {title: From a file, version: "1"}\npaths:\n  /count: {get: {operationId: count}}\n';
  await writeFile(file, yaml);
  const server = await start({ VESTIBULE_UPSTREAM__OPENAPI: file });
  const cookie = await server.signIn();
  const page = await server.get('/operations/count', { ...navigating, cookie });
  expect(page.status).toBe(200);
  expect(page.body).toContain('From a file');
});
