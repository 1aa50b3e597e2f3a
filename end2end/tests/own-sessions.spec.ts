import type { Browser, BrowserContext, Page } from '@playwright/test';
import { expect, scripted as test } from '../fixtures';
import { expectNoViolations } from '../support/axe';
import { END_FIREFOX, firefox, signInByForm } from '../support/people';
import type { Server } from '../support/server';

/** Another browser, in which somebody has signed in at `server`. */
async function elsewhere(
  browser: Browser,
  server: Server,
  javaScriptEnabled: boolean | undefined,
  person = 'ada',
): Promise<{ context: BrowserContext; there: Page }> {
  const { context, there } = await firefox(browser, server, javaScriptEnabled);
  await there.goto('/login?next=/operations/createItem');
  await signInByForm(there, person);
  await there.waitForURL('/operations/createItem');
  return { context, there };
}

function row(page: Page, text: string) {
  return page.getByRole('region', { name: 'Where you are signed in' }).getByRole('listitem').filter({ hasText: text });
}

for (const which of ['that one', 'all others'] as const) {
  test(`a person sees where they are signed in, ends ${which}, and the other browser says so`, async ({
    browser,
    javaScriptEnabled,
    open,
    page,
    server,
    signIn,
  }) => {
    await signIn();
    const { context, there } = await elsewhere(browser, server, javaScriptEnabled);
    await open('/account');
    const other = row(page, 'Firefox on Linux');
    await expect(other.first()).toContainText('from 127.0.0.1');
    await expect(row(page, 'This one')).toHaveCount(1);
    const name = which === 'that one' ? END_FIREFOX : 'End all others';
    await page.getByRole('button', { name }).first().click();
    await expect(page.getByRole('main').getByRole('status')).toContainText('Done.');
    await expect(row(page, 'This one')).toHaveCount(1);

    await there.goto('/operations/createItem');
    await expect(there).toHaveURL('/login?reason=revoked&next=/operations/createItem');
    await expect(there.getByRole('status')).toContainText('ended from another device');
    await signInByForm(there);
    await expect(there).toHaveURL('/operations/createItem');
    await context.close();
  });
}

test('signing out everywhere ends this session too', async ({
  browser,
  javaScriptEnabled,
  open,
  page,
  server,
  signIn,
}) => {
  await signIn('grace');
  const { context, there } = await elsewhere(browser, server, javaScriptEnabled, 'grace');
  await open('/account');
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(page).toHaveURL('/login?reason=signed-out');
  await there.goto('/account');
  await expect(there).toHaveURL('/login?reason=revoked&next=/account');
  await context.close();
});

test('who signed in a while ago signs in again first, and is led back', async ({
  browser,
  javaScriptEnabled,
  page,
  start,
}) => {
  const server = await start({ VESTIBULE_SESSION__CONFIRM_AFTER: '4s' });
  await page.goto(`${server.url}/login?next=/account`);
  await signInByForm(page);
  await expect(page).toHaveURL(`${server.url}/account`);
  const { context, there } = await elsewhere(browser, server, javaScriptEnabled);
  await page.goto('about:blank');
  await page.waitForTimeout(4_100);
  await page.goto(`${server.url}/account`);
  await expect(page.getByText('You will be asked to sign in again first')).toBeVisible();
  await page.getByRole('button', { name: END_FIREFOX }).click();
  await expect(page.getByRole('status')).toContainText('show that it is you');
  await signInByForm(page);
  await expect(page).toHaveURL(`${server.url}/account#sessions`);
  await page.getByRole('button', { name: END_FIREFOX }).click();
  await expect(page.getByRole('main').getByRole('status')).toContainText('Done.');
  await there.goto('/account');
  await expect(there).toHaveURL('/login?reason=revoked&next=/account');
  await context.close();
});

test('the list is accessible, in light and dark', async ({ enter, javaScriptEnabled, page, server }) => {
  test.skip(javaScriptEnabled === false, 'The tool that looks needs scripts.');
  await server.signIn();
  await enter('/account?ended=1');
  await expectNoViolations(page);
});
