import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, scripted } from '../fixtures';
import type { Server } from '../support/server';
import { hostile } from '../support/hostile';

const test = scripted.extend<{ console: Server }>({
  console: async ({ start, signIn }, use) => {
    const directory = await mkdtemp(join(tmpdir(), 'vestibule-'));
    const file = join(directory, 'openapi.json');
    await writeFile(file, JSON.stringify(hostile));
    const server = await start({ VESTIBULE_UPSTREAM__OPENAPI: file });
    await signIn('ada', server);
    await use(server);
    await rm(directory, { recursive: true });
  },
});

/** What the page itself does not have: anything that runs, frames, sends elsewhere, or is styled from within. */
const FOREIGN = [
  'iframe',
  'object',
  'embed',
  'base',
  'style',
  'svg[onload]',
  'meta[http-equiv="refresh"]',
  'img[src="x"]',
  '[onerror], [onclick], [ontoggle], [onload]',
  '[href^="javascript:" i], [src^="javascript:" i], [action^="javascript:" i], [formaction^="javascript:" i], [formaction^="http"]',
  '[href^="data:" i]',
  '[srcdoc]',
  '[style]',
  'form[action^="http"]',
  'link[href^="http"][href*="example.com"], img[src*="example.com"]',
].join(', ');

/** Nothing of the document has become a part of the page that acts. */
async function expectInert(page: Page, javaScript: boolean): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const html = await page.content();
  expect(html).toContain('onerror');
  expect(await page.locator(FOREIGN).evaluateAll((found) => found.map((part) => part.outerHTML.slice(0, 300)))).toEqual([]);
  if (javaScript) expect(await page.evaluate(() => Reflect.get(window, '__ran'))).toBeUndefined();
}

test('nothing that a document holds runs, frames, styles or leads astray', async ({ console: server, page, javaScriptEnabled }) => {
  const javaScript = javaScriptEnabled !== false;
  const asked: string[] = [];
  page.on('dialog', (dialog) => asked.push(dialog.message()));
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url)) asked.push(request.url());
  });
  await page.goto(`${server.url}/operations`);
  const links = page.getByRole('main').locator('a[href*="/operations/"]');
  const paths = await links.evaluateAll((found) => found.map((link) => (link as HTMLAnchorElement).href));
  expect(paths.length).toBeGreaterThanOrEqual(3);
  const fields = paths.map((path) => `${path}?~answer=200`);
  for (const path of [`${server.url}/`, `${server.url}/operations`, `${server.url}/operations?q=read`, ...paths, ...fields]) {
    expect((await page.goto(path))?.status(), path).toBeLessThan(500);
    await expectInert(page, javaScript);
  }
  await expect(page.getByRole('heading', { name: 'Answer 200' })).toBeVisible();
  expect(asked).toEqual([]);
});

test('an answer and its errors are as inert as the document', async ({ console: server, page, upstream, javaScriptEnabled }) => {
  upstream.answer('/read', { status: 200, type: 'text/html', body: '<script>window.__ran=true</script><img src=x onerror="x">' });
  await page.goto(`${server.url}/operations/read?plain=x&send=1`);
  await expectInert(page, javaScriptEnabled !== false);
});
