import { demo as test, expect } from '../fixtures';
import { alertOn, answerOn, asJson, press } from '../support/people';

test.beforeEach(({ signIn }) => signIn('demo').then(() => undefined));

const order = (rows: number) => ({ items: Array.from({ length: rows }, () => ({ bookId: 5, quantity: 2 })) });

test('a nested form has rows that come and go', async ({ open, page }) => {
  await open('/operations/createOrder');
  const books = page.getByRole('spinbutton', { name: /^bookId/ });
  await expect(books).toHaveCount(1);
  await page.getByRole('textbox', { name: /^city/ }).fill('Readham');
  await press(page, 'Add a row to items');
  await expect(books).toHaveCount(2);
  await expect(page.getByRole('textbox', { name: /^city/ })).toHaveValue('Readham');
  await books.nth(1).fill('7');
  await page.getByRole('spinbutton', { name: /^quantity/ }).nth(1).fill('3');
  await press(page, 'Remove items 1');
  await expect(books).toHaveCount(1);
  await expect(books).toHaveValue('7');
  await press(page);
  await expect(answerOn(page)).toContainText('201 Created');
  await expect(answerOn(page)).toContainText('Readham');
});

test('the Enter key sends, whatever other buttons there are', async ({ open, page }) => {
  await open('/operations/createOrder');
  await page.getByRole('textbox', { name: /^city/ }).press('Enter');
  await expect(answerOn(page)).toContainText('201 Created');
});

test('a choice between schemas shows the inputs of the chosen one', async ({ javaScriptEnabled, open, page }) => {
  await open('/operations/createOrder');
  const variant = page.getByRole('combobox', { name: /^Variant of payment/ });
  await expect(variant.locator('option')).toHaveText(['invoice', 'voucher']);
  await expect(page.getByRole('textbox', { name: /^reference/ })).toBeVisible();
  await variant.selectOption('voucher');
  if (javaScriptEnabled === false) await press(page, 'Use this variant of payment');
  await expect(page.getByRole('textbox', { name: /^reference/ })).toHaveCount(0);
  await expect(page.getByRole('combobox', { name: /^method/ })).toHaveValue('voucher');
  await page.getByRole('textbox', { name: /^code/ }).fill('READMORE');
  await press(page);
  await expect(answerOn(page)).toContainText('READMORE');
});

test('the same values are shown as a form and as JSON, and nothing is lost', async ({ open, page }) => {
  await open('/operations/createOrder');
  await page.getByRole('textbox', { name: /^city/ }).fill('Readham');
  const body = await asJson(page);
  const typed = JSON.parse(await body.inputValue());
  expect(typed).toMatchObject({ ...order(1), shipTo: { city: 'Readham' } });
  await body.fill(JSON.stringify({ ...typed, ...order(3) }));
  await press(page, 'Edit as form');
  await expect(page.getByRole('spinbutton', { name: /^bookId/ })).toHaveCount(3);
  await expect(page.getByRole('textbox', { name: /^city/ })).toHaveValue('Readham');
});

test('a text of several lines stays one in the form', async ({ open, page }) => {
  await open('/operations/createOrder');
  const body = await asJson(page);
  const typed = { ...order(1), shipTo: { name: 'Ada', street: '1 Lane\nBack door', city: 'Readham' } };
  await body.fill(JSON.stringify(typed));
  await press(page, 'Edit as form');
  await expect(page.getByRole('textbox', { name: /^street/ })).toHaveValue('1 Lane\nBack door');
  await press(page, 'Edit as JSON');
  expect(JSON.parse(await body.inputValue())).toEqual(typed);
});

