import { expect, scripted as test } from '../fixtures';
import { answerOn, press, signInAgain } from '../support/people';

test('a 401 behind a form ends on the login page, and signing in leads back to the form', async ({
  enter,
  page,
  upstream,
}) => {
  await enter('/operations/createItem');
  upstream.expireTokens();
  await press(page);
  await signInAgain(page, '/operations/createItem');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Put an item on a shelf');
});

test('a form that is posted with a refreshable token is done, once', async ({ enter, page, upstream }) => {
  await enter('/operations/createItem');
  upstream.expireAccessTokens();
  await press(page);
  await expect(answerOn(page)).toContainText('201 Created');
  const accepted = upstream
    .calls('/items')
    .filter(({ headers }) => headers.authorization === `Bearer ${upstream.access}`);
  expect(accepted).toHaveLength(1);
  expect(upstream.calls('/auth/refresh')).toHaveLength(1);
});
