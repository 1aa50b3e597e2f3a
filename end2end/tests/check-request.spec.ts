import { expect, scripted as test } from '../fixtures';
import { alertOn, answerOn, press } from '../support/people';

test.beforeEach(({ signIn }) => signIn().then(() => undefined));

test('a body is checked before it is sent, and can be sent all the same', async ({ open, page, upstream }) => {
  await open('/operations/createItem');
  const quantity = page.getByRole('spinbutton', { name: /^quantity/ });
  await quantity.fill('0');
  await page.getByRole('textbox', { name: /^name/ }).fill('');
  await press(page);
  await expect(alertOn(page)).toContainText('2 fields need another look');
  await expect(quantity).toHaveAccessibleDescription(/at least 1/);
  await expect(page.getByRole('textbox', { name: /^name/ })).toHaveAccessibleDescription(/This is required/);
  await alertOn(page).getByRole('link', { name: /^quantity/ }).click();
  await expect(quantity).toBeFocused();
  expect(upstream.calls('/items')).toHaveLength(0);
  await press(page, 'Send anyway');
  await expect(answerOn(page)).toContainText('422');
  expect(upstream.calls('/items').map(({ body }) => JSON.parse(body))).toEqual([{ quantity: 0 }]);
});

test('a required parameter of the path cannot be left out', async ({ open, page, upstream }) => {
  await open('/operations/items%2Fget');
  await press(page);
  await expect(alertOn(page)).toContainText('id: This is required');
  await expect(page.getByRole('button', { name: 'Send anyway' })).toHaveCount(0);
  expect(upstream.calls('/items/')).toHaveLength(0);
});

test('a GET is shown before it is sent', async ({ open, page, upstream }) => {
  await open('/operations/searchItems');
  await page.getByRole('textbox', { name: /^q/ }).fill('Rug & Co');
  await press(page, 'Preview');
  const preview = page.getByRole('region', { name: 'Preview', exact: true });
  await expect(preview).toContainText(`GET ${upstream.url}/search?q=Rug%20%26%20Co`);
  expect(upstream.calls('/search')).toHaveLength(0);
});
