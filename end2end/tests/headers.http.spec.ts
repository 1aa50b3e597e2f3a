/** The security headers, on every kind of answer. */

import { expect, scripted as test } from '../fixtures';
import { calling, navigating, posting, send, type Answer } from '../support/http';
import type { Server } from '../support/server';
import type { Upstream } from '../support/upstream';

interface Kind {
  what: string;
  status: number;
  ask: (server: Server, cookie: string, upstream: Upstream) => Promise<Answer>;
}

const kinds: Kind[] = [
  { what: 'a page', status: 200, ask: (server, cookie) => server.get('/operations', { ...navigating, cookie }) },
  { what: 'a streamed page', status: 200, ask: (server, cookie) => server.get('/', { ...navigating, cookie }) },
  { what: 'the login page', status: 200, ask: (server) => server.get('/login') },
  {
    what: 'a failed sign-in',
    status: 401,
    ask: (server) => send(server.url, '/login', posting({ username: 'x', password: 'y' })),
  },
  { what: 'a redirect to the login page', status: 303, ask: (server) => server.get('/account') },
  { what: 'a refusal', status: 401, ask: (server) => server.get('/account', calling) },
  {
    what: 'a page that is not there',
    status: 404,
    ask: (server, cookie) => server.get('/nowhere', { ...navigating, cookie }),
  },
  {
    what: 'the question before signing out',
    status: 200,
    ask: (server, cookie) => server.get('/api/logout', { ...navigating, cookie }),
  },
  {
    what: 'the end of a session',
    status: 303,
    ask: (server, cookie, upstream) => {
      upstream.expireTokens();
      return server.get('/account', { ...navigating, cookie });
    },
  },
  {
    what: 'a page without an API',
    status: 502,
    ask: async (server, cookie, upstream) => {
      await upstream.down();
      return server.get('/account', { ...navigating, cookie });
    },
  },
  {
    what: 'a cross-site form',
    status: 403,
    ask: (server, cookie) => send(server.url, '/api/logout', posting({}, { cookie, 'sec-fetch-site': 'cross-site' })),
  },
  {
    what: 'a form that cannot be read',
    status: 415,
    ask: (server) => send(server.url, '/login', { method: 'POST', body: 'x' }),
  },
  { what: 'the session’s metadata', status: 200, ask: (server, cookie) => server.get('/api/session', { cookie }) },
  {
    what: 'a proxied answer',
    status: 200,
    ask: (server, cookie) => server.get('/api/upstream/items', { ...calling, cookie, 'x-csrf': '1' }),
  },
  {
    what: 'what comes of an answer',
    status: 200,
    ask: async (server, cookie) => {
      const page = await server.get('/operations/listItems', { ...navigating, cookie });
      const id = /\/answers\/([^/?"]+)/.exec(page.body)?.[1] ?? '';
      return server.get(`/answers/${id}/events`, { ...calling, cookie });
    },
  },
  {
    what: 'a server function',
    status: 200,
    ask: (server, cookie) => send(server.url, '/api/check_session', posting({}, { ...calling, cookie })),
  },
  { what: 'liveness', status: 200, ask: (server) => server.get('/healthz') },
  { what: 'readiness', status: 200, ask: (server) => server.get('/readyz') },
  { what: 'metrics', status: 200, ask: (server) => server.get('/metrics') },
];

for (const { what, status, ask } of kinds) {
  test(`${what} carries the security headers, and is kept nowhere`, async ({ server, upstream }) => {
    const answer = await ask(server, await server.signIn(), upstream);
    expect(answer.status).toBe(status);
    expectSecure(answer);
    expect(answer.headers['cache-control']).toContain('no-store');
    expect(answer.headers.vary?.toLowerCase()).toContain('cookie');
  });
}

test('files carry them too, and may be kept', async ({ server }) => {
  const icon = await server.get('/favicon.svg');
  expect(icon.status).toBe(200);
  expectSecure(icon);
  expect(icon.headers['cache-control']).toBe('public, max-age=86400');
});

test('the nonce of a page is its own, and the policy has no unsafe word but that for WebAssembly', async ({
  server,
}) => {
  const cookie = await server.signIn();
  const nonces = new Set<string>();
  for (const path of ['/', '/operations', '/account', '/login', '/account']) {
    const { headers, body } = await server.get(path, path === '/login' ? navigating : { ...navigating, cookie });
    const policy = String(headers['content-security-policy']);
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    expect(nonce.length).toBeGreaterThanOrEqual(20);
    expect(policy.replace("'wasm-unsafe-eval'", '')).not.toContain('unsafe');
    for (const [script = ''] of body.matchAll(/<script[^>]*>/g)) expect(script).toContain(`nonce="${nonce}"`);
    expect(body).not.toMatch(/<[^>]+ (style|on\w+)=/);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(5);
});

test('behind https, browsers are told to stay there', async ({ server, start }) => {
  const secure = await start({ VESTIBULE_SERVER__PUBLIC_URL: 'https://app.example' });
  for (const path of ['/login', '/account', '/healthz', '/favicon.svg']) {
    expect((await secure.get(path)).headers['strict-transport-security']).toMatch(/^max-age=\d{8};/);
    expect((await server.get(path)).headers['strict-transport-security']).toBeUndefined();
  }
});

test('every answer has a request id, which the API and the log have too', async ({ server, upstream }) => {
  const cookie = await server.signIn();
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const traceparent = `00-${trace}-00f067aa0ba902b7-01`;
  const answer = await server.get('/operations/listItems', { ...navigating, cookie, traceparent });
  expect(answer.headers['x-request-id']).toBe(trace);
  expect(upstream.calls('/items')[0]?.headers['x-request-id']).toBe(trace);
  expect(upstream.calls('/items')[0]?.headers['traceparent']).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
});

test('no answer and no line of the log holds a token', async ({ server, upstream }) => {
  const log = server.tail();
  const cookie = await server.signIn();
  const seen = [];
  for (const path of [
    '/',
    '/account',
    '/operations',
    '/operations/listItems',
    '/operations/createItem',
    '/api/session',
  ]) {
    seen.push(await server.get(path, { ...navigating, cookie }));
  }
  upstream.expireAccessTokens();
  seen.push(await server.get('/account', { ...navigating, cookie }));
  upstream.expireTokens();
  seen.push(await server.get('/account', { ...navigating, cookie }), await server.get('/metrics'));
  const text = JSON.stringify([seen, log()]);
  expect(text).not.toMatch(/access-token|refresh-token/);
  expect(text).not.toContain(cookie.slice('vestibule='.length));
});

function expectSecure({ headers }: Answer): void {
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
  const policy = String(headers['content-security-policy']);
  for (const directive of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"]) {
    expect(policy).toContain(directive);
  }
  expect(headers['x-powered-by']).toBeUndefined();
  expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
}
