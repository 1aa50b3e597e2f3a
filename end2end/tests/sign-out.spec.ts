import { expect, scripted as test } from '../fixtures';
import { expectLogin, signOut } from '../support/people';
import { endings } from '../support/server';

test('signing out ends the session here, in the store and upstream', async ({
  context,
  open,
  page,
  server,
  signIn,
  upstream,
}) => {
  const cookie = await signIn();
  const log = server.tail();
  await open('/account');
  await signOut(page);
  await expect(page.getByRole('status')).toContainText('signed out');
  expect(await context.cookies()).toEqual([]);
  expect(await server.isLive(cookie)).toBe(false);
  await expect.poll(() => upstream.calls('/auth/logout').length).toBe(1);
  expect(endings(log()).map((line) => line.fields['reason'])).toEqual(['signed-out']);
});

test('the account page signs out too', async ({ enter, page, server }) => {
  const cookie = await enter('/account');
  await page.getByRole('main').getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page).toHaveURL('/login?reason=signed-out');
  expect(await server.isLive(cookie)).toBe(false);
});

test('the back button shows nothing of a signed-in page after signing out', async ({ enter, page }) => {
  await enter('/operations/listItems');
  await page.getByRole('link', { name: 'Ada Lovelace' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Account');
  await signOut(page);
  for (const next of ['/account', '/operations/listItems']) {
    await page.goBack();
    await expectLogin(page, null, next);
    await expect(page.getByText('Ada Lovelace')).toBeHidden();
    await expect(page.getByText('Lamp')).toBeHidden();
  }
});

test('signing out takes the cookies of an earlier application along', async ({
  context,
  open,
  page,
  server,
  signIn,
}) => {
  await signIn();
  const names = ['authjs.session-token', 'authjs.session-token.0', 'next-auth.session-token', 'access_token'];
  const foreign = { value: 'x', url: server.url, httpOnly: true };
  await context.addCookies([...names, 'theme'].map((name) => ({ ...foreign, name })));
  await open('/account');
  await signOut(page);
  expect((await context.cookies()).map(({ name }) => name)).toEqual(['theme']);
});
