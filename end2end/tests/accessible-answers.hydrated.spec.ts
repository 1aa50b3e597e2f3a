/** Every way in which an answer is shown, as it stands and with all that folds away. */

import type { Page } from '@playwright/test';
import { demo, expect, scripted } from '../fixtures';
import { expectNoViolations } from '../support/axe';
import { answerOn } from '../support/people';

interface View {
  what: string;
  path: string;
  /** What shows that the view is there. */
  shows: (page: Page) => Promise<void>;
}

function role(name: Parameters<Page['getByRole']>[0], options?: Parameters<Page['getByRole']>[1]) {
  return (page: Page) => expect(answerOn(page).getByRole(name, options).first()).toBeVisible();
}

const views: View[] = [
  { what: 'a table', path: 'listBooks?q=sherlock', shows: role('table') },
  { what: 'an object with others inside', path: 'getBook?id=5', shows: role('term') },
  { what: 'a plot', path: 'dailySales?from=2025-03-01&to=2025-03-07', shows: role('img') },
  { what: 'a picture', path: 'getBookCover?id=5', shows: role('img', { name: 'The answer as a picture' }) },
  {
    what: 'a PDF',
    path: 'getLeaflet?id=5',
    shows: (page) => expect(answerOn(page).getByTitle('The answer as a PDF')).toBeVisible(),
  },
  {
    what: 'events',
    path: 'watchTheTill?count=2&every=100',
    shows: (page) => expect(answerOn(page).getByRole('list', { name: 'Events' }).locator(':scope > li')).toHaveCount(2),
  },
  { what: 'a text', path: 'getWindow', shows: role('region', { name: 'Answer as text' }) },
  { what: 'an answer in parts', path: 'listMovements?count=20000', shows: role('link', { name: 'Next items' }) },
];

const looks: View[] = [
  { what: 'Paths', path: 'getBook?id=5', shows: role('rowheader') },
  { what: 'Source', path: 'listMovements?count=20000', shows: role('region', { name: 'Answer as text' }) },
  {
    what: 'As a page',
    path: 'getWindow',
    shows: (page) => expect(answerOn(page).getByTitle('The answer as a page, without scripts')).toBeVisible(),
  },
];

/** All that folds, unfolded: the JSON, the headers, the columns, what is inside. */
async function unfold(page: Page): Promise<void> {
  await page.locator('main details').evaluateAll((folds) => folds.forEach((fold) => fold.setAttribute('open', '')));
}

for (const { what, path, shows } of views) {
  demo(`axe finds nothing on ${what}, in light and dark`, async ({ enter, page }) => {
    await enter(`/operations/${path}`, 'demo');
    await shows(page);
    await expectNoViolations(page);
    await unfold(page);
    await expectNoViolations(page);
  });
}

for (const { what, path, shows } of looks) {
  demo(`axe finds nothing on an answer looked at by ${what}, in light and dark`, async ({ enter, page }) => {
    await enter(`/operations/${path}`, 'demo');
    await answerOn(page).getByRole('link', { name: what }).click();
    await shows(page);
    await expectNoViolations(page);
  });
}

for (const { what, data } of [
  { what: 'a list of values', data: ['Lamp', 'Rug', null, 3, true, 'https://storeroom.example/lamp'] },
  { what: 'an empty list', data: [] },
  { what: 'lists in lists and objects in objects', data: { a: { b: [{ c: [1, [2, { d: {} }]] }], e: null } } },
  { what: 'nothing but a message', data: null },
]) {
  scripted(`axe finds nothing on ${what}, in light and dark`, async ({ enter, page, upstream }) => {
    upstream.answer('/items', { body: { data, message: 'OK' } });
    await enter('/operations/listItems');
    await expect(answerOn(page)).toContainText('200 OK');
    await unfold(page);
    await expectNoViolations(page);
  });
}

scripted('axe finds nothing on the fields of an answer, in light and dark', async ({ enter, page }) => {
  await enter('/operations/getShelf?~answer=200');
  await expect(page.getByRole('heading', { name: 'Answer 200' })).toBeVisible();
  await unfold(page);
  await expectNoViolations(page);
});
