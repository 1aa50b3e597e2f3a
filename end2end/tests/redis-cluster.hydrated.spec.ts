/** Two nodes whose sessions lie in a Redis cluster. */

import { expect } from '../fixtures';
import { cluster } from '../support/nodes';
import { answerOn, END_FIREFOX, endedOn, firefox, listening, signInByForm } from '../support/people';
import { Redis } from '../support/redis';
import type { Server } from '../support/server';

const ITEMS = '/operations/listItems';
const AT_ONCE = { timeout: 1_000 };

/** The address of a cluster, of which two nodes are told, with an account that may do only what it has to. */
const test = cluster.extend<{ store: string }>({
  store: async ({}, use) => {
    const three = await Redis.cluster();
    await Promise.all(three.map((redis) => redis.admit('word', '+cluster|slots')));
    await use(`redis+cluster://vestibule:word@${three[0]?.host},${three[1]?.host}`);
    await Promise.all(three.map((redis) => redis.stop()));
  },
});

test('signing in, refreshing, and ending sessions from elsewhere, which open pages hear of', async ({
  browser,
  nodes,
  page,
  store,
  upstream,
}) => {
  const [here, there] = (await nodes(2, { VESTIBULE_SESSION__STORE: store })) as [Server, Server];
  await page.goto(`${here.url}/login?next=${ITEMS}`);
  await signInByForm(page);
  await expect(answerOn(page)).toContainText('Lamp');
  upstream.expireAccessTokens();
  await page.goto(`${there.url}${ITEMS}`);
  await expect(answerOn(page), 'the other node knows the session, and renews its token').toContainText('Lamp');
  expect(upstream.calls('/auth/refresh')).toHaveLength(1);

  const { context, there: other } = await firefox(browser, there);
  const signIn = async () => {
    const heard = listening(other);
    await other.goto('/login?next=/operations/createItem');
    await signInByForm(other);
    await heard;
  };
  await signIn();
  await page.goto(`${here.url}/account`);
  await page.getByRole('button', { name: END_FIREFOX }).click();
  await expect(endedOn(other)).toBeVisible(AT_ONCE);
  await expect(page.getByRole('main').getByRole('status')).toContainText('Done.');

  await signIn();
  await page.reload();
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(endedOn(other)).toBeVisible(AT_ONCE);
  await expect(page).toHaveURL(`${here.url}/login?reason=signed-out`);
  expect(await there.metric('vestibule_sessions_live')).toBe(0);
  await context.close();
});
