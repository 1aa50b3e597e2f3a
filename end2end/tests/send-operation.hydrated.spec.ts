import { expect, scripted as test } from '../fixtures';
import { alertOn, answerOn, asJson, press } from '../support/people';

test('sending a form keeps the document, and the news gets the focus', async ({ enter, page }) => {
  await enter('/operations/createItem');
  await page.evaluate(() => Object.assign(window, { isMarked: true }));
  await press(page);
  await expect(answerOn(page)).toContainText('201 Created');
  await expect(answerOn(page)).toBeFocused();
  await (await asJson(page)).fill('{"name":');
  await press(page);
  await expect(alertOn(page)).toBeFocused();
  expect(await page.evaluate(() => 'isMarked' in window)).toBe(true);
});

test('a form that does not even reach Vestibule says so, and works later', async ({ context, enter, page }) => {
  await enter('/operations/createItem');
  await context.setOffline(true);
  await press(page);
  const news = page.getByText('could not be reached');
  await expect(news).toBeVisible();
  const box = await news.boundingBox();
  expect(box?.width, 'visible to eyes as well').toBeGreaterThan(50);
  await context.setOffline(false);
  await press(page);
  await expect(answerOn(page)).toContainText('201 Created');
  await expect(news).toBeHidden();
});

test('a form that is on its way says so, and is not sent twice', async ({ enter, page, upstream }) => {
  await enter('/operations/createItem');
  const body = await asJson(page);
  const items = upstream.hold('/items');
  const form = page.getByRole('form', { name: 'Request' });
  await press(page);
  await items.arrived();
  await expect(form).toHaveAttribute('aria-busy', 'true');
  await body.press('Tab');
  await page.keyboard.press('Enter');
  items.release();
  await expect(answerOn(page)).toContainText('201 Created');
  expect(upstream.calls('/items')).toHaveLength(1);
});

test('a form that is only being drawn anew does not hold up what is sent', async ({ enter, page, upstream }) => {
  await enter('/operations/createItem');
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const first = async (route: { continue: () => Promise<void> }) => {
    await held;
    await route.continue();
  };
  await page.route('**/api/send_operation', first, { times: 1 });
  await page.getByRole('button', { name: 'Edit as JSON' }).click();
  await press(page);
  await expect(answerOn(page)).toContainText('201 Created');
  release();
  await page.waitForTimeout(500);
  await expect(answerOn(page)).toContainText('201 Created');
  expect(upstream.calls('/items')).toHaveLength(1);
});
