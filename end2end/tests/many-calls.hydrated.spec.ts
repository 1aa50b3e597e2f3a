import { expect, scripted as test } from '../fixtures';
import { expectLogin } from '../support/people';
import { endings } from '../support/server';

test('twenty calls of one page that meet a 401 are one end of session', async ({ enter, page, server, upstream }) => {
  await enter('/operations');
  const log = server.tail();
  const ended = await server.metric('vestibule_sessions_ended_total');
  upstream.expireTokens();
  const statuses = await page.evaluate(async () => {
    const call = async () => (await fetch('/api/upstream/items', { headers: { 'X-CSRF': '1' } })).status;
    return Promise.all(Array.from({ length: 20 }, call));
  });
  expect(statuses).toEqual(Array.from({ length: 20 }, () => 401));
  expect(await server.metric('vestibule_sessions_ended_total')).toBe(ended + 1);
  await expect.poll(() => endings(log()).length).toBe(1);
  await page.getByRole('link', { name: 'GET /items List items', exact: true }).click();
  await expectLogin(page, 'expired', '/operations/listItems');
});
