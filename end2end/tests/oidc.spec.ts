import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, oidc as test } from '../fixtures';
import { claims } from '../support/jwt';
import {
  answerOn,
  END_FIREFOX,
  endedOn,
  expectLogin,
  firefox,
  idle,
  listening,
  signInAtProvider,
  signOutAtProvider,
} from '../support/people';
import { RESOURCE } from '../support/provider';
import { endings } from '../support/server';

const ITEMS = '/operations/listItems';
const SETTINGS = fileURLToPath(new URL('../../Leptos.toml', import.meta.url));

test('a person signs in at the provider and is back where they wanted to be', async ({ page, upstream }) => {
  await page.goto(ITEMS);
  await expectLogin(page, null, ITEMS);
  await signInAtProvider(page);
  await expect(page).toHaveURL(ITEMS);
  await expect(answerOn(page)).toContainText('Lamp');
  expect(upstream.calls('/items')[0]?.headers.authorization).toMatch(/^Bearer /);
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Ada Lovelace');
});

test('a token of two seconds is renewed before it is refused', async ({ page, provider, upstream }) => {
  provider.lifetime = 2;
  await page.goto(`/login?next=${ITEMS}`);
  await signInAtProvider(page);
  await expect(answerOn(page)).toContainText('Lamp');
  const first = upstream.calls('/items').at(-1)?.headers.authorization;
  await idle(page, 2500);
  await page.goto(ITEMS);
  await expect(answerOn(page)).toContainText('Lamp');
  const calls = upstream.calls('/items');
  expect(calls.at(-1)?.headers.authorization).not.toBe(first);
  expect(calls.filter(({ headers }) => headers.authorization === first)).toHaveLength(1);
});

test('a refusal to renew ends the session, and the provider asks again who it is', async ({ page, provider }) => {
  provider.lifetime = 1;
  await page.goto(`/login?next=${ITEMS}`);
  await signInAtProvider(page);
  await expect(answerOn(page)).toContainText('Lamp');
  provider.forget('ada');
  await idle(page, 2500);
  await page.goto(ITEMS);
  await expectLogin(page, 'expired', ITEMS);
  await provider.reset();
  // The provider still knows this browser, and would let it through unasked.
  await signInAtProvider(page, 'ada');
  await expect(page).toHaveURL(ITEMS);
  await expect(answerOn(page)).toContainText('Lamp');
});

test('signing out leads on to the provider and back', async ({ context, page, server }) => {
  await page.goto('/login?next=/account');
  await signInAtProvider(page);
  await expect(page).toHaveURL('/account');
  const [session] = await context.cookies(server.url);
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign out of Corp?');
  expect(await server.isLive(`${session?.name}=${session?.value}`), 'Out here before being out there.').toBe(false);
  expect(await context.cookies(server.url)).toEqual([]);
  await page.getByRole('button', { name: 'Yes' }).click();
  await expect(page).toHaveURL('/login?reason=signed-out');
  await expect(page.getByRole('status')).toContainText('You have signed out');
});

test('who signs out at the provider is out here within a second', async ({ context, page, provider, server }) => {
  await page.goto('/login?next=/account');
  await signInAtProvider(page);
  await expect(page).toHaveURL('/account');
  const [session] = await context.cookies(server.url);
  const elsewhere = await context.newPage();
  const log = server.tail();
  await signOutAtProvider(elsewhere, provider);
  const isLive = () => server.isLive(`${session?.name}=${session?.value}`);
  await expect.poll(isLive, { timeout: 1000, intervals: [50] }).toBe(false);
  expect(endings(log()).map(({ fields }) => fields['by'])).toEqual(['provider']);
  await page.goto(ITEMS);
  await expect(page).toHaveURL(`/login?reason=revoked&next=${ITEMS}`);
});

test('a frame of the provider signs out here, whatever cookies the browser sends with it', async ({
  context,
  elsewhere,
  javaScriptEnabled,
  page,
  provider,
  server,
}) => {
  const heard = javaScriptEnabled === false ? undefined : listening(page);
  await page.goto('/login?next=/account');
  await signInAtProvider(page);
  await expect(page).toHaveURL('/account');
  await heard;
  const [session] = await context.cookies(server.url);
  const isLive = () => server.isLive(`${session?.name}=${session?.value}`);
  const tab = await context.newPage();
  const log = server.tail();
  const frame = (sid: string) => {
    const query = new URLSearchParams({ iss: provider.url, sid });
    return elsewhere.shows(`<iframe src="${server.url}/auth/corp/frontchannel-logout?${query}"></iframe>`);
  };
  await tab.goto(frame('of-somebody-else'));
  expect(await isLive()).toBe(true);
  const asked = context.waitForEvent('request', (request) => request.url().includes(provider.sid));
  await tab.goto(frame(provider.sid));
  expect((await (await asked).allHeaders())['cookie'], 'to the browser, it is another site').toBeUndefined();
  if (heard) await expect(endedOn(page)).toBeVisible({ timeout: 1_000 });
  expect(await isLive()).toBe(false);
  expect(endings(log()).map(({ fields }) => fields['by'])).toEqual(['front-channel']);
  await page.goto(ITEMS);
  await expect(page).toHaveURL(`/login?reason=revoked&next=${ITEMS}`);
});

