import type { Response } from '@playwright/test';
import { expect, scripted as test } from '../fixtures';
import { expectLogin, signInAgain } from '../support/people';

for (const path of ['/', '/account', '/operations/listItems', '/operations/searchItems?q=Lamp']) {
  test(`a 401 while ${path} loads ends on the login page, and signing in leads back`, async ({
    open,
    page,
    signIn,
    upstream,
  }) => {
    await signIn();
    upstream.expireTokens();
    const response = await page.goto(path);
    expect(await hops(response)).toEqual([
      [303, path],
      [303, `/api/logout?reason=expired&next=${inQuery(path)}`],
      [200, `/login?reason=expired&next=${inQuery(path)}`],
    ]);
    await signInAgain(page, path);
    await expect(page.getByRole('link', { name: 'Ada Lovelace' })).toBeVisible();
    expect(await open(path)).toBe(200);
  });
}

test('it does so too when the person comes from another site', async ({
  elsewhere,
  page,
  server,
  signIn,
  upstream,
}) => {
  await signIn();
  upstream.expireTokens();
  await page.goto(elsewhere.shows(`<a href="${server.url}/account">Look here</a>`));
  await page.getByRole('link', { name: 'Look here' }).click();
  await expectLogin(page, 'expired', '/account');
});

test('a message that says UnAuthentication with status 200 ends the session too', async ({
  page,
  signIn,
  upstream,
}) => {
  await signIn();
  upstream.answer('/items', { body: { data: null, message: 'UnAuthentication' } });
  await page.goto('/operations/listItems');
  await expectLogin(page, 'expired', '/operations/listItems');
});

/** Statuses and addresses on the way to a page. */
async function hops(response: Response | null) {
  const hops: [number | undefined, string][] = [];
  for (let request = response?.request(); request; request = request.redirectedFrom() ?? undefined) {
    const { pathname, search } = new URL(request.url());
    hops.unshift([(await request.response())?.status(), pathname + search]);
  }
  return hops;
}

function inQuery(path: string): string {
  return encodeURIComponent(path).replaceAll('%2F', '/');
}
