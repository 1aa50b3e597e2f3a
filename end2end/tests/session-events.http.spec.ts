/** The end of a session reaches whoever listens, on every node, within a second. */

import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '../fixtures';
import { Arriving, calling, posting, send } from '../support/http';
import { cluster as test } from '../support/nodes';
import type { Server } from '../support/server';

async function listen(node: Server, cookie: string): Promise<Arriving> {
  const events = await Arriving.from(node.url, '/api/session/events', { headers: { ...calling, cookie } });
  expect(events.status).toBe(200);
  await events.until('retry:');
  return events;
}

for (const kind of ['Redis', 'a file']) {
  test(`on ${kind}, the end of a session reaches listeners on every node within a second`, async ({ file, nodes }) => {
    const two = await nodes(2, kind === 'Redis' ? {} : { VESTIBULE_SESSION__STORE: `sqlite:${file}` });
    const [here, there] = two as [Server, Server];
    const [cookie, other] = [await here.signIn('ada'), await here.signIn('grace')];
    const streams = await Promise.all([listen(here, cookie), listen(there, cookie)]);
    const lives = await listen(there, other);
    const begun = Date.now();
    await send(here.url, '/api/logout', posting({}, { cookie }));
    for (const events of await Promise.all(streams.map((stream) => stream.rest()))) {
      expect(events).toBe('event: ended\ndata: signed-out\n\n');
    }
    expect(Date.now() - begun).toBeLessThan(1_000);
    const silent = await Promise.race([lives.rest(), pause(500, 'silent')]);
    expect(silent, 'the session of somebody else').toBe('silent');
  });
}

test('a server that stops does not wait for those who listen', async ({ start }) => {
  const server = await start({});
  const events = await listen(server, await server.signIn());
  const begun = Date.now();
  const [rest] = await Promise.all([events.rest(), server.stop()]);
  expect(rest).toBe('');
  expect(Date.now() - begun).toBeLessThan(2_000);
});
