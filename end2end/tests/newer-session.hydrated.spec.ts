import { expect, scripted as test } from '../fixtures';
import { answerOn, press, signInAgain } from '../support/people';

test('a stale 401 behind a click leaves the new session alone, and the page goes on in it', async ({
  context,
  enter,
  page,
  upstream,
}) => {
  await enter('/operations/createItem');
  const items = upstream.hold('/items');
  await press(page);
  await items.arrived();

  upstream.expireTokens();
  const second = await context.newPage();
  await second.goto('/account');
  await signInAgain(second, '/account');

  const arrived = page.waitForEvent('load');
  items.release();
  await arrived;
  await expect(page).toHaveURL('/operations/createItem');
  await press(page);
  await expect(answerOn(page)).toContainText('201 Created');
});
