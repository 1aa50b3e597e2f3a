/** Any bytes may come in a Cookie header: never an error of ours, never somebody else's session. */

import { expect, scripted as test } from '../fixtures';
import { navigating, posting, send } from '../support/http';
import type { Server } from '../support/server';

/** Who the server says is signed in. */
async function whoIs(server: Server, cookie: string): Promise<string | number> {
  const answer = await server.get('/api/session', { cookie });
  return answer.status === 200 ? (JSON.parse(answer.body) as { username: string }).username : answer.status;
}

test.describe('behind https', () => {
  test('the cookie is bound to the host, and to https', async ({ start }) => {
    const server = await start({ VESTIBULE_SERVER__PUBLIC_URL: 'https://app.example' });
    const answer = await signInAt(server);
    expect(answer.cookies).toHaveLength(1);
    const [pair = '', ...attributes] = (answer.cookies[0] ?? '').split('; ');
    expect(pair).toMatch(/^__Host-vestibule=[\w.-]{40,}$/);
    expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=43200', 'Path=/', 'SameSite=Lax', 'Secure']);
    const gone = await send(server.url, '/api/logout', posting({}, { cookie: pair }));
    for (const cookie of gone.cookies.filter((cookie) => cookie.startsWith('__'))) {
      expect(cookie).toMatch(/^__(Host|Secure)-[\w.-]+=; Path=\/; .*Secure/);
    }
    expect(gone.cookies.map((cookie) => cookie.split('=')[0])).toEqual(
      expect.arrayContaining(['__Host-vestibule', '__Secure-authjs.session-token', '__Host-next-auth.session-token']),
    );
  });

  test('names are compared byte for byte', async ({ start }) => {
    const server = await start({ VESTIBULE_SERVER__PUBLIC_URL: 'https://app.example' });
    const mine = await tokenAt(server, 'ada');
    const theirs = await tokenAt(server, 'grace');
    for (const name of [
      '%5F%5FHost-vestibule',
      '__host-vestibule',
      '__HOST-VESTIBULE',
      '\xe2\x80\x80__Host-vestibule',
      '__Host-vestibule\xc2\xa0',
      'vestibule',
      '__Secure-vestibule',
      '"__Host-vestibule"',
    ]) {
      expect(await whoIs(server, `${name}=${theirs}`), name).toBe(401);
      expect(await whoIs(server, `__Host-vestibule=${mine}; ${name}=${theirs}`), name).toBe('ada');
      expect(await whoIs(server, `${name}=${theirs}; __Host-vestibule=${mine}`), name).toBe('ada');
    }
  });
});

test('two cookies of the name are no cookie', async ({ server }) => {
  const [ada, grace] = [await server.signIn('ada'), await server.signIn('grace')];
  expect(await whoIs(server, `${ada}; ${grace}`)).toBe(401);
  expect(await whoIs(server, `${ada}; vestibule=`)).toBe(401);
  expect(await whoIs(server, ada)).toBe('ada');
});

test('other cookies, of whatever bytes, do not sign anybody out', async ({ server }) => {
  const cookie = await server.signIn();
  const many = Array.from({ length: 300 }, (_, number) => `c${number}=${number}`).join('; ');
  for (const other of [
    'x=\xc3\xa9',
    '\xff\xfe=1',
    ';;; = ;=;',
    '=',
    'a',
    'vestibule_chunks=99999999',
    'vestibule.0=x',
    many,
  ]) {
    expect(await whoIs(server, `${other}; ${cookie}`), other.slice(0, 20)).toBe('ada');
    expect(await whoIs(server, `${cookie}; ${other}`), other.slice(0, 20)).toBe('ada');
  }
});

test('a broken cookie is no session, and no server error', async ({ server }) => {
  const cookie = await server.signIn();
  const value = cookie.slice('vestibule='.length);
  const broken = [
    '',
    '.',
    'x',
    `${value}x`,
    value.slice(1),
    value.toUpperCase(),
    `"${value}"`,
    `${value}.${value}`,
    '../../etc/passwd',
    '\xff',
    'A'.repeat(60_000),
    encodeURIComponent(JSON.stringify({ user: 'ada' })),
    'null',
    '%00',
    '-1',
  ];
  for (const text of broken) {
    expect(await whoIs(server, `vestibule=${text}`), text.slice(0, 20)).toBe(401);
    const page = await server.get('/account', { ...navigating, cookie: `vestibule=${text}` });
    expect(page, text.slice(0, 20)).toMatchObject({ status: 303, body: '' });
  }
  expect(await whoIs(server, cookie)).toBe('ada');
});

test('half of one cookie and half of another are nobody', async ({ server }) => {
  const [ada = '', grace = ''] = [await server.signIn('ada'), await server.signIn('grace')].map((pair) =>
    pair.slice(10),
  );
  const half = Math.floor(ada.length / 2);
  expect(await whoIs(server, `vestibule=${ada.slice(0, half)}${grace.slice(half)}`)).toBe(401);
  expect(await whoIs(server, `vestibule=${grace.slice(0, half)}${ada.slice(half)}`)).toBe(401);
});

test('an id that somebody planted is not taken over', async ({ server }) => {
  const planted = await server.signIn('grace');
  const answer = await signInAt(server, 'ada', planted);
  const own = answer.cookies[0]?.split(';')[0] ?? '';
  expect(own).not.toBe(planted);
  expect(await whoIs(server, own)).toBe('ada');
  expect(await whoIs(server, planted)).toBe(401);
});

test('a slow request does not bring an ended session back', async ({ server, upstream }) => {
  const cookie = await server.signIn();
  upstream.expireAccessTokens();
  const refresh = upstream.hold('/auth/refresh');
  const slow = server.get('/operations/listItems', { ...navigating, cookie });
  await refresh.arrived();
  await send(server.url, '/api/logout', posting({}, { cookie }));
  refresh.release();
  expect(await slow).toMatchObject({ status: 303, body: '', cookies: [] });
  expect(await whoIs(server, cookie)).toBe(401);
});

test('without a session, cookies do not pile up', async ({ server }) => {
  for (const path of ['/', '/account', '/operations/listItems', '/login', '/nowhere', '/api/session']) {
    expect((await server.get(path)).cookies, path).toEqual([]);
  }
});

test('a session that nobody uses ends, and looking at it does not count', async ({ start }) => {
  const server = await start({ VESTIBULE_SESSION__IDLE_TIMEOUT: '2s' });
  const cookie = await server.signIn();
  expect(await whoIs(server, cookie)).toBe('ada');
  await expect.poll(() => whoIs(server, cookie), { intervals: [100] }).toBe(401);
  const page = await server.get('/account', { ...navigating, cookie });
  expect(page).toMatchObject({ status: 303, headers: { location: '/login?reason=expired&next=/account' } });
});

test('sessions in a file outlive the server', async ({ start }, testInfo) => {
  const settings = { VESTIBULE_SESSION__STORE: `sqlite:${testInfo.outputPath('sessions.db')}` };
  const first = await start(settings);
  const cookie = await first.signIn();
  await first.stop();
  const second = await start(settings);
  expect(await whoIs(second, cookie)).toBe('ada');
});

function signInAt(server: Server, person = 'ada', cookie?: string) {
  return send(server.url, '/login', posting({ username: person, password: person }, cookie ? { cookie } : {}));
}

async function tokenAt(server: Server, person: string): Promise<string> {
  return (await signInAt(server, person)).cookies[0]?.split(';')[0]?.split('=')[1] ?? '';
}
