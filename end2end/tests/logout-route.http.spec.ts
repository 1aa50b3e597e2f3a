import { expect, scripted as test } from '../fixtures';
import { navigating, posting, send } from '../support/http';

for (const { what, headers } of [
  { what: 'an image of another site', headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' } },
  { what: 'a frame of another site', headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' } },
  { what: 'a prefetch', headers: { 'sec-purpose': 'prefetch;prerender', purpose: 'prefetch', 'x-moz': 'prefetch' } },
  { what: 'a router that looks ahead', headers: { 'next-router-prefetch': '1' } },
]) {
  test(`${what} changes nothing`, async ({ server }) => {
    const cookie = await server.signIn();
    for (const path of ['/api/logout', '/api/logout?reason=expired', '/api/logout?reason=signed-out&next=/account']) {
      const answer = await server.get(path, { ...navigating, ...headers, cookie });
      expect(answer.cookies).toEqual([]);
    }
    const ask = await send(server.url, '/api/logout', { method: 'HEAD', headers: { ...headers, cookie } });
    expect(ask.cookies).toEqual([]);
    expect(await server.isLive(cookie)).toBe(true);
  });
}

for (const { what, headers } of [
  { what: 'Fetch Metadata of another site', headers: { 'sec-fetch-site': 'cross-site' } },
  { what: 'Fetch Metadata of a sibling host', headers: { 'sec-fetch-site': 'same-site' } },
  { what: 'a foreign origin', headers: { origin: 'https://evil.example' } },
  { what: 'an origin that begins like ours', headers: { origin: 'OWN.evil.example' } },
  { what: 'an opaque origin', headers: { origin: 'null' } },
  { what: 'a foreign referrer', headers: { referer: 'https://evil.example/' } },
  { what: 'no word of where it comes from', headers: {} },
  { what: 'text/plain', headers: { origin: 'https://evil.example', 'content-type': 'text/plain' } },
  {
    what: 'an oddly written content type',
    headers: { origin: 'https://evil.example', 'content-type': 'APPLICATION/X-WWW-FORM-URLENCODED; CHARSET=x' },
  },
] as { what: string; headers: Record<string, string> }[]) {
  test(`a POST with ${what} is refused everywhere`, async ({ server }) => {
    const cookie = await server.signIn();
    const origin = headers['origin']?.replace('OWN', server.url);
    const sent = { accept: 'text/html', cookie, ...headers, ...(origin ? { origin } : {}) };
    for (const path of [
      '/api/logout',
      '/login',
      '/operations/createItem',
      '/api/send_operation',
      '/api/upstream/items',
    ]) {
      const answer = await send(server.url, path, { method: 'POST', headers: sent, body: 'username=x&password=y' });
      expect(answer, path).toMatchObject({ status: 403, cookies: [] });
    }
    expect(await server.isLive(cookie)).toBe(true);
  });
}

test('nobody is signed in by a form of another site', async ({ server }) => {
  const fields = { username: 'ada', password: 'ada' };
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
    const answer = await send(server.url, '/login', posting(fields, headers));
    expect(answer).toMatchObject({ status: 403, cookies: [] });
  }
});

test('every redirect after a POST is a 303', async ({ server }) => {
  const signIn = await send(server.url, '/login', posting({ username: 'ada', password: 'ada', next: '/account' }));
  expect(signIn).toMatchObject({ status: 303, body: '', headers: { location: '/account' } });
  const cookie = signIn.cookies[0]?.split(';')[0] ?? '';
  const signOut = await send(server.url, '/api/logout', posting({}, { cookie }));
  expect(signOut).toMatchObject({ status: 303, body: '', headers: { location: '/login?reason=signed-out' } });
});

test('the reason of a GET is one of those that the login page knows, or none', async ({ server }) => {
  const locations = [];
  for (const reason of ['expired', 'signed-out', 'revoked', '<script>', 'anything']) {
    const answer = await server.get(`/api/logout?reason=${encodeURIComponent(reason)}&next=/account`);
    locations.push(answer.headers.location);
  }
  const known = (reason: string) => `/login?reason=${reason}&next=/account`;
  const unknown = '/login?next=/account';
  expect(locations).toEqual([known('expired'), known('signed-out'), known('revoked'), unknown, unknown]);
});
