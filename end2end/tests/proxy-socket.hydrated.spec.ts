/** WebSockets through the proxy, from pages in a real browser. */

import type { Page } from '@playwright/test';
import { expect, scripted as test } from '../fixtures';
import { calling, posting, send } from '../support/http';

/** Opens a socket in the page, says `text`, and notes what comes of it in `document.title`. */
async function open(page: Page, address: string, text = 'hi'): Promise<void> {
  await page.evaluate(
    ({ address, text }) => {
      document.title = '';
      const note = (word: string) => (document.title = document.title ? `${document.title}, ${word}` : word);
      const socket = new WebSocket(address.replace(/^http/, 'ws'));
      socket.onopen = () => socket.send(text);
      socket.onmessage = ({ data }) => note(data);
      socket.onclose = ({ code }) => note(`closed ${code}`);
    },
    { address, text },
  );
}

test('carries words both ways, with the token of the session', async ({ page, server, signIn, open: visit, upstream }) => {
  await signIn();
  await visit('/account');
  await open(page, `${server.url}/api/upstream/socket`, 'Ünï');
  await expect(page).toHaveTitle('Hello ada, echo: Ünï');
  const [call] = upstream.calls('/socket');
  expect(call?.headers).toMatchObject({ authorization: `Bearer ${upstream.access}`, via: '1.1 vestibule' });
  for (const name of ['cookie', 'origin']) expect(call?.headers[name], name).toBeUndefined();
  expect(await page.evaluate(() => document.cookie)).not.toContain('stolen');
});

test('a dead token is renewed before the handshake is answered', async ({ page, server, signIn, open: visit, upstream }) => {
  await signIn();
  await visit('/account');
  upstream.expireAccessTokens();
  await open(page, `${server.url}/api/upstream/socket`);
  await expect(page).toHaveTitle('Hello ada, echo: hi');
});

test('the end of the session closes it within a second', async ({ page, server, signIn, open: visit }) => {
  const cookie = await signIn();
  await visit('/account');
  await open(page, `${server.url}/api/upstream/socket`);
  await expect(page).toHaveTitle('Hello ada, echo: hi');
  await page.waitForTimeout(700);
  await send(server.url, '/api/logout', posting({}, { cookie }));
  await expect(page).toHaveTitle('Hello ada, echo: hi, closed 1006', { timeout: 1_000 });
});

test('a page of another site gets none', async ({ page, server, signIn, elsewhere, upstream }) => {
  await signIn();
  await page.goto(elsewhere.shows(''));
  await open(page, `${server.url}/api/upstream/socket`);
  await expect(page).toHaveTitle('closed 1006');
  expect(upstream.calls('/socket')).toHaveLength(0);
});

test('the origin has to be ours, and the session live', async ({ server, upstream }) => {
  const cookie = await server.signIn();
  const handshake = {
    connection: 'upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  const ask = async (headers: Record<string, string>) =>
    (await send(server.url, '/api/upstream/socket', { headers: { ...calling, ...handshake, ...headers } })).status;
  for (const origin of ['https://evil.example', 'null', `${server.url}.evil.example`, server.url.replace('http', 'https')])
    expect(await ask({ cookie, origin, 'x-csrf': '1' }), origin).toBe(403);
  expect(await ask({ cookie, 'x-csrf': '1' }), 'without an origin').toBe(403);
  expect(await ask({ origin: server.url })).toBe(401);
  expect(upstream.calls('/socket')).toHaveLength(0);
});
