/** Where signing in, signing out and a 401 may lead: never off this site, never round in circles. */

import { expect, scripted as test } from '../fixtures';
import { calling, navigating, posting, send } from '../support/http';

/** What stands between spaces. */
function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** Known attacks on the way back after signing in, as they stand in a query. */
const FOREIGN = [
  '',
  // Backslashes and control characters, which browsers read as slashes or leave out.
  ...words(`
    /%5Cevil.example %5C%5Cevil.example /%5C/evil.example //%5cevil.example /./%5Cevil.example /%09/evil.example
    /%0a/evil.example /%0d/evil.example /%0b/evil.example %20//evil.example /%20/evil.example %09//evil.example
  `),
  // More slashes than one, spelt in many ways.
  ...words(`
    //evil.example ///evil.example /~//evil.example ~/%5Cevil.example /%252f/evil.example
    /%252F%252Fevil.example /%255cevil.example /..//evil.example /.%252e//evil.example /%252e%252e/x /x/../../y
    %2F%2Fevil.example /a//evil.example
  `),
  // Whole addresses, also of hosts that look like ours.
  ...words(`
    https://evil.example http:evil.example https:/evil.example http:0xd8.0x3a.0xd6.0xce //0xd83ad6ce
    https://app.example//evil.example/x https://app.example%5C@evil.example https://app.example@evil.example
    https://app.example.evil.example evil.example @evil.example ;@evil.example ?url=//evil.example
  `),
  // Schemes that run.
  ...words(`
    javascript:alert(1) JaVaScRiPt:alert(1) %09javascript:alert(1) data:text/html,x vbscript:x
  `),
  // What no parser should choke on.
  ...words(`
    http://%5B:: %25 %ff%fe /%ff /%E3%80%B5evil /%C3%A9 [] %5B%22/a%22%5D {}
  `),
  // Headers inside headers.
  ...words(`
    /a%0d%0aSet-Cookie:x=1 /a%250d%250aSet-Cookie:x=1 /%00 /a%2500
  `),
  // Places that lead back here, or are no pages.
  ...words(`
    /login /login?next=/login /login/ /api/logout /api/upstream/items /auth/x/start
  `),
];
const LOCAL = [
  '/account',
  '/operations/searchItems?q=a&next=//x',
  '/operations/items%2Fget',
  '/operations?q=http://x/',
];

test('after signing in, every foreign target is the home page', async ({ server }) => {
  for (const next of [...FOREIGN.map(decoded), `${server.url}//evil.example/x`, `${server.url}/account`]) {
    const answer = await send(server.url, '/login', posting({ username: 'ada', password: 'ada', next }));
    expect(answer, next).toMatchObject({ status: 303, body: '', headers: { location: '/' } });
    expect(answer.cookies, next).toHaveLength(1);
  }
});

test('who is signed in already is not sent elsewhere by /login, nor by the logout route', async ({ server }) => {
  const cookie = await server.signIn();
  for (const next of FOREIGN) {
    for (const path of [`/login?next=${next}`, `/api/logout?reason=expired&next=${next}`]) {
      const answer = await server.get(path, { ...navigating, cookie });
      expect(answer, path).toMatchObject({ status: 303, headers: { location: '/' }, cookies: [] });
    }
  }
});

test('without a session the logout route passes only local targets on', async ({ server }) => {
  for (const next of FOREIGN) {
    const answer = await server.get(`/api/logout?reason=expired&next=${next}`);
    expect(answer, next).toMatchObject({ status: 303, headers: { location: '/login?reason=expired&next=/' } });
  }
  for (const next of LOCAL) {
    const encoded = encodeURIComponent(next);
    const { headers } = await server.get(`/api/logout?reason=expired&next=${encoded}`);
    const target = new URL(headers.location ?? '', server.url).searchParams.get('next');
    expect(target).toBe(next);
  }
});

