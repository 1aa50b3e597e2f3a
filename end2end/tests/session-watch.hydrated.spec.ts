/** Open pages hear at once that their session has ended: server-sent events, one stream for all tabs of a browser. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, scripted as test } from '../fixtures';
import { send, posting } from '../support/http';
import { endedOn, listening, signInByForm } from '../support/people';
import { command, type Server } from '../support/server';

const AT_ONCE = { timeout: 1_000 };

/** Signs a session out, as another tab or an operator would. */
async function end(server: Server, cookie: string): Promise<void> {
  const answer = await send(server.url, '/api/logout', posting({}, { cookie }));
  expect(answer.status).toBe(303);
}

test('every open tab says within a second that its session has ended, and leads back', async ({
  context,
  open,
  page,
  server,
  signIn,
}) => {
  const cookie = await signIn();
  const streams: string[] = [];
  context.on('request', (request) => void (request.url().endsWith('/events') && streams.push(request.url())));
  const heard = listening(page);
  await open('/operations/createItem');
  await heard;
  const tabs = [page];
  for (let more = 0; more < 7; more += 1) {
    const tab = await context.newPage();
    await open('/account', tab);
    tabs.push(tab);
  }
  expect(streams, 'one stream for eight tabs: browsers open six connections at most').toHaveLength(1);

  await end(server, cookie);
  await Promise.all(tabs.map((tab) => expect(endedOn(tab)).toBeVisible(AT_ONCE)));
  await page.getByRole('link', { name: 'Sign in again' }).click();
  await expect(page).toHaveURL('/login?reason=signed-out&next=/operations/createItem');
  await signInByForm(page);
  await expect(page).toHaveURL('/operations/createItem');

  const [, left] = tabs;
  await left!.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(endedOn(left!), 'signed in again, here too').toBeHidden();
});

test('when the tab that listens is closed, another takes its place', async ({ context, open, page, server, signIn }) => {
  const cookie = await signIn();
  const first = listening(page);
  await open('/account');
  await first;
  const second = await context.newPage();
  await open('/account', second);
  const taken = listening(second);
  await page.close();
  await taken;
  await end(server, cookie);
  await expect(endedOn(second)).toBeVisible(AT_ONCE);
});

test('a newer session in the same browser is none of an old tab’s business', async ({ context, open, page, server, signIn }) => {
  const old = await signIn();
  const first = listening(page);
  await open('/account');
  await first;
  const again = listening(page);
  const answer = await send(server.url, '/login', posting({ username: 'ada', password: 'ada' }, { cookie: old }));
  const cookie = answer.cookies[0]?.split(';')[0] ?? '';
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url: server.url, httpOnly: true, sameSite: 'Lax' }]);
  expect(await server.isLive(old)).toBe(false);
  // The old session's end may have overtaken the new one's cookie: whoever comes back to the tab lets it look again.
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  expect((await again).status(), 'it listens to the new session').toBe(200);
  await expect(endedOn(page)).toBeHidden();
  await end(server, cookie);
  await expect(endedOn(page)).toBeVisible(AT_ONCE);
});

test('a tab of one person says so when another has signed in', async ({ context, open, page, server, signIn }) => {
  const old = await signIn();
  const first = listening(page);
  await open('/account');
  await first;
  const answer = await send(server.url, '/login', posting({ username: 'grace', password: 'grace' }, { cookie: old }));
  const [name = '', value = ''] = (answer.cookies[0]?.split(';')[0] ?? '').split('=');
  await context.addCookies([{ name, value, url: server.url, httpOnly: true, sameSite: 'Lax' }]);
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(page.getByText('You are now signed in as Grace')).toBeVisible();
  await page.getByRole('link', { name: 'Load this page anew' }).click();
  await expect(page.getByText('You are now signed in as')).toBeHidden();
  await expect(page.locator('.site-header')).toContainText('Grace');
});

test('what an operator ends, open tabs say within a second', async ({ context, open, page, signIn, start }) => {
  const directory = await mkdtemp(join(tmpdir(), 'vestibule-'));
  const settings = { VESTIBULE_SESSION__STORE: `sqlite:${join(directory, 'sessions.db')}` };
  const server = await start(settings);
  await signIn('grace', server);
  const heard = listening(page);
  await open(`${server.url}/account`);
  await heard;
  const second = await context.newPage();
  await open(`${server.url}/operations/createItem`, second);
  expect(await command(['sessions', 'end', '--user', 'grace'], settings)).toMatchObject({ code: 0 });
  for (const tab of [page, second]) await expect(endedOn(tab)).toBeVisible(AT_ONCE);
  await second.getByRole('link', { name: 'Sign in again' }).click();
  await expect(second).toHaveURL(`${server.url}/login?reason=revoked&next=/operations/createItem`);
  await rm(directory, { recursive: true });
});
