import { expect, scripted as test } from '../fixtures';
import { expectLogin, signInByForm } from '../support/people';

test('a 401 late in a streamed page moves the browser to the login page', async ({ page, signIn, upstream }) => {
  await signIn();
  const items = upstream.hold('/items');
  const response = await page.goto('/', { waitUntil: 'commit' });
  await items.arrived();
  expect(response?.status()).toBe(200);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Ada Lovelace');
  upstream.expireTokens();
  items.release();
  await expectLogin(page, 'expired', '/');
  await signInByForm(page);
  await expect(page.getByRole('main')).toContainText('Lamp');
});

test('a streamed page whose token was refreshed on the way is whole', async ({ open, page, signIn, upstream }) => {
  await signIn();
  const items = upstream.hold('/items');
  const opening = open('/');
  await items.arrived();
  upstream.expireAccessTokens();
  items.release();
  expect(await opening).toBe(200);
  await expect(page.getByRole('main')).toContainText('Lamp');
  expect(upstream.calls('/auth/refresh')).toHaveLength(1);
});
