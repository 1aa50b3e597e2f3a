import type { Locator, Page } from '@playwright/test';
import { expect, scripted as test } from '../fixtures';
import { alertOn, answerOn, signInAgain } from '../support/people';

const PAGE = '/operations/deleteListed';

/** Chooses a file of so many bytes. */
async function choose(page: Page, size: number): Promise<Locator> {
  const input = page.getByLabel(/^file/);
  await input.setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.alloc(size, '1,') });
  return input;
}

const chosen = (input: Locator) => input.evaluate((input: HTMLInputElement) => input.files?.[0]?.size);

/** Folds the question out first, where it is not. */
async function send(page: Page): Promise<void> {
  const yes = page.getByRole('main').getByRole('button', { name: 'Yes, send' });
  if (!(await yes.last().isVisible())) await page.getByText('Send…').click();
  await yes.last().click();
}

test('a file stays chosen until the form is right and the API takes it', async ({ enter, page, upstream }) => {
  await enter(PAGE);
  await page.evaluate(() => Object.assign(window, { isMarked: true }));
  const file = await choose(page, 1000);
  const limit = page.getByRole('textbox', { name: /^limit/ });
  await limit.fill('many');
  await send(page);
  await expect(alertOn(page)).toContainText('limit: ');
  expect(upstream.calls('/listed')).toHaveLength(0);
  expect(await chosen(file)).toBe(1000);

  upstream.answer('/listed', { status: 422, body: { message: 'That list is not for us.' } });
  await limit.fill('7');
  await send(page);
  await expect(answerOn(page)).toContainText('That list is not for us.');
  await expect(answerOn(page)).toBeFocused();
  expect(await chosen(file)).toBe(1000);

  upstream.answer('/listed', { body: { data: 2, message: 'Gone' } });
  await send(page);
  await expect(answerOn(page)).toContainText('200 OK');
  expect(upstream.calls('/listed')).toHaveLength(2);
  expect(upstream.calls('/listed').at(-1)?.body).toContain('1,'.repeat(500));
  expect(await page.evaluate(() => 'isMarked' in window)).toBe(true);
});

test('a file that was missing is there once it is chosen', async ({ enter, page, upstream }) => {
  upstream.answer('/listed', { body: { data: 2, message: 'Gone' } });
  await enter(PAGE);
  await send(page);
  await expect(alertOn(page)).toContainText('file: Choose a file');
  const file = await choose(page, 10);
  await send(page);
  await expect(answerOn(page)).toContainText('200 OK');
  await expect(file).not.toHaveAttribute('aria-invalid', 'true');
});

test('a file that is too large is told of beside the form, which stays as it is', async ({
  open,
  page,
  signIn,
  start,
  upstream,
}) => {
  upstream.answer('/listed', { body: { data: 2, message: 'Gone' } });
  const server = await start({ VESTIBULE_UPSTREAM__MAX_UPLOAD: '1000 B' });
  await signIn('ada', server);
  await open(server.url + PAGE);
  await choose(page, 1001);
  const limit = page.getByRole('textbox', { name: /^limit/ });
  await limit.fill('7');
  await send(page);
  await expect(alertOn(page)).toContainText('At most 1000 B of files can be sent at once, so nothing was sent.');
  await expect(limit).toHaveValue('7');
  await choose(page, 1000);
  await send(page);
  await expect(answerOn(page)).toContainText('200 OK');
  await expect(alertOn(page)).toHaveCount(0);
  await open(server.url + PAGE);
  await expect(page.getByRole('main'), 'nothing was lost').not.toContainText('What you had typed is back');
});

test('files without a network are told of, and sent later', async ({ context, enter, page, upstream }) => {
  upstream.answer('/listed', { body: { data: 2, message: 'Gone' } });
  await enter(PAGE);
  await choose(page, 10);
  await context.setOffline(true);
  await send(page);
  await expect(alertOn(page)).toContainText('could not be reached');
  await context.setOffline(false);
  await send(page);
  await expect(answerOn(page)).toContainText('200 OK');
});

test('a session that has ended is noticed with files as well, and what was typed comes back', async ({
  enter,
  page,
  upstream,
}) => {
  await enter(PAGE);
  await choose(page, 10);
  await page.getByRole('textbox', { name: /^limit/ }).fill('7');
  upstream.expireTokens();
  await send(page);
  await signInAgain(page, PAGE);
  await expect(page.getByRole('textbox', { name: /^limit/ })).toHaveValue('7');
  await expect(page.getByRole('main')).toContainText('Files are not kept: choose them again.');
});
