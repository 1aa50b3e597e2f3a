import { expect, scripted as test } from '../fixtures';
import { expectLogin, signInByForm } from '../support/people';

test('signing in leads to the home page, which says who is signed in', async ({ open, page }) => {
  await open('/');
  await expectLogin(page, null, '/');
  await signInByForm(page);
  await expect(page).toHaveURL('/');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Ada Lovelace');
  await expect(page.getByRole('banner').getByRole('link', { name: 'Storeroom' })).toBeVisible();
});

test('a page asked for without a session is where signing in leads', async ({ page }) => {
  await page.goto('/operations/searchItems?q=Lamp&limit=2');
  await expectLogin(page, null, '/operations/searchItems?q=Lamp&limit=2');
  await signInByForm(page);
  await expect(page).toHaveURL('/operations/searchItems?q=Lamp&limit=2');
  await expect(page.getByRole('main')).toContainText('Lamp');
});

test('the keyboard is enough', async ({ open, page }) => {
  await open('/login?next=/account');
  await expect(page.getByLabel('User name')).toBeFocused();
  await page.keyboard.type('ada');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Password')).toBeFocused();
  await page.keyboard.type('ada');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/account');
});

for (const { what, person, password } of [
  { what: 'a wrong password', person: 'ada', password: 'wrong' },
  { what: 'an unknown name', person: 'nobody', password: 'nobody' },
]) {
  test(`${what} is told on the login page, which keeps the name and the way back`, async ({ open, page }) => {
    await open('/login?next=/account');
    await signInByForm(page, person, password);
    await expect(page.getByRole('alert')).toHaveText('Wrong user name or password.');
    await expect(page.getByLabel('User name')).toHaveValue(person);
    await expect(page.getByLabel('Password')).toHaveValue('');
    await signInByForm(page);
    await expect(page).toHaveURL('/account');
  });
}

test('an API that is down is told on the login page, and trying again helps', async ({ open, page, upstream }) => {
  await open('/login');
  await upstream.down();
  await signInByForm(page);
  await expect(page.getByRole('alert')).toContainText('cannot be reached');
  await upstream.up();
  await signInByForm(page);
  await expect(page).toHaveURL('/');
});

test('who is signed in already goes on', async ({ page, signIn }) => {
  await signIn();
  await page.goto('/login?next=/account');
  await expect(page).toHaveURL('/account');
});

test('the cookie of a dead session is no trouble on the login page', async ({
  context,
  page,
  signIn,
  upstream,
  server,
}) => {
  const cookie = await signIn();
  upstream.expireTokens();
  await server.get('/account', { cookie });
  await page.goto('/login?next=/account');
  expect(await context.cookies()).toEqual([]);
  await signInByForm(page);
  await expect(page).toHaveURL('/account');
});
