/** What needs a session does not answer without one, however it is asked. */

import { expect, scripted as test } from '../fixtures';
import { calling, navigating, posting, send } from '../support/http';

const PAGES = ['/', '/account', '/operations', '/operations/listItems', '/nowhere'];

test('without a session a page is a 303 to the login page, with nothing in it', async ({ server }) => {
  for (const path of PAGES) {
    const answer = await server.get(path);
    expect(answer).toMatchObject({ status: 303, body: '', headers: { location: `/login?next=${path}` } });
    expect(answer.headers['cache-control']).toContain('no-store');
  }
});

test('without a session anything else is a 401 with a challenge', async ({ server, upstream }) => {
  for (const path of [...PAGES, '/api/session', '/api/upstream/items']) {
    const answer = await server.get(path, { ...calling, 'x-csrf': '1' });
    expect(answer, path).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Session' } });
  }
  // prettier-ignore
  const functions = ['check_session', 'profile', 'session_times', 'api_summary', 'list_operations', 'open_operation',
    'send_operation', 'glance'];
  for (const name of functions) {
    const body = 'query=&address=createItem&form=&user_id=1&sid=1&session=1';
    const headers = { ...calling, 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await send(server.url, `/api/${name}`, { method: 'POST', headers, body });
    expect(answer, name).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Session' } });
  }
  expect(upstream.calls('/items')).toHaveLength(0);
});

test('other spellings of an address are guarded as well', async ({ server }) => {
  for (const path of [
    '/account/',
    '//account',
    '/%61ccount',
    '/account%2f',
    '/Account',
    '/account?x=/healthz',
    '/account%23/healthz',
    '/account;/healthz',
    '/login/../account',
    '/login/',
    '/healthz/',
    '/metrics/x',
  ]) {
    const { status, body } = await server.get(path);
    expect(status, path).toBe(303);
    expect(body, path).toBe('');
  }
});

test('no header opens the door', async ({ server }) => {
  const headers: Record<string, string>[] = [
    { 'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware' },
    { 'x-forwarded-uri': '/healthz', 'x-original-url': '/healthz', 'x-rewrite-url': '/healthz' },
    { 'x-user': 'ada', 'x-forwarded-user': 'ada', 'x-vestibule-session': '1' },
    { 'user-agent': 'GoogleHC/1.0' },
    { 'user-agent': 'kube-probe/1.30' },
    { authorization: 'Bearer \xff' },
    { authorization: 'Bearer access-token-1' },
    { 'islands-router': 'true' },
  ];
  for (const header of headers) {
    const answer = await server.get('/account', { ...navigating, ...header });
    expect(answer, JSON.stringify(header)).toMatchObject({
      status: 303,
      body: '',
      headers: { location: '/login?next=/account' },
    });
  }
});

test('the host that a request names is never used', async ({ server }) => {
  const headers = {
    ...navigating,
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
  };
  for (const path of ['/', '/login', '/api/logout?reason=expired']) {
    const answer = await server.get(path, headers);
    expect(JSON.stringify([answer.headers, answer.body])).not.toContain('evil.example');
  }
});

test('a person is not told which half of a sign-in was wrong', async ({ server }) => {
  const attempt = (username: string, password: string) => send(server.url, '/login', posting({ username, password }));
  const [name, password] = [await attempt('xyz', 'ada'), await attempt('ada', 'xyz')];
  expect(name.status).toBe(401);
  expect(normal(name.body.replaceAll('xyz', 'ada'))).toBe(normal(password.body));
});

for (const { path, limit } of [
  { path: '/login', limit: 64 << 10 },
  { path: '/api/send_operation', limit: 16 << 20 },
  { path: '/operations/createItem', limit: 2 << 20 },
]) {
  test(`a body over the limit of ${path} is a 413`, async ({ server }) => {
    const kind = path.startsWith('/api/') ? calling : navigating;
    const form = posting(
      { body: 'x'.repeat(limit) },
      { ...kind, 'sec-fetch-site': 'same-origin', cookie: await server.signIn() },
    );
    expect((await send(server.url, path, form)).status).toBe(413);
  });
}

/** Without what differs from answer to answer. */
function normal(html: string): string {
  return html.replaceAll(/(nonce|crossorigin)="[^"]*"/g, '');
}
