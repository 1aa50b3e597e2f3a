import { expect, scripted as test } from '../fixtures';
import { answerOn, asJson, expectLogin, press, signInByForm } from '../support/people';

const BACK = 'What you had typed is back; nothing was sent.';
const TYPED = '{"name":"Vase","quantity":7}';

test('what was typed comes back after the session has ended in between, once', async ({
  enter,
  open,
  page,
  upstream,
}) => {
  await enter('/operations/createItem');
  const body = await asJson(page);
  await body.fill(TYPED);
  upstream.expireTokens();
  await press(page);
  await expectLogin(page, 'expired', '/operations/createItem');
  const refused = upstream.calls('/items').length;
  await signInByForm(page);
  await expect(page).toHaveURL('/operations/createItem');
  await expect(page.getByRole('main').getByRole('status').filter({ hasText: BACK })).toBeVisible();
  await expect(body).toHaveValue(TYPED);
  await expect(answerOn(page)).toContainText('Not sent');
  expect(upstream.calls('/items')).toHaveLength(refused);
  await press(page);
  await expect(answerOn(page)).toContainText('201 Created');
  expect(upstream.calls('/items').at(-1)).toMatchObject({ body: TYPED });
  await open('/operations/createItem');
  await expect(body).toHaveCount(0);
});

test('it comes back only to the person who typed it', async ({ enter, page, upstream }) => {
  await enter('/operations/createItem');
  const body = await asJson(page);
  await body.fill(TYPED);
  upstream.expireTokens();
  await press(page);
  await expectLogin(page, 'expired', '/operations/createItem');
  await signInByForm(page, 'grace');
  await expect(page).toHaveURL('/operations/createItem');
  await expect(body).toHaveCount(0);
  await expect(page.getByRole('main')).not.toContainText(BACK);
});
