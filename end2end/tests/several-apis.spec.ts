import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, scripted } from '../fixtures';
import { expectNoViolations } from '../support/axe';
import { answerOn, press, signInByForm } from '../support/people';
import type { Server } from '../support/server';
import { Upstream } from '../support/upstream';

const SETTINGS = fileURLToPath(new URL('../../Leptos.toml', import.meta.url));

/** In front of the storeroom, the default API, and of an annex with people and tokens of its own. */
const test = scripted.extend<{ annex: Upstream; both: Server }>({
  annex: async ({}, use) => {
    const annex = await Upstream.start();
    await use(annex);
    await annex.down();
  },

  both: async ({ annex, start }, use, info) => {
    const apis = `[[upstream]]\nname = "storeroom"\n\n[[upstream]]\nname = "annex"\ntitle = "Annex"\nbase_url = "${annex.url}"`;
    const file = info.outputPath('two.toml');
    await writeFile(file, (await readFile(SETTINGS, 'utf8')).replace('[upstream]', apis));
    await use(await start({ VESTIBULE_CONFIG: file }));
  },
});

test('each API has a sign-in of its own, and one leads to the other', async ({ open, page, both, annex, upstream }) => {
  const before = upstream.tokens.length;
  await open(`${both.url}/`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to Storeroom');
  await signInByForm(page, 'ada');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Ada Lovelace');

  const apis = page.getByRole('navigation', { name: 'APIs', exact: true });
  await expect(apis).toBeHidden();
  await page.getByText('APIs', { exact: true }).click();
  await expect(apis.getByRole('link')).toHaveText(['Storeroom', 'Annex']);
  await apis.getByRole('link', { name: 'Annex' }).click();
  await expect(page).toHaveURL(`${both.url}/apis/annex/login?next=/`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to Annex');
  await expect(page.getByRole('link', { name: 'Storeroom' })).toBeVisible();

  await signInByForm(page, 'grace');
  await expect(page).toHaveURL(`${both.url}/apis/annex/`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Grace Hopper');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Operations' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Operations');
  await page.getByRole('link', { name: 'GET /items List items' }).click();
  await expect(page).toHaveURL(`${both.url}/apis/annex/operations/listItems`);
  await expect(answerOn(page)).toContainText('Lamp');
  expect(annex.calls('/items').at(-1)?.headers.authorization).toBe(`Bearer ${annex.access}`);

  await page.getByText('APIs', { exact: true }).click();
  await apis.getByRole('link', { name: 'Storeroom' }).click();
  await expect(page).toHaveURL(`${both.url}/`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Ada Lovelace');
  expect(upstream.tokens).toHaveLength(before + 2);
});

test('an operation is sent to the API whose page it is on', async ({ open, page, both, annex, upstream }) => {
  await open(`${both.url}/apis/annex/operations/createItem`);
  await signInByForm(page);
  await expect(page).toHaveURL(`${both.url}/apis/annex/operations/createItem`);
  await press(page);
  await expect(answerOn(page)).toContainText('It stands on its shelf');
  expect(new URL(page.url()).pathname).toBe('/apis/annex/operations/createItem');
  expect(annex.calls('/items').map(({ method }) => method)).toEqual(['POST']);
  expect(upstream.calls('/items')).toEqual([]);
});

test('a session that ends at one leads back to where one was there, and the other lives', async ({
  open,
  page,
  both,
  annex,
}) => {
  await open(`${both.url}/login`);
  await signInByForm(page, 'ada');
  await open(`${both.url}/apis/annex/login`);
  await signInByForm(page, 'grace');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Grace Hopper');
  annex.expireTokens();
  await page.getByRole('link', { name: 'Grace Hopper' }).click();
  await expect(page).toHaveURL(`${both.url}/apis/annex/login?reason=expired&next=/account`);
  await expect(page.getByRole('status')).toContainText('Your session has ended');
  await signInByForm(page, 'grace');
  await expect(page).toHaveURL(`${both.url}/apis/annex/account`);
  await page.goto(`${both.url}/account`);
  await expect(page.getByRole('main')).toContainText('Ada Lovelace');

  await page.goto(`${both.url}/apis/annex/account`);
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(`${both.url}/apis/annex/login?reason=signed-out`);
  await page.goto(`${both.url}/account`);
  await expect(page.getByRole('main')).toContainText('Ada Lovelace');
});

test('the chooser works with the keyboard and is accessible', async ({ javaScriptEnabled, open, page, both }) => {
  await open(`${both.url}/apis/annex/login`);
  await signInByForm(page);
  await page.getByRole('link', { name: 'Annex' }).first().focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('navigation', { name: 'APIs', exact: true }).getByRole('link').first()).toBeFocused();
  if (javaScriptEnabled !== false) await expectNoViolations(page);
});
