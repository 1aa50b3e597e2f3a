import { demo, expect } from '../fixtures';
import { navigating, send } from '../support/http';

const ROWS = 800_000;

demo('an answer of 100 MB is readable at once, and takes no more memory than a short one', async ({ server }) => {
  demo.skip(process.platform !== 'linux', 'The peak of memory is read from /proc.');
  const headers = { ...navigating, cookie: await server.signIn('demo') };
  const began = Date.now();
  const page = await send(server.url, `/operations/listMovements?count=${ROWS}`, { headers });
  expect(page.status).toBe(200);
  expect(Date.now() - began).toBeLessThan(4_000);
  expect(page.body).toContain('Items 1 to 100 of ');
  expect(page.body.length).toBeLessThan(500_000);
  const address = /\/answers\/[\w-]+/.exec(page.body)?.[0] ?? '';
  const read = async (query: string) => (await send(server.url, `${address}?${query}`, { headers })).body;
  await expect
    .poll(() => read(`from=${ROWS - 50}`), { timeout: 60_000 })
    .toContain('Items 799,951 to 800,000 of 800,000');
  expect(await read('find=no-such-thing')).toContain('Nothing with “no-such-thing”');
  expect(await server.peakMemory()).toBeLessThan(200);
});
