/** Several nodes behind a load balancer, on one Redis, and people who sign in at an OpenID provider. */

import { mergeTests, type Cookie, type Page } from '@playwright/test';
import { expect, oidc } from '../fixtures';
import { Balancer } from '../support/balancer';
import { clock, cluster, page as open } from '../support/nodes';
import { answerOn, endedOn, idle, listening, signInAtProvider, signOutAtProvider } from '../support/people';
import type { Provider } from '../support/provider';
import type { Server } from '../support/server';
import type { Upstream } from '../support/upstream';

const ITEMS = '/operations/listItems';

const test = mergeTests(cluster, oidc).extend<{ balancer: Balancer; settings: Record<string, string> }>({
  balancer: async ({ provider, server }, use) => {
    const balancer = await Balancer.start();
    provider.serve(balancer.url);
    await use(balancer);
    provider.serve(server.url);
    await balancer.stop();
  },

  settings: async ({ balancer, provider }, use) =>
    use({ ...provider.settings, VESTIBULE_SERVER__PUBLIC_URL: balancer.url }),
});

/** Signs out at the provider, which says so to whichever node is asked; the open page hears of it from another one. */
async function expectOutByProvider(page: Page, provider: Provider): Promise<void> {
  const tab = await page.context().newPage();
  await signOutAtProvider(tab, provider);
  await expect(endedOn(page)).toBeVisible({ timeout: 1_000 });
  await tab.close();
}

/** The tokens with which the API has been asked so far. */
function bearers(upstream: Upstream): string[] {
  return [...new Set(upstream.calls('/items').map(({ headers }) => headers.authorization ?? ''))];
}

test('whoever signs in at one of three is signed in at all, also when that one is killed, and out at all at once', async ({
  balancer,
  nodes,
  page,
  provider,
  settings,
  upstream,
}) => {
  const [first, second, third] = (await nodes(3, settings)) as [Server, Server, Server];
  provider.lifetime = 2;
  balancer.turnTo(first);
  await page.goto(`${balancer.url}/login?next=${ITEMS}`);
  await page.getByRole('button', { name: 'Sign in with Corp' }).click();
  await page.getByLabel('Person').fill('ada');
  balancer.turnTo(second);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(answerOn(page)).toContainText('Lamp');
  balancer.turnTo(first);
  // What the page had open at the node would break off, and the browser complain.
  await page.goto('about:blank');
  await second.kill();
  await page.waitForTimeout(2_500);
  provider.lifetime = 300;
  const [{ name, value }] = (await page.context().cookies(balancer.url)) as [Cookie];
  const cookie = `${name}=${value}`;
  const before = bearers(upstream);
  const calls = Array.from({ length: 60 }, (_, index) => open(index % 2 ? first : third, cookie));
  expect(new Set((await Promise.all(calls)).map(({ status }) => status))).toEqual(new Set([200]));
  expect(bearers(upstream).length - before.length, 'one of the two has renewed it for both').toBe(1);

  balancer.turnTo(third);
  const heard = listening(page);
  await page.goto(`${balancer.url}/account`);
  await expect(page.getByRole('main')).toContainText('Ada Lovelace');
  await heard;
  balancer.turnTo(first);
  await expectOutByProvider(page, provider);
  for (const node of [first, third]) expect(await node.isLive(cookie)).toBe(false);
});

for (const { what, shift } of [
  { what: 'ahead', shift: '+5m' },
  { what: 'behind', shift: '-5m' },
]) {
  test(`a node whose clock is five minutes ${what} signs in, renews tokens, and hears of the provider`, async ({
    balancer,
    nodes,
    page,
    provider,
    settings,
    upstream,
  }) => {
    const [wrong] = (await nodes(1, { ...settings, ...clock(shift) })) as [Server];
    const [right] = (await nodes(1, settings)) as [Server];
    const log = wrong.tail();
    provider.lifetime = 2;
    balancer.turnTo(wrong);
    await page.goto(`${balancer.url}/login?next=${ITEMS}`);
    await signInAtProvider(page);
    await expect(answerOn(page)).toContainText('Lamp');
    await idle(page, 2_500);
    const before = upstream.calls('/items').at(-1)?.headers.authorization;
    await page.goto(`${balancer.url}${ITEMS}`);
    await expect(answerOn(page)).toContainText('Lamp');
    expect(upstream.calls('/items').at(-1)?.headers.authorization).not.toBe(before);

    balancer.turnTo(right);
    const heard = listening(page);
    await page.goto(`${balancer.url}/account`);
    await heard;
    balancer.turnTo(wrong);
    await expectOutByProvider(page, provider);
    expect(log().filter(({ level }) => level !== 'INFO'), 'nothing was odd to the node').toEqual([]);
  });
}