test('the login page carries only local targets, and escapes them', async ({ server }) => {
  for (const next of [...FOREIGN, '%22%3E%3Cscript%3Ealert(1)%3C/script%3E']) {
    const answer = await server.get(`/login?next=${next}`);
    expect(answer.status, next).toBe(200);
    expect(answer.body, next).toMatch(/<input type="hidden" name="next" value="\/"/);
  }
});

test('a target that comes twice, in brackets or without end is no server error', async ({ server }) => {
  const cookie = await server.signIn();
  for (const query of [
    'next=/account&next=/operations',
    'next[]=/account',
    `next=/${'x'.repeat(5000)}`,
    'next',
    '&&=',
    '%',
  ]) {
    const answer = await server.get(`/login?${query}`, { ...navigating, cookie });
    expect(answer.status, query.slice(0, 40)).toBe(303);
    expect(answer.headers.location, query.slice(0, 40)).toMatch(/^\/(account|operations)?$/);
    expect((await server.get(`/login?${query}`)).status, query.slice(0, 40)).toBe(200);
    expect((await server.get(`/api/logout?reason=expired&${query}`)).status, query.slice(0, 40)).toBe(303);
  }
  const endless = posting({ username: 'ada', password: 'ada', next: `/${'x'.repeat(60_000)}` });
  expect(await send(server.url, '/login', endless)).toMatchObject({ status: 303, headers: { location: '/' } });
});

test('a path that is asked for without a session comes back as a local target, or not at all', async ({ server }) => {
  for (const path of ['//evil.example/%2e%2e', '//evil.example', '/%5Cevil.example', '/%2f/evil.example', '/a//b']) {
    const { status, headers } = await server.get(path);
    expect(status, path).toBe(303);
    expect(headers.location, path).toBe('/login?next=/');
  }
});

test('a page of another site in Referer is no target', async ({ server, upstream }) => {
  const cookie = await server.signIn();
  upstream.expireTokens();
  for (const referer of ['https://evil.example//evil.example/x', 'https://evil.example/login', 'nonsense']) {
    const call = { method: 'POST', headers: { ...navigating, 'sec-fetch-site': 'same-origin', cookie, referer } };
    const { status, headers } = await send(server.url, '/api/check_session', call);
    expect(status).toBe(303);
    expect(headers.location).toMatch(/^\/(login|api\/logout)\?(reason=expired&)?next=\/$/);
  }
});

test('a server function that fails sends nobody to another site', async ({ server }) => {
  const cookie = await server.signIn();
  const headers = { accept: 'text/html', cookie, origin: server.url, referer: 'https://evil.example/' };
  for (const body of ['', 'address=nothing&query=', '%%%']) {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await send(server.url, '/api/open_operation', {
      method: 'POST',
      headers: { ...headers, ...type },
      body,
    });
    expect(new URL(answer.headers.location ?? '/', server.url).origin).toBe(server.url);
    expect(answer.body).not.toContain('evil.example');
  }
});

test('there is no way round in circles', async ({ server }) => {
  const nested = `/login?next=${encodeURIComponent(`/login?next=${encodeURIComponent('/login?next=/login')}`)}`;
  expect(await server.get(nested)).toMatchObject({ status: 200 });
  const dead = 'vestibule=dead';
  const page = await server.get('/login', { ...navigating, cookie: dead });
  expect(page.status).toBe(200);
  expect(page.cookies.join()).toMatch(/^vestibule=; .*Max-Age=0/);
});

test('a script is told by status, and gets no address to follow', async ({ server, upstream }) => {
  const cookie = await server.signIn();
  upstream.expireTokens();
  for (const path of ['/account', '/operations/listItems', '/']) {
    const answer = await server.get(path, { ...calling, cookie });
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Session' } });
    expect(answer.headers.location).toBeUndefined();
  }
});

/** As a form would send it. */
function decoded(next: string): string {
  return new URLSearchParams(`next=${next}`).get('next') ?? '';
}
