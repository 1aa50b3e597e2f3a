/** One trace from whoever asks to the call of the API, told to a collector. */

import { expect, scripted } from '../fixtures';
import { Collector, CLIENT, INTERNAL, SERVER, attribute } from '../support/collector';
import { calling, navigating, posting, send } from '../support/http';
import { Server } from '../support/server';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';

const test = scripted.extend<{ collector: Collector }>({
  collector: async ({}, use) => {
    const collector = await Collector.start();
    await use(collector);
    await collector.stop();
  },
});

test('a page and its call of the API are one trace', async ({ start, upstream, collector }) => {
  const server = await start({ VESTIBULE_TRACE__OTLP: collector.url });
  const headers = { ...navigating, cookie: await server.signIn() };
  const traceparent = `00-${TRACE}-${CALLER}-01`;
  await server.get('/operations/searchItems?q=a-secret', { ...headers, traceparent });
  await expect.poll(() => collector.of(TRACE).length).toBe(2);
  const [page, call] = [SERVER, CLIENT].map((kind) => collector.of(TRACE).find((span) => span.kind === kind));
  expect(page).toMatchObject({ parentSpanId: CALLER, name: 'GET', status: {} });
  expect(attribute(page, 'url.path')).toBe('/operations/searchItems');
  expect(attribute(page, 'http.response.status_code')).toBe('200');
  expect(call?.parentSpanId).toBe(page?.spanId);
  expect(attribute(call, 'url.path')).toBe('/search');
  expect(upstream.calls('/search')[0]?.headers['traceparent']).toBe(`00-${TRACE}-${call?.spanId}-01`);
  const within = (span: typeof page) => BigInt(span?.endTimeUnixNano ?? 0) - BigInt(span?.startTimeUnixNano ?? 0);
  expect(within(call)).toBeGreaterThan(0n);
  expect(within(page)).toBeGreaterThan(within(call));
  expect(JSON.stringify(collector.spans)).not.toContain('a-secret');
});

test('a sign-in and its calls of the API are one trace', async ({ start, upstream, collector }) => {
  const server = await start({ VESTIBULE_TRACE__OTLP: collector.url });
  const traceparent = `00-${TRACE}-${CALLER}-01`;
  const answer = await send(server.url, '/login', posting({ username: 'ada', password: 'ada' }, { traceparent }));
  expect(answer.status).toBe(303);
  await expect.poll(() => collector.of(TRACE).length).toBe(3);
  const request = collector.of(TRACE).find(({ kind }) => kind === SERVER);
  for (const path of ['/auth/login', '/me']) {
    const call = collector.of(TRACE).find((span) => attribute(span, 'url.path') === path);
    expect(call?.parentSpanId).toBe(request?.spanId);
    expect(upstream.calls(path)[0]?.headers['traceparent']).toBe(`00-${TRACE}-${call?.spanId}-01`);
  }
});

test('what a call has waited for while its tokens were renewed is in its trace', async ({ start, upstream, collector }) => {
  const server = await start({ VESTIBULE_TRACE__OTLP: collector.url });
  const headers = { ...calling, 'x-csrf': '1', cookie: await server.signIn() };
  upstream.expireAccessTokens();
  const answer = await server.get('/api/upstream/items', headers);
  expect(answer.status).toBe(200);
  const trace = String(answer.headers['x-request-id']);
  await expect.poll(() => collector.of(trace).length).toBe(3);
  const [request, renewal] = [SERVER, INTERNAL].map((kind) => collector.of(trace).find((span) => span.kind === kind));
  expect(renewal).toMatchObject({ parentSpanId: request?.spanId, name: 'renew session', status: {} });
  expect(attribute(renewal, 'vestibule.renewal')).toBe('redeemed');
});

test('a call that fails is an error, and a trace that nobody wants is none', async ({ start, upstream, collector }) => {
  const server = await start({ VESTIBULE_TRACE__OTLP: collector.url });
  const headers = { ...calling, 'x-csrf': '1', cookie: await server.signIn() };
  const unwanted = { ...headers, traceparent: `00-${TRACE}-${CALLER}-00` };
  expect((await server.get('/api/upstream/items', unwanted)).status).toBe(200);
  expect(upstream.calls('/items')[0]?.headers['traceparent']).toMatch(/-00$/);
  await upstream.down();
  const answer = await server.get('/api/upstream/items', headers);
  expect(answer.status).toBe(502);
  const trace = String(answer.headers['x-request-id']);
  await expect.poll(() => collector.of(trace).length).toBe(2);
  const call = collector.of(trace).find(({ kind }) => kind === CLIENT);
  expect(attribute(call, 'error.type')).toBe('unreachable');
  expect(collector.of(trace).map(({ status }) => status.code)).toEqual([2, 2]);
  expect(collector.of(TRACE)).toHaveLength(0);
});

test('the last spans are sent before a server stops', async ({ start, collector }) => {
  const server = await start({ VESTIBULE_TRACE__OTLP: collector.url });
  await server.get('/login', navigating);
  await expect.poll(() => collector.spans.length).toBeGreaterThan(0);
  await server.get('/login', { ...navigating, traceparent: `00-${TRACE}-${CALLER}-01` });
  expect(await server.stop()).toBe(0);
  expect(collector.of(TRACE)).toHaveLength(1);
});

test('a collector that is not there keeps nobody from anything', async ({ start }) => {
  const server = await start({ VESTIBULE_TRACE__OTLP: 'http://127.0.0.1:9' });
  expect(await server.isLive(await server.signIn())).toBe(true);
  await expect.poll(() => server.metric('vestibule_spans_dropped_total')).toBeGreaterThan(0);
});

test('an address that is none stops the start', async () => {
  const { code, says } = await Server.refuses({ VESTIBULE_TRACE__OTLP: 'ftp://here' });
  expect(code).toBe(2);
  expect(says).toContain('trace.otlp');
});
