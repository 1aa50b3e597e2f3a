import { expect, scripted as test } from '../fixtures';
import { posting, send } from '../support/http';

test('the session has another id after every sign-in, and the one before is over', async ({ server }) => {
  const first = await server.signIn();
  const again = posting({ username: 'grace', password: 'grace' }, { cookie: first });
  const answer = await send(server.url, '/login', again);
  const second = answer.cookies[0]?.split(';')[0] ?? '';
  expect(second).toMatch(/^vestibule=.{40,}/);
  expect(second).not.toBe(first);
  expect(await server.isLive(first)).toBe(false);
  expect(await server.isLive(second)).toBe(true);
});

test('the statuses of signing in are 303, 401, 429 and 502', async ({ server, upstream }) => {
  const attempt = async () => (await send(server.url, '/login', posting({ username: 'ada', password: 'ada' }))).status;
  expect(await attempt()).toBe(303);
  upstream.answer('/auth/login', { status: 422, body: { message: 'No' } });
  expect(await attempt()).toBe(401);
  upstream.answer('/auth/login', { status: 429, body: { message: 'Wait' } });
  expect(await attempt()).toBe(429);
  upstream.answer('/auth/login', { status: 500 });
  expect(await attempt()).toBe(502);
});

test('signing out twice is no error', async ({ server }) => {
  const cookie = await server.signIn();
  for (const _ of [1, 2]) {
    const answer = await send(server.url, '/api/logout', posting({}, { cookie }));
    expect(answer).toMatchObject({ status: 303, body: '', headers: { location: '/login?reason=signed-out' } });
  }
});

test('a wrong password is a 401 with a challenge that makes no browser ask by itself', async ({ server }) => {
  const answer = await send(server.url, '/login', posting({ username: 'ada', password: 'wrong' }));
  expect(answer).toMatchObject({ status: 401, cookies: [], headers: { 'www-authenticate': 'Session' } });
});
