import { expect, scripted as test } from '../fixtures';
import { alertOn, answerOn, asJson, press } from '../support/people';

test.beforeEach(({ signIn }) => signIn().then(() => undefined));

test('a GET is sent with its parameters in the address', async ({ open, page, upstream }) => {
  await open('/operations/searchItems');
  await expect(answerOn(page)).toContainText('Nothing sent yet');
  await page.getByRole('textbox', { name: /^q/ }).fill('Lamp');
  await page.getByRole('spinbutton', { name: /^limit/ }).fill('5');
  await page.getByRole('textbox', { name: /^X-Shelf/ }).fill('top left');
  await press(page);
  await expect(answerOn(page)).toContainText('200 OK');
  await expect(answerOn(page)).toContainText('Lamp');
  const query = new URL(page.url()).searchParams;
  expect([query.get('q'), query.get('limit'), query.get('X-Shelf')]).toEqual(['Lamp', '5', 'top left']);
  const [call] = upstream.calls('/search');
  expect(new URLSearchParams(call?.query).get('q')).toBe('Lamp');
  expect(call?.headers['x-shelf']).toBe('top left');
});

test('its address can be kept: it fills the form in and sends it', async ({ open, page, upstream }) => {
  expect(await open('/operations/searchItems?q=Rug&limit=5')).toBe(200);
  await expect(page.getByRole('textbox', { name: /^q/ })).toHaveValue('Rug');
  await expect(page.getByRole('spinbutton', { name: /^limit/ })).toHaveValue('5');
  await expect(answerOn(page)).toContainText('Rug');
  expect(upstream.calls('/search')).toHaveLength(1);
});

test('one without parameters is sent at once', async ({ open, page, upstream }) => {
  expect(await open('/operations/listItems')).toBe(200);
  await expect(answerOn(page)).toContainText('Rug');
  await press(page, 'Send again');
  await expect.poll(() => upstream.calls('/items').length).toBe(2);
  await expect(answerOn(page)).toContainText('Rug');
});

test('a value that is missing or does not fit is told at its field, and nothing is sent', async ({
  open,
  page,
  upstream,
}) => {
  expect(await open('/operations/searchItems?limit=99')).toBe(422);
  await expect(alertOn(page)).toContainText('2 fields need another look');
  await expect(page.getByRole('textbox', { name: /^q/ })).toHaveAccessibleDescription(/This is required/);
  await expect(page.getByRole('spinbutton', { name: /^limit/ })).toHaveAccessibleDescription(/50/);
  await expect(page.getByRole('spinbutton', { name: /^limit/ })).toHaveValue('99');
  await alertOn(page).getByRole('link', { name: /^q/ }).click();
  await expect(page.getByRole('textbox', { name: /^q/ })).toBeFocused();
  expect(upstream.calls('/search')).toHaveLength(0);
});

test('a link of another site fills the form in, and waits for the button', async ({
  elsewhere,
  page,
  server,
  upstream,
}) => {
  await page.goto(elsewhere.shows(`<a href="${server.url}/operations/searchItems?q=Lamp">Look here</a>`));
  await page.getByRole('link', { name: 'Look here' }).click();
  await expect(page.getByRole('main').getByRole('status')).toContainText('link from another site');
  await expect(page.getByRole('textbox', { name: /^q/ })).toHaveValue('Lamp');
  await expect(answerOn(page)).toContainText('Not sent');
  expect(upstream.calls('/search')).toHaveLength(0);
  await press(page);
  await expect(answerOn(page)).toContainText('Lamp');
  expect(upstream.calls('/search')).toHaveLength(1);
});

test('a link of another site does not even send what takes no parameters', async ({
  elsewhere,
  page,
  server,
  upstream,
}) => {
  await page.goto(elsewhere.shows(`<a href="${server.url}/operations/listItems">Look here</a>`));
  await page.getByRole('link', { name: 'Look here' }).click();
  await expect(answerOn(page)).toContainText('Not sent');
  expect(upstream.calls('/items')).toHaveLength(0);
});

