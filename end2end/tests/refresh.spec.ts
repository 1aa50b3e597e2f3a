import { expect, scripted as test } from '../fixtures';
import { alertOn, answerOn, expectLogin } from '../support/people';

test('a refresh that works is not noticed', async ({ open, page, server, signIn, upstream }) => {
  const cookie = await signIn();
  const refreshToken = upstream.tokens.at(-1);
  upstream.expireAccessTokens();
  expect(await open('/operations/listItems')).toBe(200);
  await expect(answerOn(page)).toContainText('Lamp');
  expect(upstream.calls('/auth/refresh')).toHaveLength(1);
  expect(JSON.parse(upstream.calls('/auth/refresh')[0]?.body ?? '')).toEqual({ refreshToken });
  expect(upstream.calls('/auth/refresh')[0]?.headers.authorization).toBeUndefined();
  expect(await server.isLive(cookie)).toBe(true);
  await open('/account');
  expect(upstream.calls('/auth/refresh')).toHaveLength(1);
});

test('a refresh that is refused for good ends the session', async ({ page, signIn, upstream }) => {
  await signIn();
  upstream.expireTokens();
  await page.goto('/operations/listItems');
  await expectLogin(page, 'expired', '/operations/listItems');
  expect(upstream.calls('/items')).toHaveLength(1);
  expect(upstream.calls('/auth/refresh')).toHaveLength(1);
});

for (const { what, answer } of [
  { what: 'fails', answer: { status: 503, body: 'Closed' } },
  { what: 'is put off', answer: { status: 429, body: { message: 'Too many calls' } } },
  { what: 'answers nonsense', answer: { body: 'nonsense' } },
  { what: 'answers no token', answer: { body: { data: {} } } },
]) {
  test(`a refresh that ${what} keeps the session, and works later`, async ({
    open,
    page,
    server,
    signIn,
    upstream,
  }) => {
    const cookie = await signIn();
    upstream.expireAccessTokens();
    upstream.answer('/auth/refresh', answer);
    expect(await open('/operations/listItems')).toBe(502);
    await expect(alertOn(page)).toContainText('still signed in');
    expect(await server.isLive(cookie)).toBe(true);
    upstream.recover('/auth/refresh');
    await page.getByRole('main').getByRole('link', { name: 'Try again' }).click();
    await expect(answerOn(page)).toContainText('Lamp');
  });
}

test('a 401 that stays after a refresh ends the session after one refresh and one retry', async ({
  page,
  signIn,
  upstream,
}) => {
  await signIn();
  upstream.answer('/items', { status: 401, body: { message: 'Not you' } });
  await page.goto('/operations/listItems');
  await expectLogin(page, 'expired', '/operations/listItems');
  expect(upstream.calls('/auth/refresh')).toHaveLength(1);
  expect(upstream.calls('/items')).toHaveLength(2);
  const [first, second] = upstream.calls('/items').map((call) => call.headers.authorization);
  expect(first).not.toBe(second);
});
