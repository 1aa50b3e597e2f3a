import { expect, scripted as test } from '../fixtures';
import { navigating } from '../support/http';
import { answerOn, signInAgain } from '../support/people';
import { endings } from '../support/server';

test('a stale 401 ends the old session only, and the tab that waited goes on in the new one', async ({
  context,
  open,
  page,
  server,
  signIn,
  upstream,
}) => {
  const old = await signIn();
  const log = server.tail();
  const items = upstream.hold('/items');
  const waiting = open('/operations/listItems');
  await items.arrived();

  upstream.expireTokens();
  const second = await context.newPage();
  await second.goto('/account');
  await signInAgain(second, '/account');

  items.release();
  expect(await waiting).toBe(200);
  await expect(page).toHaveURL('/operations/listItems');
  await expect(answerOn(page)).toContainText('Lamp');
  const [cookie] = await context.cookies();
  expect(await server.isLive(`${cookie?.name}=${cookie?.value}`)).toBe(true);
  expect(await server.isLive(old)).toBe(false);
  await second.reload();
  await expect(second.getByRole('heading', { level: 1 })).toHaveText('Account');
  expect(endings(log())).toHaveLength(1);
});

test('a forced logout that meets a newer session clears nothing and goes on', async ({ page, server, signIn }) => {
  const cookie = await signIn();
  await page.goto('/api/logout?reason=expired&next=/account');
  await expect(page).toHaveURL('/account');
  expect(await server.isLive(cookie)).toBe(true);
  const answer = await server.get('/api/logout?reason=expired&next=/account', { ...navigating, cookie });
  expect(answer).toMatchObject({ status: 303, cookies: [], body: '', headers: { location: '/account' } });
});
