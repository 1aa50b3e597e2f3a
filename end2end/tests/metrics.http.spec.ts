/** What Prometheus is told, after journeys. */

import { once } from 'node:events';
import { request } from 'node:http';
import { expect, scripted as test } from '../fixtures';
import { calling, navigating, posting, send } from '../support/http';

test('counts sessions, refreshes, refused tokens and retries, by what became of them', async ({ start, upstream }) => {
  const server = await start({ VESTIBULE_UPSTREAM__NAME: 'storeroom' });
  const script = { ...calling, 'x-csrf': '1' };
  const ada = await server.signIn();
  await server.signIn('grace');
  expect(await server.metric('vestibule_sessions_live')).toBe(2);
  upstream.expireAccessTokens();
  expect((await server.get('/api/upstream/items', { ...script, cookie: ada })).status).toBe(200);
  expect(await server.metric('vestibule_refreshes_total', 'outcome="redeemed"')).toBe(1);
  expect(await server.metric('vestibule_upstream_refused_tokens_total')).toBe(1);
  expect(await server.metric('vestibule_upstream_retries_total')).toBe(1);
  await send(server.url, '/api/logout', posting({}, { cookie: ada }));
  const again = await server.signIn();
  upstream.expireTokens();
  expect((await server.get('/api/upstream/items', { ...script, cookie: again })).status).toBe(401);
  expect(await server.metric('vestibule_refreshes_total', 'outcome="refused"')).toBe(1);
  expect(await server.metric('vestibule_sessions_started_total', 'api="storeroom"')).toBe(3);
  expect(await server.metric('vestibule_sessions_ended_total', 'reason="signed-out"')).toBe(1);
  expect(await server.metric('vestibule_sessions_ended_total', 'api="storeroom",reason="expired"')).toBe(1);
  expect(await server.metric('vestibule_sessions_live')).toBe(1);
});

test('tells what one API refuses from what another does', async ({ start, upstream }) => {
  const server = await start({ VESTIBULE_UPSTREAM__NAME: 'storeroom', VESTIBULE_LOGOUT__BRAKE: '1 in 1 min' });
  await send(server.url, '/login', posting({ username: 'grace', password: 'wrong' }));
  expect(await server.metric('vestibule_sign_in_refused_total', 'api="storeroom",why="wrong"')).toBe(1);
  const cookies = [await server.signIn(), await server.signIn()];
  upstream.expireTokens();
  const call = (cookie: string) => server.get('/api/upstream/items', { ...calling, 'x-csrf': '1', cookie });
  expect((await call(cookies[0]!)).status).toBe(401);
  expect((await call(cookies[1]!)).status).toBe(503);
  expect(await server.metric('vestibule_logout_brake_engaged', 'api="storeroom"')).toBe(1);
  expect(await server.metric('vestibule_logout_brake_kept_total', 'api="storeroom"')).toBe(1);
});

test('measures the API by operation, and never by what somebody makes up', async ({ start }) => {
  const server = await start({});
  const cookie = await server.signIn();
  const count = (label: string) => server.metric('vestibule_upstream_seconds_count', label);
  for (let round = 0; round < 2; round += 1) await server.get('/operations/listItems', { ...navigating, cookie });
  expect(await count('operation="listItems",result="200"')).toBe(2);
  const labels = async () => (await server.get('/metrics')).body.split('\n').length;
  const script = { ...calling, 'x-csrf': '1', cookie };
  await server.get('/api/upstream/made-up', script);
  const before = await labels();
  for (let number = 0; number < 20; number += 1) await server.get(`/api/upstream/made-up/${number}`, script);
  expect(await count('operation="",result="404"')).toBe(21);
  expect(await labels()).toBe(before);
  expect((await server.get('/metrics')).body).toMatch(/vestibule_upstream_seconds_bucket\{.*le="0.25"\}/);
});

test('counts what is open', async ({ start, upstream }) => {
  const server = await start({});
  const headers = { ...calling, 'x-csrf': '1', cookie: await server.signIn() };
  upstream.serve('/events', (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: 1\n\n');
  });
  const asking = request(`${server.url}/api/upstream/events`, { headers }).end();
  await once(asking, 'response');
  expect(await server.metric('vestibule_proxy_open', 'kind="stream"')).toBe(1);
  asking.destroy();
  await expect.poll(() => server.metric('vestibule_proxy_open', 'kind="stream"')).toBe(0);
});
