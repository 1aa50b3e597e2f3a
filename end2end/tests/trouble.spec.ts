import { expect, scripted as test } from '../fixtures';
import type { Upstream } from '../support/upstream';
import { alertOn, answerOn, asJson, press } from '../support/people';

interface Trouble {
  what: string;
  begin: (upstream: Upstream) => Promise<void> | void;
  end?: (upstream: Upstream) => Promise<void>;
  status: number;
  says: RegExp;
}

const troubles: Trouble[] = [
  { what: 'is down', begin: (api) => api.down(), end: (api) => api.up(), status: 502, says: /reached/ },
  { what: 'answers 500', begin: (api) => api.answer('/items', { status: 500 }), status: 502, says: /500/ },
  {
    what: 'answers 403',
    begin: (api) => api.answer('/items', { status: 403, body: { message: 'Only for storekeepers' } }),
    status: 403,
    says: /Only for storekeepers/,
  },
  {
    what: 'answers HTML instead of JSON',
    begin: (api) => api.answer('/items', { type: 'text/html', body: '<!doctype html><h1>Welcome to nginx</h1>' }),
    status: 502,
    says: /JSON/,
  },
  {
    what: 'answers invalid JSON',
    begin: (api) => api.answer('/items', { body: '{"data":' }),
    status: 502,
    says: /JSON/,
  },
];

for (const { what, begin, end, status, says } of troubles) {
  test(`an API that ${what} is told clearly, with a retry, and nobody is signed out`, async ({
    open,
    page,
    server,
    signIn,
    upstream,
  }) => {
    const cookie = await signIn();
    await begin(upstream);
    expect(await open('/operations/listItems')).toBe(status);
    await expect(answerOn(page)).toContainText(says);
    await expect(alertOn(page)).toContainText('still signed in');
    expect(await server.isLive(cookie)).toBe(true);
    await end?.(upstream);
    upstream.recover('/items');
    await page.getByRole('main').getByRole('link', { name: 'Try again' }).click();
    await expect(answerOn(page)).toContainText('Lamp');
  });
}

test('an API that is slow is told clearly, with a retry, and nobody is signed out', async ({
  open,
  page,
  signIn,
  start,
  upstream,
}) => {
  const hasty = await start({ VESTIBULE_UPSTREAM__TIMEOUT: '1s' });
  const cookie = await signIn('ada', hasty);
  const items = upstream.hold('/items');
  expect(await open(`${hasty.url}/operations/listItems`)).toBe(504);
  await expect(alertOn(page)).toContainText('in time');
  expect(await hasty.isLive(cookie)).toBe(true);
  items.release();
  await page.getByRole('main').getByRole('link', { name: 'Try again' }).click();
  await expect(answerOn(page)).toContainText('Lamp');
});

test('an API that answers a body over the limit is told clearly, with a retry, and nobody is signed out', async ({
  open,
  page,
  signIn,
  start,
  upstream,
}) => {
  const small = await start({ VESTIBULE_CONSOLE__MAX_ANSWER: '2 MiB' });
  const cookie = await signIn('ada', small);
  upstream.answer('/items', { body: { data: 'x'.repeat(5 << 20) } });
  expect(await open(`${small.url}/operations/listItems`)).toBe(502);
  await expect(alertOn(page)).toContainText('larger');
  expect(await small.isLive(cookie)).toBe(true);
  upstream.recover('/items');
  await page.getByRole('main').getByRole('link', { name: 'Try again' }).click();
  await expect(answerOn(page)).toContainText('Lamp');
});

for (const path of ['/', '/account']) {
  test(`without an API, ${path} says so, with a retry, and nobody is signed out`, async ({
    open,
    page,
    server,
    signIn,
    upstream,
  }) => {
    const cookie = await signIn();
    await upstream.down();
    expect(await open(path)).toBe(502);
    await expect(page.getByRole('main')).toContainText(/reached/);
    expect(await server.isLive(cookie)).toBe(true);
    await upstream.up();
    await page.getByRole('main').getByRole('link', { name: 'Try again' }).click();
    await expect(alertOn(page)).toBeHidden();
    await expect(page.getByRole('main')).toContainText('Ada Lovelace');
  });
}

test('trouble late in the home page is told in its place', async ({ open, page, server, signIn, upstream }) => {
  const cookie = await signIn();
  upstream.answer('/items', { status: 500 });
  expect(await open('/')).toBe(200);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Ada Lovelace');
  await expect(page.getByRole('main')).toContainText('500');
  expect(await server.isLive(cookie)).toBe(true);
});

test('a form that cannot be sent keeps what was typed', async ({ enter, page, upstream }) => {
  await enter('/operations/createItem');
  const body = await asJson(page);
  await body.fill('{"name":"Vase","quantity":2}');
  await upstream.down();
  await press(page);
  await expect(alertOn(page)).toContainText(/reached/);
  await expect(body).toHaveValue('{"name":"Vase","quantity":2}');
  await upstream.up();
  await press(page);
  await expect(answerOn(page)).toContainText('201 Created');
});
