/** The log holds no secret, however much it tells. */

import { mergeTests, type Page } from '@playwright/test';
import { expect, oidc } from '../fixtures';
import { calling } from '../support/http';
import { cluster, SECRET } from '../support/nodes';
import { answerOn, idle, signInAtProvider, signInByForm, signOutAtProvider } from '../support/people';

const test = mergeTests(cluster, oidc);
const ITEMS = '/operations/listItems';
const WORD = 'a-word-between-Redis-and-us';

/** Notes the values of all cookies that browsers are given, and what their addresses hold besides a path. */
function noted(page: Page): Set<string> {
  const secrets = new Set<string>();
  page.on('request', (request) => {
    for (const [name, value] of new URL(request.url()).searchParams) {
      if (['code', 'state', 'nonce', 'id_token_hint'].includes(name)) secrets.add(value);
    }
  });
  page.on('response', async (response) => {
    const headers = await response.headersArray().catch(() => []);
    for (const { name, value } of headers) {
      // One of ours only says that somebody was signed out.
      const secret = /^[^=]*=([^;]{2,})/.exec(value)?.[1];
      if (name.toLowerCase() === 'set-cookie' && secret) secrets.add(secret);
    }
  });
  return secrets;
}

/** A secret as a log may spell it: as it is, encoded, as numbers, and each half of what is put together. */
function spellings(secret: string): string[] {
  const parts = [secret, ...secret.split('.').filter((part) => part.length > 15)];
  const encoded = [encodeURIComponent(secret), Buffer.from(secret).toString('base64').slice(0, -4)];
  return [...parts, ...encoded, [...Buffer.from(secret)].slice(0, 8).join(', ')];
}

test('tokens, cookies and passwords are not in the most talkative log', async ({
  context,
  nodes,
  page,
  provider,
  redis,
  server,
  upstream,
}) => {
  await redis.admit(WORD);
  const [own] = await nodes(1, {
    ...provider.settings,
    VESTIBULE_LOG__FILTER: 'trace',
    VESTIBULE_SESSION__STORE: redis.url.replace('//', `//vestibule:${WORD}@`),
  });
  if (!own) throw new Error('a node');
  provider.serve(own.url);
  provider.lifetime = 2;
  const secrets = noted(page);
  const note = (...more: string[]) => more.forEach((secret) => secrets.add(secret));

  await page.goto(`${own.url}/login?next=${ITEMS}`);
  await signInByForm(page, 'grace', 'a-wrong-password');
  await expect(page.getByRole('alert')).toBeVisible();
  await signInByForm(page, 'grace');
  await expect(answerOn(page)).toContainText('Lamp');
  note(...upstream.tokens, 'a-wrong-password');
  upstream.expireAccessTokens();
  await page.reload();
  await expect(answerOn(page)).toContainText('Lamp');
  note(...upstream.tokens);
  const cookie = await own.signIn('grace');
  note(cookie.split('=')[1] ?? '', ...upstream.tokens);
  upstream.expireTokens();
  const script = { ...calling, 'x-csrf': '1', cookie };
  expect((await own.get('/api/upstream/items', script)).status).toBe(401);
  await page.goto(`${own.url}${ITEMS}`);
  await expect(page).toHaveURL(/reason=expired/);

  await signInAtProvider(page);
  await expect(answerOn(page)).toContainText('Lamp');
  await idle(page, 2_500);
  await page.goto(`${own.url}${ITEMS}`);
  await expect(answerOn(page)).toContainText('Lamp');
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Yes' }).click();
  await expect(page).toHaveURL(/reason=signed-out/);

  await signInAtProvider(page);
  await expect(page).toHaveURL(`${own.url}/`);
  const tab = await context.newPage();
  await signOutAtProvider(tab, provider);
  await expect.poll(() => own.says).toContain('"by":"provider"');

  note(...provider.secrets, WORD, ...Object.values(SECRET));
  expect(secrets.size).toBeGreaterThan(25);
  expect(own.says, 'it is the most talkative log').toContain('"level":"TRACE"');
  for (const secret of secrets) for (const text of spellings(secret)) expect(own.says.includes(text), text).toBe(false);
  expect(own.says, 'nor who they are').not.toMatch(/grace|lovelace/i);
  provider.serve(server.url);
});
