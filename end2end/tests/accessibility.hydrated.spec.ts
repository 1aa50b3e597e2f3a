import type { Page } from '@playwright/test';
import { expect, scripted as test } from '../fixtures';
import { expectNoViolations } from '../support/axe';
import { answerOn, press, signInByForm } from '../support/people';
import type { Upstream } from '../support/upstream';

interface Look {
  what: string;
  path: string;
  signedOut?: boolean;
  /** What the API does meanwhile. */
  api?: (upstream: Upstream) => Promise<void> | void;
  /** What the person does on the page. */
  act?: (page: Page) => Promise<void>;
}

const looks: Look[] = [
  { what: 'the login page', path: '/login', signedOut: true },
  { what: 'the login page after an expired session', path: '/login?reason=expired&next=/account', signedOut: true },
  {
    what: 'the login page after a wrong password',
    path: '/login',
    signedOut: true,
    act: async (page) => {
      await signInByForm(page, 'ada', 'wrong');
      await expect(page.getByRole('alert')).toBeVisible();
    },
  },
  { what: 'the home page', path: '/' },
  { what: 'the home page without an API', path: '/', api: (upstream) => upstream.down() },
  { what: 'the index of operations', path: '/operations' },
  { what: 'a search', path: '/operations?q=item' },
  { what: 'a search that found nothing', path: '/operations?q=unicorn' },
  { what: 'an operation', path: '/operations/searchItems' },
  { what: 'an operation with fields that do not fit', path: '/operations/searchItems?limit=99' },
  { what: 'a table', path: '/operations/listItems' },
  { what: 'a list of facts', path: '/operations/items%2Fget?id=1' },
  { what: 'a single value', path: '/operations/get/count' },
  { what: 'a form with a body', path: '/operations/createItem' },
  {
    what: 'a form that was sent',
    path: '/operations/createItem',
    act: async (page) => {
      await press(page);
      await expect(answerOn(page)).toContainText('201 Created');
    },
  },
  {
    what: 'a refusal',
    path: '/operations/listItems',
    api: (upstream) => upstream.answer('/items', { status: 403, body: { message: 'Only for storekeepers' } }),
  },
  { what: 'an API that is down', path: '/operations/listItems', api: (upstream) => upstream.down() },
  { what: 'the account page', path: '/account' },
  {
    what: 'the history, a past request, and two compared',
    path: '/operations/searchItems?q=Rug',
    act: async (page) => {
      await page.goto('/operations/searchItems?q=Lamp');
      await page.goto('/history');
      await expectNoViolations(page);
      await page.getByRole('main').getByRole('listitem').getByRole('link').first().click();
      await expect(page.getByRole('heading', { name: 'What came of it' })).toBeVisible();
      await expectNoViolations(page);
      await page.goto('/history');
      for (const box of (await page.getByRole('checkbox').all()).slice(0, 2)) await box.check();
      await page.getByRole('button', { name: 'Compare two' }).click();
      await expect(page.getByRole('heading', { name: 'Two requests compared' })).toBeVisible();
    },
  },
  { what: 'a page that is not there', path: '/nowhere' },
  { what: 'the question before signing out', path: '/api/logout' },
];

test('axe finds nothing on a form that another site filled in, in light and dark', async ({
  elsewhere,
  page,
  server,
  signIn,
}) => {
  await signIn();
  await page.goto(elsewhere.shows(`<a href="${server.url}/operations/searchItems?q=Lamp">Look here</a>`));
  await page.getByRole('link', { name: 'Look here' }).click();
  await expect(page.getByRole('main').getByRole('status')).toBeVisible();
  await expectNoViolations(page);
});

test('axe finds nothing on the refusal of a form of another site, in light and dark', async ({
  elsewhere,
  page,
  server,
  signIn,
}) => {
  await signIn();
  const form = `<form method="post" action="${server.url}/api/logout"><button>Win a prize</button></form>`;
  await page.goto(elsewhere.shows(form));
  await page.getByRole('button', { name: 'Win a prize' }).click();
  await expect(page.getByRole('main')).toContainText('another site');
  await expectNoViolations(page);
});

for (const { what, path, signedOut, api, act } of looks) {
  test(`axe finds nothing on ${what}, in light and dark`, async ({ open, page, signIn, upstream }) => {
    if (!signedOut) await signIn();
    await api?.(upstream);
    await open(path);
    await act?.(page);
    await expectNoViolations(page);
  });
}
