import { demo, expect } from '../fixtures';
import { alertOn, answerOn, asJson, expectLogin, press } from '../support/people';

demo.beforeEach(({ signIn }) => signIn('demo').then(() => undefined));

demo('a list of objects is a table', async ({ javaScriptEnabled, open, page }) => {
  await open('/operations/dailySales?from=2025-03-01&to=2025-03-07');
  const table = answerOn(page).getByRole('table', { name: '7 items' });
  await expect(table.getByRole('columnheader')).toHaveText(['date', 'orders', 'revenueCents']);
  await expect(table.getByRole('row')).toHaveCount(8);
  const date = table.getByRole('rowheader').first();
  await expect(date).toHaveText(javaScriptEnabled === false ? '2025-03-01' : '1 Mar 2025');
  await expect(date.locator('time')).toHaveAttribute('datetime', '2025-03-01');
});

demo('one page of a list is a table too, with what stood around it', async ({ open, page }) => {
  await open('/operations/listBooks?q=sherlock');
  const table = answerOn(page).getByRole('table');
  await expect(table.getByRole('columnheader').filter({ hasText: 'title' })).toBeVisible();
  await expect(table).toContainText('The Adventures of Sherlock Holmes');
  await expect(answerOn(page).getByRole('definition').first()).toBeVisible();
});

demo('an object is a list of facts', async ({ open, page }) => {
  await open('/operations/getBook?id=5');
  await expect(answerOn(page).getByRole('term').filter({ hasText: 'author' })).toBeVisible();
  await expect(answerOn(page).getByRole('definition').filter({ hasText: /^Arthur Conan Doyle$/ })).toBeVisible();
});

demo('a picture is a picture', async ({ open, page }) => {
  await open('/operations/getBookCover?id=5');
  const picture = answerOn(page).getByRole('img', { name: 'The answer as a picture' });
  await expect(picture).toBeVisible();
  expect((await picture.boundingBox())?.height).toBeGreaterThan(50);
  await expect(answerOn(page)).toContainText('image/svg+xml');
});

demo('every JSON answer can be read as it came, with status, time, size and headers', async ({ open, page }) => {
  await open('/operations/getMe');
  await expect(answerOn(page)).toContainText('200 OK');
  await expect(answerOn(page)).toContainText(/\d+ ms/);
  await expect(answerOn(page)).toContainText(/\d+ B/);
  await expect(answerOn(page)).toContainText('application/json');
  await answerOn(page).getByText('JSON', { exact: true }).click();
  await expect(answerOn(page).getByRole('region', { name: 'Answer as JSON' })).toContainText('"username": "demo"');
  await answerOn(page)
    .getByText(/^Headers \(\d+\)$/)
    .click();
  await expect(answerOn(page).getByRole('term').filter({ hasText: 'content-type' })).toBeVisible();
});

demo('a refusal is told in the words of the API, with its status', async ({ open, page }) => {
  expect(await open('/operations/getBook?id=999')).toBe(404);
  await expect(answerOn(page).getByRole('alert')).toContainText('There is no such book');
  await expect(answerOn(page)).toContainText('404 Not Found');
});

demo('HTML is shown as text, and does nothing', async ({ open, page }) => {
  expect(await open('/operations/promiseJson')).toBe(502);
  await expect(answerOn(page).getByRole('region', { name: 'Answer as text' })).toContainText('<h1>We are painting');
});

demo(
  'an order with mistakes in it is refused field by field, and placed as the document suggests it',
  async ({ open, page }) => {
    await open('/operations/createOrder');
    const body = await asJson(page);
    const wish = JSON.parse(await body.inputValue()) as { items: { quantity: number }[] };
    await body.fill(JSON.stringify({ ...wish, items: wish.items.map((item) => ({ ...item, quantity: 0 })) }));
    await press(page);
    await expect(alertOn(page)).toContainText('/items/0/quantity: Give at least 1');
    await press(page, 'Send anyway');
    await expect(answerOn(page)).toContainText('422');
    await expect(answerOn(page)).toContainText('items[0].quantity');
    await expect(answerOn(page)).toContainText('must be between 1 and 10');
    await body.fill(JSON.stringify(wish));
    await press(page);
    await expect(answerOn(page)).toContainText('201 Created');
    await expect(answerOn(page)).toContainText('Thank you for your order');
  },
);

demo('“expire my tokens” ends the session with the next call, wherever that is', async ({ open, page }) => {
  await open('/operations/expireMyTokens');
  await press(page);
  await expect(answerOn(page)).toContainText('200 OK');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Home' }).click();
  await expectLogin(page, 'expired', '/');
});

demo('“expire my access token” is not noticed', async ({ open, page }) => {
  await open('/operations/expireMyAccessToken');
  await press(page);
  await expect(answerOn(page)).toContainText('200 OK');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Home' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Hello, Demo Reader');
});

demo('“say 401 in words only” ends the session', async ({ page }) => {
  await page.goto('/operations/softUnauthorized');
  await expectLogin(page, 'expired', '/operations/softUnauthorized');
});
