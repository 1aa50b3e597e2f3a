/** Bodies of any length through the proxy, both ways, in the same memory. */

import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { expect, scripted as test } from '../fixtures';
import { calling } from '../support/http';

const MIB = 1 << 20;
const GIB = 1024 * MIB;
/** What the server may take on top of what it had, in MiB. */
const MORE = 24;

test.skip(process.platform !== 'linux', 'The peak of memory is read from /proc.');

async function length(message: IncomingMessage): Promise<number> {
  let length = 0;
  for await (const part of message) length += (part as Buffer).length;
  return length;
}

test('downloads 1 GiB in constant memory', async ({ start, upstream }) => {
  const server = await start({});
  const headers = { ...calling, 'x-csrf': '1', cookie: await server.signIn() };
  const part = Buffer.alloc(MIB, 'x');
  upstream.serve('/big', async (_, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': GIB });
    for (let sent = 0; sent < GIB; sent += MIB) if (!response.write(part)) await once(response, 'drain');
    response.end();
  });
  const before = await server.peakMemory();
  const asking = request(`${server.url}/api/upstream/big`, { headers }).end();
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  expect(answer.headers['content-length']).toBe(`${GIB}`);
  expect(await length(answer)).toBe(GIB);
  expect((await server.peakMemory()) - before).toBeLessThan(MORE);
});

test('uploads 1 GiB in constant memory, and the API sees it as it comes', async ({ start, upstream }) => {
  const server = await start({});
  const headers = { ...calling, 'x-csrf': '1', cookie: await server.signIn(), 'content-length': GIB };
  let begun = () => {};
  const seen = new Promise<void>((resolve) => (begun = resolve));
  upstream.serve('/big', async (asked, response) => {
    asked.once('readable', begun);
    response.end(JSON.stringify({ length: await length(asked), told: asked.headers['content-length'] }));
  });
  const before = await server.peakMemory();
  const asking = request(`${server.url}/api/upstream/big`, { method: 'PUT', headers });
  const part = Buffer.alloc(MIB, 'x');
  asking.write(part);
  await seen;
  for (let sent = MIB; sent < GIB; sent += MIB) if (!asking.write(part)) await once(asking, 'drain');
  asking.end();
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  const body = (await answer.setEncoding('utf8').toArray()).join('');
  expect(JSON.parse(body)).toEqual({ length: GIB, told: `${GIB}` });
  expect((await server.peakMemory()) - before).toBeLessThan(MORE);
});
