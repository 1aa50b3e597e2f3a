/** What the browser loads besides pages. */

import { expect, scripted as test } from '../fixtures';

test('scripts, styles and WebAssembly have a hash in their name, and are kept for good', async ({ server }) => {
  const { body } = await server.get('/login');
  const files = [...new Set(body.match(/\/pkg\/[\w.-]+\.(js|css|wasm)/g))];
  expect(files.map((file) => file.split('.').at(-1)).sort()).toEqual(['css', 'js', 'wasm']);
  for (const file of files) {
    expect(file).toMatch(/\.[\w-]{16,}\.\w+$/);
    const { status, headers } = await server.get(file);
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['content-encoding']).toBeUndefined();
  }
});

test('they come as brotli, gzip or as they are, by what the browser accepts', async ({ server }) => {
  const { body } = await server.get('/login');
  const wasm = /\/pkg\/[\w.-]+\.wasm/.exec(body)?.[0] ?? '';
  const sizes = [];
  for (const [accepts, encoding] of [
    ['br, gzip', 'br'],
    ['gzip', 'gzip'],
    ['identity', undefined],
  ] as const) {
    const { status, headers } = await server.get(wasm, { 'accept-encoding': accepts });
    expect([status, headers['content-encoding'], headers['content-type']]).toEqual([200, encoding, 'application/wasm']);
    expect(headers.vary?.toLowerCase()).toContain('accept-encoding');
    sizes.push(Number(headers['content-length']));
  }
  const [brotli = 0, gzip = 0, plain = 0] = sizes;
  expect(brotli).toBeLessThan(gzip);
  expect(gzip).toBeLessThan(plain);
});

test('a file that is not there is no page, and is not kept', async ({ server }) => {
  const answer = await server.get('/pkg/nothing.js');
  expect(answer.status).toBe(404);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers['content-type'] ?? '').not.toContain('html');
});
