import { demo, expect } from '../fixtures';

demo.beforeEach(({ signIn }) => signIn('demo').then(() => undefined));

demo('results follow what is typed, and the address follows them', async ({ open, page }) => {
  await open('/operations');
  const search = page.getByRole('searchbox');
  await search.pressSequentially('cover');
  await expect(page.getByRole('main').getByRole('status')).toContainText(/\d+ of \d+ operations? match(es)? “cover”/);
  await expect(page).toHaveURL('/operations?q=cover');
  await expect(page.getByRole('link', { name: 'Show the cover of a book' })).toBeVisible();
  await expect(search).toBeFocused();

  await search.fill('');
  await expect(page.getByRole('main').getByRole('status')).toHaveText(/^\d+ operations in 7 groups$/);
  await expect(page).toHaveURL('/operations');
});

demo('a slow answer to an older word changes nothing', async ({ open, page }) => {
  await open('/operations');
  let held = 0;
  await page.route('**/api/search_operations', async (route) => {
    const isOlder = held++ === 0;
    const answer = await route.fetch();
    if (isOlder) await new Promise((done) => setTimeout(done, 1500));
    await route.fulfill({ response: answer });
  });
  const search = page.getByRole('searchbox');
  const older = page.waitForResponse('**/api/search_operations');
  await search.fill('cover');
  await page.waitForRequest('**/api/search_operations');
  await search.fill('sales');
  await expect(page.getByRole('main').getByRole('status')).toContainText('“sales”');
  await older;
  await expect(page.getByRole('main').getByRole('status')).toContainText('“sales”');
  await expect(page).toHaveURL('/operations?q=sales');
});

demo('arrow keys lead through the results, and Enter opens one', async ({ open, page }) => {
  await open('/operations');
  const search = page.getByRole('searchbox');
  await search.fill('cover');
  await expect(page).toHaveURL('/operations?q=cover');
  const results = page.getByRole('main').getByRole('list').getByRole('link');
  await search.press('ArrowDown');
  await expect(results.first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await expect(results.first()).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(search).toBeFocused();
  await search.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/operations/getBookCover');
  await page.goBack();
  await expect(page).toHaveURL('/operations?q=cover');
  await expect(page.getByRole('link', { name: 'Show the cover of a book' })).toBeVisible();
});

demo('/ leads to the search from any page, but not while somebody writes', async ({ open, page }) => {
  for (const address of ['/', '/account', '/operations', '/operations/getBookCover']) {
    await open(address);
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('/');
    await expect(page.getByRole('searchbox').first()).toBeFocused();
    await expect(page.getByRole('searchbox').first()).toHaveValue('');
  }
  await page.keyboard.type('a/b');
  await expect(page.getByRole('searchbox').first()).toHaveValue('a/b');
});
