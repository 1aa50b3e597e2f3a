/** A node that is told to stop while much is under way. */

import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, scripted as test } from '../fixtures';
import { Arriving, calling, send } from '../support/http';

test.setTimeout(60_000);

const PART = 'x'.repeat(1 << 16);

/** Whether a new connection is taken. */
function isOpen(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('connect', () => socket.end(() => resolve(true)));
    socket.on('error', () => resolve(false));
  });
}

test('a hundred requests and a long download are answered in full, and nobody new is let in', async ({
  start,
  upstream,
}) => {
  const server = await start({});
  const headers = { ...calling, 'x-csrf': '1', cookie: await server.signIn() };
  const items = upstream.hold('/items');
  const requests = Array.from({ length: 100 }, () => send(server.url, '/api/upstream/items', { headers }));
  await items.arrived(100);
  let isStopping = false;
  upstream.serve('/big', async (_, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    // Most of it comes after the others are through.
    for (let left = 40; left > 0; left -= isStopping ? 1 : 0) {
      response.write(PART);
      await pause(25);
    }
    response.end('the end');
  });
  const download = await Arriving.from(server.url, '/api/upstream/big', { headers });
  await download.until('x');
  const idle = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(idle, 'connect');
  idle.resume();

  const began = Date.now();
  const [idleEnds, stopped] = [once(idle, 'close'), server.stop()];
  isStopping = true;
  await expect.poll(() => isOpen(server.url), { intervals: [20] }).toBe(false);
  await idleEnds;
  items.release();
  for (const { status, body } of await Promise.all(requests)) {
    expect({ status, items: JSON.parse(body).data }).toMatchObject({ status: 200, items: [{ name: 'Lamp' }, {}] });
  }
  const rest = await download.rest();
  expect(rest.endsWith('the end')).toBe(true);
  expect(rest.length).toBeGreaterThan(30 * PART.length);
  expect(await stopped).toBe(0);
  expect(Date.now() - began).toBeLessThan(4_000);
});

test('what does not end is given 20 seconds, and no more', async ({ start, upstream }) => {
  const server = await start({});
  const headers = { ...calling, 'x-csrf': '1', cookie: await server.signIn() };
  upstream.serve('/endless', (_, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    const more = setInterval(() => response.write(PART), 500);
    response.on('close', () => clearInterval(more));
  });
  const download = await Arriving.from(server.url, '/api/upstream/endless', { headers });
  const broken = expect(download.rest()).rejects.toThrow('aborted');
  const began = Date.now();
  expect(await server.stop(25_000)).toBe(0);
  await broken;
  expect(Date.now() - began).toBeGreaterThan(19_000);
});
