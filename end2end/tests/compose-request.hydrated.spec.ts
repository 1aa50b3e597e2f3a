import { demo as test, expect } from '../fixtures';
import { press } from '../support/people';

test.beforeEach(({ signIn }) => signIn('demo').then(() => undefined));

test('the form changes in place, and the focus goes where the work goes on', async ({ open, page }) => {
  await open('/operations/createOrder');
  await page.evaluate(() => Object.assign(window, { isMarked: true }));
  await press(page, 'Add a row to items');
  await expect(page.getByRole('group', { name: /^items 2/ })).toBeFocused();
  await press(page, 'Remove items 2');
  await expect(page.getByRole('button', { name: 'Add a row to items' })).toBeFocused();
  const variant = page.getByRole('combobox', { name: /^Variant of payment/ });
  await variant.focus();
  await variant.selectOption('voucher');
  await expect(page.getByRole('textbox', { name: /^code/ })).toBeVisible();
  await expect(page.getByRole('textbox', { name: /^reference/ })).toHaveCount(0);
  await expect(variant).toBeFocused();
  expect(await page.evaluate(() => 'isMarked' in window)).toBe(true);
});

test('the form has the focus when what had it is gone', async ({ open, page }) => {
  await open('/operations/deleteFile');
  await page.getByRole('textbox', { name: /^id/ }).fill('any');
  await press(page);
  await press(page, 'Cancel');
  await expect(page.getByRole('form', { name: 'Request' })).toBeFocused();
});

test('a file that was chosen stays chosen while the form changes', async ({ open, page }) => {
  await open('/operations/uploadFile');
  const file = page.getByLabel(/^file/);
  await file.setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') });
  await press(page, 'Preview');
  await expect(page.getByRole('region', { name: 'Preview', exact: true })).toContainText('a.txt');
  expect(await file.evaluate((input: HTMLInputElement) => input.files?.[0]?.name)).toBe('a.txt');
});

test('a snippet is copied with a button', async ({ context, open, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open('/operations/createOrder');
  await press(page, 'Preview');
  await press(page, 'Copy as curl');
  await expect(page.getByText('Copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("curl --request 'POST'");
});
