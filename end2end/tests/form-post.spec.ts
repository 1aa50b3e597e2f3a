import { expect, scripted as test } from '../fixtures';
import { expectLogin, press, signInByForm } from '../support/people';

test('a 401 behind a form ends on the login page, and signing in leads back to the form', async ({
  open, page, signIn, upstream,
}) => {
  await signIn();
  await open('/operations/createItem');
  upstream.expireTokens();
  await press(page);
  await expectLogin(page, 'expired', '/operations/createItem');
  await signInByForm(page);
  await expect(page).toHaveURL('/operations/createItem');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Put an item on a shelf');
});

test('a form that is posted with a refreshable token is sent once more, and only once done', async ({
  open, page, signIn, upstream,
}) => {
  await signIn();
  await open('/operations/createItem');
  upstream.expireAccessTokens();
  await press(page);
  await expect(page.getByRole('main')).toContainText('201');
  expect(upstream.calls('/items')).toHaveLength(2);
  expect(upstream.calls('/auth/refresh')).toHaveLength(1);
});