test('what is empty in JSON is kept by a box in the form, and is gone without it', async ({ open, page }) => {
  await open('/operations/createOrder');
  const body = await asJson(page);
  await body.fill(JSON.stringify({ ...order(1), shipTo: { name: 'Ada' }, note: '' }));
  await press(page, 'Edit as form');
  const empty = page.getByRole('checkbox', { name: /^Send it empty\s*: note/ });
  await expect(empty).toBeChecked();
  await press(page, 'Edit as JSON');
  expect(JSON.parse(await body.inputValue())).toMatchObject({ note: '' });
  await press(page, 'Edit as form');
  await empty.uncheck();
  await press(page, 'Edit as JSON');
  expect(JSON.parse(await body.inputValue())).not.toHaveProperty('note');
});

test('JSON that the form cannot show stays JSON, with a sentence why', async ({ open, page }) => {
  await open('/operations/createOrder');
  const body = await asJson(page);
  await body.fill('{"items": {"not": "a list"}}');
  await press(page, 'Edit as form');
  await expect(page.getByRole('main').getByRole('status')).toContainText('the form cannot show the value at /items');
  await expect(body).toHaveValue('{"items": {"not": "a list"}}');
});

test('a file is uploaded, byte for byte', async ({ open, page, server }) => {
  await open('/operations/uploadFile');
  const buffer = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
  await page.getByLabel(/^file/).setInputFiles({ name: 'späť "1".bin', mimeType: 'application/x-test', buffer });
  await page.getByRole('textbox', { name: /^note/ }).fill('The first page');
  await press(page);
  await expect(answerOn(page)).toContainText('201 Created');
  await expect(answerOn(page)).toContainText('100000');
  await expect(answerOn(page)).toContainText('The first page');
  expect(server.url).toBeTruthy();
});

test('a file that is missing is told at its input, and nothing is sent', async ({ open, page }) => {
  await open('/operations/uploadFile');
  await press(page);
  await expect(alertOn(page)).toContainText('file: Choose a file');
});

test('a request is shown before it is sent, in five languages', async ({ open, page }) => {
  await open('/operations/createOrder');
  await page.getByRole('textbox', { name: /^city/ }).fill("It's $HOME");
  await press(page, 'Preview');
  const preview = page.getByRole('region', { name: 'Preview', exact: true });
  await expect(preview).toContainText(/POST http:\/\/127\.0\.0\.1:\d+\/orders/);
  await expect(preview).toContainText('Bearer $TOKEN');
  await expect(preview).toContainText('application/json');
  for (const language of ['curl', 'HTTPie', 'JavaScript fetch', 'Python requests', 'Rust reqwest']) {
    await expect(preview.getByText(language, { exact: true })).toBeVisible();
  }
  await expect(preview.getByRole('region', { name: 'curl' })).toContainText("It'\\''s $HOME");
  await expect(preview).toContainText('Not sent');
  await expect(page.getByRole('textbox', { name: /^city/ })).toHaveValue("It's $HOME");
});

test('what takes something away asks first', async ({ open, page }) => {
  await open('/operations/uploadFile');
  await page.getByLabel(/^file/).setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') });
  await press(page);
  await expect(answerOn(page)).toContainText('201 Created');
  const id = /"id": "([\w-]{16})"/.exec((await answerOn(page).textContent()) ?? '')?.[1] ?? '';
  await open('/operations/deleteFile');
  await page.getByRole('textbox', { name: /^id/ }).fill(id);
  await press(page);
  await expect(alertOn(page)).toContainText('Is this really meant?');
  await expect(answerOn(page)).toContainText('Nothing sent yet');
  await press(page, 'Cancel');
  await expect(alertOn(page)).toHaveCount(0);
  await press(page);
  await press(page, 'Yes, delete');
  await expect(answerOn(page)).toContainText('The file is gone');
});


test('what a document says of an input is shown as it is meant', async ({ open, page }) => {
  await open('/operations/listBooks');
  const sort = page.getByRole('combobox', { name: /^sort/ });
  await expect(sort).toHaveAccessibleDescription(/^How to sort them; - turns the order round\.\s+Default: title\.$/);
  await expect(page.getByRole('main').locator('.field-hint code')).toHaveText('-');
});
