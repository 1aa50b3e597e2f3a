/** The end of a session as it goes over the wire. */

import { expect, scripted as test } from '../fixtures';
import { Arriving, calling, navigating, posting, send } from '../support/http';
import { endings } from '../support/server';

test('a 401 while a page loads is answered with 303, no body and cleared cookies', async ({ server, upstream }) => {
  const cookie = await server.signIn();
  upstream.expireTokens();
  const answer = await server.get('/operations/listItems', { ...navigating, cookie });
  expect(answer).toMatchObject({ status: 303, body: '' });
  expect(answer.headers.location).toBe('/api/logout?reason=expired&next=/operations/listItems');
  expect(answer.headers['cache-control']).toContain('no-store');
  expect(answer.cookies[0]).toMatch(/^vestibule=; .*Max-Age=0/);
});

test('the session is over in the store, whether or not the browser follows', async ({ server, upstream }) => {
  const cookie = await server.signIn();
  const log = server.tail();
  upstream.expireTokens();
  await server.get('/operations/listItems', { ...navigating, cookie });
  const call = await server.get('/api/session', { cookie });
  expect(call).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Session' } });
  const page = await server.get('/account', { ...navigating, cookie });
  expect(page).toMatchObject({ status: 303, body: '', headers: { location: '/login?reason=expired&next=/account' } });
  await expect.poll(() => endings(log()).map((line) => line.fields['reason'])).toEqual(['expired']);
  await expect.poll(() => upstream.calls('/auth/logout').length).toBe(1);
});

test('the rest of a streamed page that meets a 401 is the marker and nothing else', async ({ server, upstream }) => {
  const cookie = await server.signIn();
  const log = server.tail();
  const items = upstream.hold('/items');
  const page = await Arriving.from(server.url, '/', { headers: { ...navigating, cookie } });
  await items.arrived();
  expect(page).toMatchObject({ status: 200, cookies: [] });
  const head = await page.until('Ada Lovelace');
  upstream.expireTokens();
  items.release();
  const rest = await page.rest();
  const address = '/api/logout?reason=expired&amp;next=/';
  expect(rest).toContain(`<meta http-equiv="refresh" content="0;url=${address}"`);
  expect(rest).toMatch(/<script nonce="[^"]+">location\.replace\("\/api\/logout\?reason=expired&next=\/"\)<\/script>/);
  expect(rest.match(/nonce="([^"]+)"/)?.[1]).toBe(head.match(/nonce="([^"]+)"/)?.[1]);
  expect(head + rest).not.toContain('Lamp');
  expect(await server.isLive(cookie)).toBe(false);
  await expect.poll(() => endings(log()).length).toBe(1);
});

test('a 401 behind a posted form is answered with 303, no body and cleared cookies', async ({ server, upstream }) => {
  const cookie = await server.signIn();
  upstream.expireTokens();
  const form = posting({ body: '{"name":"Lamp","quantity":1}' }, { cookie });
  const answer = await send(server.url, '/operations/createItem', form);
  expect(answer).toMatchObject({ status: 303, body: '' });
  expect(answer.headers.location).toBe('/api/logout?reason=expired&next=/operations/createItem');
  expect(answer.cookies[0]).toMatch(/^vestibule=; .*Max-Age=0/);
  expect(upstream.calls('/items')).toHaveLength(1);
});

test('a stale 401 clears no cookie, whoever is told', async ({ server, upstream }) => {
  const cookie = await server.signIn();
  const items = upstream.hold('/items');
  const page = server.get('/operations/listItems', { ...navigating, cookie });
  const call = server.get('/api/upstream/items', { ...calling, cookie, 'x-csrf': '1' });
  await items.arrived(2);
  upstream.expireTokens();
  await server.get('/account', { ...navigating, cookie });
  items.release();
  expect(await page).toMatchObject({ status: 303, cookies: [] });
  expect(await call).toMatchObject({ status: 401, cookies: [] });
});
