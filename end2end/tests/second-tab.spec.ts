import { expect, scripted as test } from '../fixtures';
import { press, signInByForm, signOut } from '../support/people';

test('the next call of a tab that was left open lands on the login page, and comes back to its own page', async ({
  context,
  enter,
  open,
  page,
}) => {
  await enter('/operations/createItem');
  const second = await context.newPage();
  await open('/account', second);
  await signOut(second);

  await press(page);
  await page.waitForURL((url) => url.pathname === '/login');
  expect(new URL(page.url()).searchParams.get('next')).toBe('/operations/createItem');
  await signInByForm(page);
  await expect(page).toHaveURL('/operations/createItem');

  await second.goto('/account');
  await expect(second.getByRole('heading', { level: 1 })).toHaveText('Account');
});

test('a link in a tab that was left open lands on the login page, and goes where it led', async ({
  context,
  enter,
  open,
  page,
}) => {
  await enter('/operations');
  const second = await context.newPage();
  await open('/account', second);
  await signOut(second);

  await page.getByRole('link', { name: /List items$/ }).click();
  await page.waitForURL((url) => url.pathname === '/login');
  expect(new URL(page.url()).searchParams.get('next')).toBe('/operations/listItems');
  await signInByForm(page);
  await expect(page).toHaveURL('/operations/listItems');
});
