import { expect, scripted as test } from '../fixtures';
import { navigating } from '../support/http';
import { endings } from '../support/server';

const TWENTY = Array.from({ length: 20 });

test('twenty pages at once that meet a 401 are one end of session', async ({ server, upstream }) => {
  const cookie = await server.signIn();
  const log = server.tail();
  const ended = await server.metric('vestibule_sessions_ended_total');
  const items = upstream.hold('/items');
  const pages = TWENTY.map(() => server.get('/operations/listItems', { ...navigating, cookie }));
  await items.arrived(20);
  upstream.expireTokens();
  items.release();
  for (const page of await Promise.all(pages)) {
    expect(page).toMatchObject({ status: 303, body: '' });
    expect(page.headers.location).toBe('/api/logout?reason=expired&next=/operations/listItems');
  }
  expect(await server.metric('vestibule_sessions_ended_total')).toBe(ended + 1);
  await expect.poll(() => endings(log()).length).toBe(1);
  await expect.poll(() => upstream.calls('/auth/logout').length).toBe(1);
});

test('twenty calls at once with an expired token are one refresh, and all succeed', async ({ server, upstream }) => {
  const cookie = await server.signIn();
  upstream.expireAccessTokens();
  const items = upstream.hold('/items');
  const pages = TWENTY.map(() => server.get('/operations/listItems', { ...navigating, cookie }));
  await items.arrived(20);
  items.release();
  expect((await Promise.all(pages)).map(({ status }) => status)).toEqual(TWENTY.map(() => 200));
  expect(upstream.calls('/auth/refresh')).toHaveLength(1);
});
