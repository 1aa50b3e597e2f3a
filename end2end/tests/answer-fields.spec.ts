import type { Page } from '@playwright/test';
import { expect, scripted as test } from '../fixtures';
import { answerOn, press } from '../support/people';

test.beforeEach(({ signIn }) => signIn().then(() => undefined));

function described(page: Page) {
  return page.getByRole('region', { name: 'What it answers' });
}

function idOf(page: Page) {
  return page.getByRole('spinbutton', { name: /^id/ });
}

function field(page: Page, name: string) {
  return described(page)
    .getByRole('listitem')
    .filter({ has: page.getByText(name, { exact: true }) })
    .last();
}

test('what an answer holds is told on the page of its operation, and nothing is sent', async ({
  javaScriptEnabled,
  open,
  page,
  upstream,
}) => {
  await open('/operations/getShelf');
  await expect(described(page).getByRole('link')).toHaveAccessibleName('Fields of 200');
  await idOf(page).fill('7');
  await described(page).getByRole('link', { name: 'Fields of 200' }).click();
  await expect(described(page).getByRole('heading', { name: 'Answer 200' })).toBeVisible();
  if (javaScriptEnabled !== false) await expect(described(page)).toBeFocused();
  await expect(field(page, 'id')).toContainText('integer, at least 1');
  await expect(field(page, 'id')).toContainText('required');
  await expect(field(page, 'code')).toContainText('uuid or null');
  await expect(field(page, 'kind')).toContainText('One of open, locked');
  await expect(described(page)).not.toContainText('key');

  await expect(described(page).getByText('room', { exact: true })).toBeHidden();
  await described(page).getByText('2 fields of place').click();
  await expect(field(page, 'room')).toContainText('string, at most 3 characters');
  await expect(field(page, 'room')).toContainText('Example: B12');
  await expect(field(page, 'beside')).toContainText('The same fields as further up: Shelf');

  await described(page).getByText('one of 2 of holds').click();
  await expect(field(page, 'holds')).toContainText('list of one of several, at most 40 items');
  await expect(described(page).getByText('Only a name')).toBeVisible();

  const address = javaScriptEnabled === false ? '/operations/getShelf?~answer=200#responses' : '/operations/getShelf';
  await expect(page).toHaveURL(address);
  if (javaScriptEnabled !== false) await expect(idOf(page)).toHaveValue('7');
  expect(upstream.calls('/shelves/7')).toEqual([]);
});

test('a description in it is CommonMark, and nothing in it runs', async ({ open, page }) => {
  await open('/operations/getShelf?~answer=200');
  await expect(field(page, 'code').locator('strong')).toHaveText('on the board');
  await expect(described(page).locator('img, [onerror], [href^="javascript:"]')).toHaveCount(0);
});

test('it has headers, an example, and a body for each media type', async ({ open, page }) => {
  await open('/operations/getShelf?~answer=200');
  await described(page).getByText('Headers (1)').click();
  await expect(field(page, 'X-Weight')).toContainText('What it bears.');
  await described(page).getByText('Example: In the corner').first().click();
  await expect(described(page).getByRole('region', { name: 'Example: In the corner' })).toContainText('"room": "B12"');
  await described(page).getByRole('link', { name: 'text/csv' }).click();
  await expect(described(page)).toContainText('One line for each item.');
  await expect(described(page).getByRole('link', { name: 'text/csv' })).toHaveAttribute('aria-current', 'true');
});

test('a link to it fills the form in, sends nothing, and lasts when there is no such answer', async ({
  open,
  page,
  upstream,
}) => {
  expect(await open('/operations/getShelf?id=3&~answer=200')).toBe(200);
  await expect(idOf(page)).toHaveValue('3');
  await expect(answerOn(page)).toContainText('Nothing sent yet');
  expect(await open('/operations/listItems?~answer=777')).toBe(200);
  await expect(answerOn(page)).toContainText('Nothing sent yet');
  expect([...upstream.calls('/shelves/3'), ...upstream.calls('/items')]).toEqual([]);
});

test('beside an answer that came it is folded away, and the answer stays', async ({
  javaScriptEnabled,
  open,
  page,
  upstream,
}) => {
  upstream.answer('/shelves/7', { body: { data: { id: 7, place: { room: 'C34' } }, message: 'OK' } });
  await open('/operations/getShelf');
  await idOf(page).fill('7');
  await press(page);
  await expect(answerOn(page)).toContainText('C34');
  await described(page).getByText('What it answers').click();
  await described(page).getByRole('link', { name: 'Fields of 200' }).click();
  await expect(field(page, 'id')).toBeVisible();
  await expect(idOf(page)).toHaveValue('7');
  if (javaScriptEnabled !== false) await expect(answerOn(page)).toContainText('C34');
  expect(upstream.calls('/shelves/7')).toHaveLength(1);
});
