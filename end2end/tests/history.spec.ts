import { expect, scripted as test } from '../fixtures';
import { answerOn, asJson, press } from '../support/people';
import type { Locator, Page } from '@playwright/test';

test.beforeEach(({ signIn }) => signIn().then(() => undefined));

/** Sends one item, and waits for the answer. */
async function put(page: Page, open: (path: string) => Promise<number>, item: object): Promise<void> {
  await open('/operations/createItem');
  await (await asJson(page)).fill(JSON.stringify(item));
  await press(page);
  await expect(answerOn(page)).toContainText('201 Created');
}

function rows(page: Page): Locator {
  return page.getByRole('main').getByRole('list').getByRole('listitem');
}

/** Makes the history as new, as tests share a server. */
async function emptied(page: Page, open: (path: string) => Promise<number>): Promise<void> {
  await open('/history');
  const empty = page.getByText('Empty the history');
  if (await empty.isVisible()) {
    await empty.click();
    await page.getByRole('button', { name: 'Empty it now' }).click();
  }
  await expect(page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
}

test('what was asked is listed, opened and filled in again, unsent', async ({ open, page, upstream }) => {
  await emptied(page, open);
  await put(page, open, { name: 'Vase', quantity: 2 });
  await open('/history');
  await expect(rows(page)).toHaveCount(1);
  await rows(page).getByRole('link', { name: /^Put an item on a shelf/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Put an item on a shelf');
  await expect(page.getByRole('region', { name: 'Asked' })).toContainText('Vase');
  await expect(page.getByRole('region', { name: 'What came of it' })).toContainText('201 Created');
  await page.getByRole('link', { name: 'Run again' }).click();
  await expect(page.getByRole('textbox', { name: /^Body/ })).toHaveValue('{"name":"Vase","quantity":2}');
  await expect(answerOn(page)).toContainText('Nothing sent yet');
  expect(upstream.calls('/items')).toHaveLength(1);
  await press(page);
  await expect(answerOn(page)).toContainText('201 Created');
  expect(upstream.calls('/items')).toHaveLength(2);
});

test('the page of an operation lists its latest requests', async ({ open, page }) => {
  await emptied(page, open);
  await put(page, open, { name: 'Vase', quantity: 2 });
  const latest = page.getByRole('region', { name: 'Your latest requests' });
  await expect(latest.getByRole('listitem')).toHaveCount(1);
  await press(page);
  await expect(latest.getByRole('listitem')).toHaveCount(2);
  await latest.getByRole('link', { name: 'Run again' }).first().click();
  await expect(page).toHaveURL(/createItem\?again=/);
});

test('a GET is run again by its address', async ({ open, page, upstream }) => {
  await emptied(page, open);
  await open('/operations/searchItems?q=Rug&limit=5');
  await open('/history');
  await rows(page).getByRole('link', { name: 'Run again' }).click();
  await expect(answerOn(page)).toContainText('Rug');
  expect(upstream.calls('/search')).toHaveLength(2);
});

test('two answers are compared', async ({ open, page }) => {
  await emptied(page, open);
  await open('/operations/searchItems?q=Rug');
  await open('/operations/searchItems?q=Lamp');
  await open('/history');
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await page.getByRole('button', { name: 'Compare two' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Two requests compared');
  const difference = page.getByRole('region', { name: 'How the answers differ' });
  await expect(difference.getByRole('deletion').filter({ hasText: 'Rug' })).toHaveCount(1);
  await expect(difference.getByRole('insertion').filter({ hasText: 'Lamp' })).toHaveCount(1);
});

test('one alone cannot be compared, and the page says so', async ({ open, page }) => {
  await emptied(page, open);
  await open('/operations/searchItems?q=Rug');
  await open('/operations/searchItems?q=Lamp');
  await open('/history');
  await page.getByRole('checkbox').first().check();
  await page.getByRole('button', { name: 'Compare two' }).click();
  await expect(page.getByRole('main')).toContainText('Choose exactly two requests');
});

test('it can be switched off, on and emptied', async ({ open, page }) => {
  await emptied(page, open);
  await open('/operations/listItems');
  await open('/history');
  await page.getByRole('button', { name: 'Switch off' }).click();
  await expect(page.getByRole('main')).toContainText('New requests are not noted.');
  await open('/operations/listItems');
  await open('/history');
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Switch on' }).click();
  await expect(page.getByRole('button', { name: 'Switch off' })).toBeVisible();
  await emptied(page, open);
});

test('operations used last stand on the home page', async ({ open, page }) => {
  await emptied(page, open);
  await open('/operations/searchItems?q=Rug');
  for (const path of ['/', '/operations']) {
    await open(path);
    const recent = page.getByRole('region', { name: 'Recently used' });
    await expect(recent.getByRole('link')).toHaveText([/Search for items/]);
  }
  await page.getByRole('region', { name: 'Recently used' }).getByRole('link').click();
  await expect(page).toHaveURL('/operations/searchItems');
});

test('another person finds none of it', async ({ open, page, signIn }) => {
  await emptied(page, open);
  await open('/operations/searchItems?q=Rug');
  await open('/history');
  const href = await rows(page).getByRole('link').first().getAttribute('href');
  await page.context().clearCookies();
  await signIn('grace');
  expect(await open(href ?? '')).toBe(404);
  await expect(page.getByRole('main')).not.toContainText('Rug');
});