test('a POST is never sent by its address', async ({ open, page, upstream }) => {
  const body = encodeURIComponent('{"name":"Vase","quantity":2}');
  expect(await open(`/operations/createItem?send=1&body=${body}`)).toBe(200);
  await expect(answerOn(page)).toContainText('Nothing sent yet');
  expect(upstream.calls('/items')).toHaveLength(0);
});

test('a POST is sent with the JSON that the document suggests, or another', async ({ open, page, upstream }) => {
  await open('/operations/createItem');
  const body = await asJson(page);
  expect(JSON.parse(await body.inputValue())).toEqual({ name: 'Lamp', quantity: 3 });
  await body.fill('{"name":"Vase","quantity":2}');
  await press(page);
  await expect(answerOn(page)).toContainText('201 Created');
  await expect(answerOn(page)).toContainText('It stands on its shelf');
  await expect(body).toHaveValue('{"name":"Vase","quantity":2}');
  const [call] = upstream.calls('/items');
  expect(call).toMatchObject({ method: 'POST', body: '{"name":"Vase","quantity":2}' });
  expect(call?.headers['content-type']).toBe('application/json');
});

test('what the API has against single fields is told, and what was typed stays', async ({ open, page }) => {
  await open('/operations/createItem');
  const body = await asJson(page);
  await body.fill('{"name":"Vase","quantity":0}');
  await press(page);
  await press(page, 'Send anyway');
  await expect(answerOn(page).getByRole('alert')).toContainText('Some fields need another look');
  await expect(answerOn(page)).toContainText('422');
  await expect(answerOn(page)).toContainText('must be 1 or more');
  await expect(body).toHaveValue('{"name":"Vase","quantity":0}');
  await body.fill('{"name":"Vase","quantity":1}');
  await press(page);
  await expect(answerOn(page)).toContainText('201 Created');
});

test('a body that is no JSON is told at its field, and nothing is sent', async ({ open, page, upstream }) => {
  await open('/operations/createItem');
  const body = await asJson(page);
  await body.fill('{"name":');
  await press(page);
  await expect(alertOn(page)).toContainText('One field needs another look');
  await expect(body).toHaveAccessibleDescription(/JSON/);
  await expect(body).toHaveValue('{"name":');
  expect(upstream.calls('/items')).toHaveLength(0);
});

test('the keyboard is enough to send', async ({ open, page }) => {
  await open('/operations/createItem');
  await (await asJson(page)).focus();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('main').getByRole('button', { name: 'Send' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(answerOn(page)).toContainText('201 Created');
  await expect(answerOn(page)).toBeFocused();
});

test('the keyboard reaches the main part of a page first', async ({ open, page }) => {
  await open('/operations/searchItems');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('main').getByRole('link', { name: 'Operations' })).toBeFocused();
});

test('a list that was posted for has a button for its next page', async ({ open, page, upstream }) => {
  upstream.answer('/found', { body: { items: [{ name: 'Lamp' }], next_cursor: 'b' } });
  await open('/operations/findItems');
  await press(page);
  const next = answerOn(page).getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'Next' });
  await next.click();
  await expect(next).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: /^cursor/ })).toHaveValue('b');
  expect(upstream.calls('/found').map(({ body }) => JSON.parse(body))).toEqual([
    { name: 'Lamp' },
    { name: 'Lamp', cursor: 'b' },
  ]);
});

test('what takes something away is asked about in a form with files, and none is lost', async ({
  open,
  page,
  upstream,
}) => {
  upstream.answer('/listed', { body: { data: 2, message: 'Gone' } });
  await open('/operations/deleteListed');
  await page.getByLabel(/^file/).setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('1,2') });
  await page.getByText('Send…').click();
  await press(page, 'Yes, send');
  await expect(answerOn(page)).toContainText('200 OK');
  expect(upstream.calls('/listed')[0]?.body).toContain('1,2');
});
