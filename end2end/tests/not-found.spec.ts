import { expect, scripted as test } from '../fixtures';
import { expectLogin } from '../support/people';

test('an unknown address is a 404 page that leads on', async ({ open, page, signIn }) => {
  await signIn();
  expect(await open('/nowhere/at/all')).toBe(404);
  await expect(page).toHaveTitle(/Not found/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no such page');
  await expect(page.getByRole('main')).toContainText('/nowhere/at/all');
  await page.getByRole('main').getByRole('link', { name: 'All operations' }).click();
  await expect(page).toHaveURL('/operations');
});

test('without a session an unknown address is not told from any other', async ({ page }) => {
  await page.goto('/nowhere');
  await expectLogin(page, null, '/nowhere');
});