test('access tokens that are JWTs for the API are believed by it, renewed, and gone after signing out', async ({
  context,
  page,
  provider,
  server,
  start,
  upstream,
}) => {
  const own = await start({ ...provider.settings, VESTIBULE_SIGN_IN__OIDC__CORP__RESOURCE: RESOURCE });
  provider.serve(own.url);
  provider.lifetime = 2;
  const bearer = () => upstream.calls('/items').at(-1)?.headers.authorization?.replace('Bearer ', '') ?? '';
  await page.goto(`${own.url}/login?next=${ITEMS}`);
  await signInAtProvider(page);
  await expect(answerOn(page)).toContainText('Lamp');
  const first = bearer();
  expect(claims(first)).toMatchObject({ iss: provider.url, aud: RESOURCE, sub: 'ada' });
  await idle(page, 2_500);
  await page.goto(`${own.url}${ITEMS}`);
  await expect(answerOn(page)).toContainText('Lamp');
  expect(claims(bearer())).toMatchObject({ aud: RESOURCE, sub: 'ada' });
  expect(bearer()).not.toBe(first);
  expect(await provider.person(first), 'the first one has expired').toBeUndefined();

  const [session] = await context.cookies(own.url);
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await page.getByRole('button', { name: 'Yes' }).click();
  await expect(page).toHaveURL(`${own.url}/login?reason=signed-out`);
  expect(await own.isLive(`${session?.name}=${session?.value}`)).toBe(false);
  provider.serve(server.url);
});

test('who signed in a while ago shows at the provider that it is them', async ({
  browser,
  javaScriptEnabled,
  page,
  provider,
  server,
  start,
}) => {
  const own = await start({ ...provider.settings, VESTIBULE_SESSION__CONFIRM_AFTER: '3s' });
  provider.serve(own.url);
  await page.goto(`${own.url}/login?next=/account`);
  await signInAtProvider(page);
  await expect(page).toHaveURL(`${own.url}/account`);
  const { context, there } = await firefox(browser, own, javaScriptEnabled);
  await there.goto('/login?next=/account');
  await signInAtProvider(there);
  await expect(there).toHaveURL('/account');

  await idle(page, 3_100);
  await page.goto(`${own.url}/account`);
  await page.getByRole('button', { name: END_FIREFOX }).click();
  await expect(page.getByRole('status')).toContainText('show that it is you');
  await expect(page.getByLabel('Password')).toHaveCount(0);
  // The provider knows this browser, and asks all the same.
  await signInAtProvider(page);
  await expect(page).toHaveURL(`${own.url}/account#sessions`);
  await page.getByRole('button', { name: END_FIREFOX }).click();
  await expect(page.getByRole('main').getByRole('status')).toContainText('Done.');
  await there.goto('/account');
  await expect(there).toHaveURL('/login?reason=revoked&next=/account');
  await context.close();
  provider.serve(server.url);
});

test('an API below a mount has a provider of its own', async ({ page, provider, server, start, upstream }, info) => {
  const corp = Object.entries(provider.settings).map(
    ([key, value]) => `${key.split('__').at(-1)?.toLowerCase()} = "${value}"`,
  );
  const apis = [
    ...['[[upstream]]', 'name = "storeroom"', '[[upstream]]', 'name = "annex"', `base_url = "${upstream.url}"`],
    ...['[upstream.sign_in.password]', 'enabled = false', '[upstream.sign_in.oidc.corp]', ...corp],
  ];
  const file = info.outputPath('two.toml');
  await writeFile(file, (await readFile(SETTINGS, 'utf8')).replace('[upstream]', apis.join('\n')));
  const both = await start({ VESTIBULE_CONFIG: file });
  provider.serve(`${both.url}/apis/annex`);

  await page.goto(`${both.url}/apis/annex${ITEMS}`);
  await expect(page).toHaveURL(`${both.url}/apis/annex/login?next=${ITEMS}`);
  await signInAtProvider(page);
  await expect(page).toHaveURL(`${both.url}/apis/annex${ITEMS}`);
  await expect(answerOn(page)).toContainText('Lamp');
  await page.goto(`${both.url}/account`);
  await expect(page).toHaveURL(`${both.url}/login?next=/account`);
  await expect(page.getByRole('button', { name: 'Sign in with Corp' })).toHaveCount(0);

  await page.goto(`${both.url}/apis/annex/account`);
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await page.getByRole('button', { name: 'Yes' }).click();
  await expect(page).toHaveURL(`${both.url}/apis/annex/login?reason=signed-out`);
  provider.serve(server.url);
});

test('a provider that is down is told, and those who are signed in do not notice', async ({ browser, page, provider }) => {
  await page.goto(`/login?next=${ITEMS}`);
  await signInAtProvider(page);
  await expect(answerOn(page)).toContainText('Lamp');
  await provider.down();
  await page.reload();
  await expect(answerOn(page)).toContainText('Lamp');
  const other = await browser.newContext({ baseURL: new URL(page.url()).origin });
  await page.goto('about:blank');
  const visitor = await other.newPage();
  // What was read of the provider a moment ago still counts for a moment.
  await expect(async () => {
    const answer = await visitor.goto('/auth/corp/start');
    expect(answer?.status()).toBe(503);
    expect(answer?.headers()['retry-after']).toBe('5');
  }).toPass({ timeout: 10_000 });
  await expect(visitor.getByRole('main')).toContainText('cannot be reached');
  await provider.up();
  await expect(async () => {
    await visitor.goto('/login');
    await visitor.getByRole('button', { name: 'Sign in with Corp' }).click();
    await expect(visitor.getByLabel('Person')).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 10_000 });
  await other.close();
});
