import type { Page } from '@playwright/test';
import { demo, expect } from '../fixtures';
import { answerOn } from '../support/people';

/** Until all of the answer is there; a page is shown before. */
async function arrived(page: Page): Promise<void> {
  const again = answerOn(page).getByRole('link', { name: 'Still arriving: look again' });
  await expect(async () => {
    if ((await again.count()) > 0) await again.click();
    await expect(again).toHaveCount(0, { timeout: 1000 });
  }).toPass();
}

demo.beforeEach(({ signIn }) => signIn('demo').then(() => undefined));

demo('a long list is shown in parts, sorted, searched and stored whole', async ({ open, page }) => {
  await open('/operations/listMovements?count=20000');
  await arrived(page);
  const table = answerOn(page).getByRole('table');
  await expect(table).toHaveAccessibleName('Items 1 to 100 of 20,000');
  await answerOn(page).getByRole('link', { name: 'Next items' }).click();
  await expect(table).toHaveAccessibleName('Items 101 to 200 of 20,000');
  await answerOn(page).getByRole('columnheader', { name: 'quantity' }).getByRole('link').click();
  await expect(answerOn(page).getByRole('columnheader', { name: 'quantity' })).toHaveAttribute('aria-sort', 'ascending');
  const number = answerOn(page).getByRole('columnheader', { name: 'number' });
  await number.getByRole('link').click();
  await expect(number).toHaveAttribute('aria-sort', 'ascending');
  await number.getByRole('link').click();
  await expect(table.getByRole('rowheader').first()).toHaveText('20000');
  await answerOn(page).getByRole('searchbox', { name: 'Find in the answer' }).fill('Moby-Dick');
  await answerOn(page).getByRole('button', { name: 'Find' }).click();
  await expect(table).toContainText('Moby-Dick');
  await expect(table).not.toContainText('Frankenstein');
  const download = page.waitForEvent('download');
  await answerOn(page).getByRole('link', { name: 'Download' }).click();
  expect((await download).suggestedFilename()).toBe('listMovements.json');
});

demo('columns are chosen, and the choice lasts', async ({ open, page }) => {
  await open('/operations/listStock');
  await answerOn(page).getByText('Columns', { exact: true }).click();
  const chosen = answerOn(page).getByRole('checkbox', { checked: true });
  while ((await chosen.count()) > 0) await chosen.first().uncheck();
  await answerOn(page).getByRole('checkbox', { name: 'title' }).check();
  await answerOn(page).getByRole('checkbox', { name: 'shelf', exact: true }).check();
  await answerOn(page).getByRole('button', { name: 'Show these' }).click();
  await expect(answerOn(page).getByRole('columnheader')).toHaveText(['title', 'shelf']);
  await answerOn(page).getByRole('columnheader', { name: 'title' }).getByRole('link').click();
  await expect(answerOn(page).getByRole('columnheader')).toHaveText(['title', 'shelf']);
});

demo('a number over time is drawn, with its table beside', async ({ open, page }) => {
  await open('/operations/dailySales?from=2025-03-01&to=2025-03-07');
  await expect(answerOn(page).getByRole('img', { name: /^orders from 2025-03-01 to 2025-03-07: between/ })).toBeVisible();
  await expect(answerOn(page).getByRole('table', { name: '7 items' })).toBeVisible();
});

demo('every value has a path', async ({ open, page }) => {
  await open('/operations/getBook?id=5');
  await answerOn(page).getByRole('link', { name: 'Paths' }).click();
  await expect(answerOn(page).getByRole('rowheader', { name: '/data/author' })).toBeVisible();
  await answerOn(page).getByRole('searchbox').fill('conan');
  await answerOn(page).getByRole('button', { name: 'Find' }).click();
  await expect(answerOn(page).getByRole('rowheader')).toHaveText(['/data/author', '/data/related/1/author']);
});

demo('a list inside an answer can be sorted by itself', async ({ open, page }) => {
  await open('/operations/getBook?id=5');
  const lists = answerOn(page).getByRole('navigation', { name: 'Lists in the answer' });
  await lists.getByRole('link', { name: 'data/related' }).click();
  const title = answerOn(page).getByRole('columnheader', { name: 'title' });
  await title.getByRole('link').click();
  await expect(title).toHaveAttribute('aria-sort', 'ascending');
  await lists.getByRole('link', { name: 'The whole answer' }).click();
  await expect(lists.getByRole('link', { name: 'data/related' })).toBeVisible();
});

demo('events are shown as they come', async ({ javaScriptEnabled, open, page }) => {
  await open('/operations/watchTheTill?count=4&every=700');
  const events = answerOn(page).getByRole('list', { name: 'Events' });
  await expect(events.getByRole('listitem').first()).toContainText('sale');
  if (javaScriptEnabled === false) {
    await expect(async () => {
      await answerOn(page).getByRole('link', { name: 'What came after these' }).click();
      await expect(events.getByRole('listitem').first()).toBeVisible({ timeout: 1000 });
    }).toPass();
    return;
  }
  await expect(events.locator(':scope > li')).toHaveCount(4);
  await expect(events).not.toHaveAttribute('data-live');
});

demo('a PDF is shown', async ({ open, page }) => {
  await open('/operations/getLeaflet?id=5');
  await expect(answerOn(page).getByTitle('The answer as a PDF')).toBeVisible();
  await expect(answerOn(page).getByRole('link', { name: /Open the PDF/ })).toBeVisible();
});

demo('HTML is text, and a page without scripts on request', async ({ open, page }) => {
  await open('/operations/getWindow');
  await expect(answerOn(page).getByRole('region', { name: 'Answer as text' })).toContainText('<h1>In our window');
  await answerOn(page).getByRole('link', { name: 'As a page' }).click();
  const frame = page.frameLocator('iframe[sandbox]');
  await expect(frame.getByRole('heading', { name: 'In our window' })).toBeVisible();
});
