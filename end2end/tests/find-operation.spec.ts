import { demo, expect } from '../fixtures';

demo.beforeEach(({ signIn }) => signIn('demo').then(() => undefined));

demo('the home page leads to an operation by search', async ({ open, page }) => {
  await open('/');
  await page.getByRole('searchbox').fill('cover');
  await page.getByRole('searchbox').press('Enter');
  await expect(page).toHaveURL('/operations?q=cover');
  await expect(page.getByRole('main').getByRole('status')).toContainText(/\d+ of \d+ operations match(es)? “cover”/);
  await page.getByRole('link', { name: 'Show the cover of a book' }).click();
  await expect(page).toHaveURL('/operations/getBookCover');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Show the cover of a book');
});

demo('every page but the index has a search in its header', async ({ open, page }) => {
  await open('/account');
  await page.getByRole('banner').getByRole('searchbox').fill('sales');
  await page.getByRole('banner').getByRole('button', { name: 'Search' }).click();
  await expect(page).toHaveURL('/operations?q=sales');
  await expect(page.getByRole('main').getByRole('link', { name: 'Sales by day' })).toBeVisible();
});

demo('the index shows all operations by group', async ({ open, page }) => {
  await open('/operations');
  await expect(page.getByRole('main').getByRole('status')).toHaveText(/^\d+ operations in 7 groups$/);
  await page.getByRole('navigation', { name: 'Groups' }).getByRole('link', { name: 'Orders' }).click();
  await expect(page).toHaveURL('/operations#tag-Orders');
  await page.getByRole('region', { name: 'Orders' }).getByRole('link', { name: 'List my orders' }).click();
  await expect(page).toHaveURL('/operations/listOrders');
});

demo('a search that finds nothing leads on', async ({ open, page }) => {
  await open('/operations?q=unicorn');
  await expect(page.getByRole('heading', { level: 2 })).toHaveText('Nothing matches “unicorn”');
  await page.getByRole('link', { name: /^Show all \d+ operations$/ }).click();
  await expect(page).toHaveURL('/operations');
});

demo('words of a search are text, whatever they are', async ({ open, page }) => {
  const words = '"><img src=x onerror=alert(1)> & %';
  await open('/operations');
  await page.getByRole('searchbox').fill(words);
  await page.getByRole('searchbox').press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: 'Nothing matches' })).toHaveText(
    `Nothing matches “${words}”`,
  );
  await expect(page.getByRole('searchbox')).toHaveValue(words);
});

demo('typing errors are forgiven, and what was found is marked', async ({ open, page }) => {
  await open('/operations?q=creaet+ordr');
  const first = page.getByRole('main').getByRole('list').getByRole('link').first();
  await expect(first).toContainText('Place an order');
});

demo('a result says why it is one', async ({ open, page }) => {
  await open('/operations?q=payment');
  await expect(page.getByRole('main').getByRole('listitem').first()).toContainText('field payment');
});

demo('a word that is nowhere leads to one that is near', async ({ open, page }) => {
  await open('/operations?q=paymzzzt');
  await page.getByRole('main').getByRole('link', { name: 'payment' }).click();
  await expect(page).toHaveURL('/operations?q=payment');
  await expect(page.getByRole('main').getByRole('status')).toContainText(/\d+ of \d+ operations? match/);
});

demo('a tag leads to its operations', async ({ open, page }) => {
  await open('/operations/listOrders');
  await page.getByRole('main').getByRole('link', { name: 'Orders', exact: true }).click();
  await expect(page).toHaveURL('/operations?tag=Orders');
  await expect(page.getByRole('main').getByRole('status')).toHaveText(/^\d+ operations in “Orders”$/);
});
