import type { Page } from '@playwright/test';
import { expect, scripted as test } from '../fixtures';
import { expectNoViolations } from '../support/axe';
import { expectLogin, press, signInAgain, signInByForm, signOut } from '../support/people';

test('a 401 behind a click is a document navigation to the login page', async ({ enter, page, upstream }) => {
  await enter('/operations/createItem');
  const statuses: number[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/api/send_operation')) statuses.push(response.status());
  });
  const documents: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest()) documents.push(new URL(request.url()).pathname);
  });
  upstream.expireTokens();
  await press(page);
  await expectLogin(page, 'expired', '/operations/createItem');
  expect(statuses).toEqual([401]);
  expect(documents).toEqual(['/api/logout', '/login']);
  await signInByForm(page);
  await expect(page).toHaveURL('/operations/createItem');
});

test('a session that ends behind an open page is told in a banner, and nobody is moved', async ({
  open,
  page,
  signIn,
  upstream,
}) => {
  await signIn();
  await page.clock.install();
  await open('/operations/createItem');
  await page.getByRole('textbox', { name: /^name/ }).fill('half a thought');
  upstream.expireTokens();
  await page.clock.fastForward('01:01');
  await expectBanner(page);
  await expect(page).toHaveURL('/operations/createItem');
  await expect(page.getByRole('textbox', { name: /^name/ })).toHaveValue('half a thought');
  await page.getByRole('link', { name: 'Sign in again' }).click();
  await signInAgain(page, '/operations/createItem');
});

test('coming back to the window looks at once', async ({ enter, page, upstream }) => {
  await enter('/account');
  upstream.expireTokens();
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expectBanner(page);
  await expect(page).toHaveURL('/account');
  await expectNoViolations(page);
});

test('a tab that is signed out in another tab says so when somebody comes back to it', async ({
  context,
  enter,
  open,
  page,
}) => {
  await enter('/operations/createItem');
  const second = await context.newPage();
  await open('/account', second);
  await signOut(second);
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expectBanner(page);
  await expect(page).toHaveURL('/operations/createItem');
});

test('the look in the background goes on after a client-side navigation', async ({ open, page, signIn, upstream }) => {
  await signIn();
  await page.clock.install();
  await open('/operations');
  await page.getByRole('link', { name: 'Ada Lovelace' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Account');
  upstream.expireTokens();
  await page.clock.fastForward('01:01');
  await expectBanner(page);
});

test('a look in the background that fails says nothing and moves nobody', async ({ enter, page, upstream }) => {
  await enter('/account');
  upstream.answer('/me', { status: 503 });
  const answered = page.waitForResponse((response) => response.url().includes('/api/check_session'));
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  expect((await answered).status()).toBe(502);
  await expect(page.getByRole('link', { name: 'Sign in again' })).toBeHidden();
  await expect(page).toHaveURL('/account');
});

test('the look in the background does not keep the session alive', async ({ enter, page, server }) => {
  const cookie = await enter('/account');
  const before = await server.get('/api/session', { cookie });
  const answered = page.waitForResponse((response) => response.url().includes('/api/check_session'));
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  expect((await answered).status()).toBe(200);
  const after = await server.get('/api/session', { cookie });
  expect(JSON.parse(after.body)).toEqual(JSON.parse(before.body));
});

async function expectBanner(page: Page): Promise<void> {
  const news = page.getByRole('status').filter({ hasText: 'Your session has ended' });
  await expect(news.getByRole('link', { name: 'Sign in again' })).toBeVisible();
}
