import { expect, scripted as test } from '../fixtures';
import { expectLogin } from '../support/people';

test('a bare GET with a live session asks, and changes nothing', async ({ page, server, signIn }) => {
  const cookie = await signIn();
  await page.goto('/api/logout');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign out?');
  await expect(page.getByRole('main')).toContainText('Ada Lovelace');
  expect(await server.isLive(cookie)).toBe(true);
  await page.getByRole('link', { name: 'Cancel' }).click();
  await expect(page).toHaveURL('/');
  expect(await server.isLive(cookie)).toBe(true);
});

test('the answer to that question is a button', async ({ page, server, signIn }) => {
  const cookie = await signIn();
  await page.goto('/api/logout');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL('/login?reason=signed-out');
  expect(await server.isLive(cookie)).toBe(false);
});

test('a GET without a session leads to the login page', async ({ page }) => {
  await page.goto('/api/logout?reason=expired&next=/account');
  await expectLogin(page, 'expired', '/account');
});

test('images, prefetches and links of another site change nothing', async ({ elsewhere, page, server, signIn }) => {
  const cookie = await signIn();
  const route = `${server.url}/api/logout`;
  const seen = [page.waitForRequest(route), page.waitForRequest(`${route}?reason=expired`)];
  await page.goto(
    elsewhere.shows(`
      <img src="${route}" alt=""><img src="${route}?reason=expired" alt="">
      <link rel="prefetch" href="${route}"><link rel="prerender" href="${route}">
      <a href="${route}">Win a prize</a>`),
  );
  await Promise.all(seen);
  await page.getByRole('link', { name: 'Win a prize' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign out?');
  expect(await server.isLive(cookie)).toBe(true);
});

test('a form of another site is refused', async ({ context, elsewhere, page, server, signIn }) => {
  const cookie = await signIn();
  await page.goto(
    elsewhere.shows(`<form method="post" action="${server.url}/api/logout"><button>Win a prize</button></form>`),
  );
  await page.getByRole('button', { name: 'Win a prize' }).click();
  await expect(page).toHaveURL(`${server.url}/api/logout`);
  await expect(page.getByRole('main')).toContainText('another site');
  expect(await server.isLive(cookie)).toBe(true);
  expect(await context.cookies(server.url)).toHaveLength(1);
});
