import type { Page } from '@playwright/test';
import { expect, scripted as test } from '../fixtures';
import { alertOn, answerOn, expectLogin, press, signInByForm } from '../support/people';

test('a link to another page keeps the document', async ({ enter, page, upstream }) => {
  await enter('/');
  await mark(page);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Operations' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Operations');
  await expect(page).toHaveTitle(/Operations/);
  await expect(page).toHaveURL('/operations');
  await page.getByRole('link', { name: /List items$/ }).click();
  await expect(page.getByRole('main')).toContainText('Lamp');
  await page.getByRole('link', { name: 'Ada Lovelace' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Account');
  expect(await isMarked(page)).toBe(true);
  expect(upstream.calls('/items')).toHaveLength(2);
});

test('a form on a page that came by a link is alive', async ({ enter, page }) => {
  await enter('/operations');
  await mark(page);
  await page.getByRole('link', { name: 'Put an item on a shelf' }).last().click();
  await press(page);
  await expect(answerOn(page)).toContainText('201 Created');
  expect(await isMarked(page)).toBe(true);
});

test('the focus and the view go where another document would have put them', async ({ open, page, signIn }) => {
  await signIn();
  await page.setViewportSize({ width: 800, height: 300 });
  await open('/operations');
  const link = page.getByRole('link', { name: 'GET /count Count the items' });
  await link.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => window.scrollY);
  expect(before).toBeGreaterThan(0);
  await link.click();
  await expect(page.getByRole('main')).toBeFocused();
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(0);
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Operations');
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(before);
});

test('back and forward keep the document and the history', async ({ enter, page }) => {
  await enter('/operations');
  await mark(page);
  await page.getByRole('link', { name: 'Ada Lovelace' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Account');
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Operations');
  await expect(page).toHaveURL('/operations');
  await page.goForward();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Account');
  expect(await isMarked(page)).toBe(true);
});

test('a search keeps the document and has an address', async ({ enter, page }) => {
  await enter('/operations');
  await mark(page);
  await page.getByRole('searchbox').fill('shelf');
  await page.getByRole('searchbox').press('Enter');
  await expect(page).toHaveURL('/operations?q=shelf');
  await expect(page.getByRole('main').getByRole('link', { name: 'Put an item on a shelf' })).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name: 'Count the items' })).toBeHidden();
  expect(await isMarked(page)).toBe(true);
});

test('a link within the page loads nothing, and keeps what was typed', async ({ enter, page }) => {
  await enter('/operations/searchItems?limit=99');
  await page.getByRole('textbox', { name: /^X-Shelf/ }).fill('top left');
  const loaded: string[] = [];
  page.on('request', (request) => {
    if (['document', 'fetch'].includes(request.resourceType())) loaded.push(request.url());
  });
  await alertOn(page).getByRole('link', { name: /^q/ }).click();
  await expect(page).toHaveURL('/operations/searchItems?limit=99#q-q');
  await expect(page.getByRole('textbox', { name: /^q/ })).toBeFocused();
  await expect(page.getByRole('textbox', { name: /^X-Shelf/ })).toHaveValue('top left');
  expect(loaded).toEqual([]);
});

test('of two quick clicks the last one wins', async ({ enter, page, upstream }) => {
  await enter('/operations');
  const items = upstream.hold('/items');
  await page.getByRole('link', { name: /List items$/ }).click();
  await items.arrived();
  await page.getByRole('link', { name: 'Ada Lovelace' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Account');
  const answered = page.waitForEvent('requestfinished', (request) => request.url().endsWith('/operations/listItems'));
  items.release();
  await answered;
  await expect(page).toHaveURL('/account');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Account');
});

for (const { link, path } of [
  { link: /List items$/, path: '/operations/listItems' },
  { link: 'Ada Lovelace', path: '/account' },
]) {
  test(`a 401 behind a link to ${path} is a document navigation, without a flash of anything else`, async ({
    enter,
    page,
    upstream,
  }) => {
    await enter('/operations');
    const headings = await watchHeadings(page);
    const documents = watchDocuments(page);
    upstream.expireTokens();
    await page.getByRole('link', { name: link }).click();
    await expectLogin(page, 'expired', path);
    expect(documents.map((url) => url.pathname)).toEqual(['/api/logout', '/login']);
    expect(headings).toEqual([]);
    await signInByForm(page);
    await expect(page).toHaveURL(path);
  });
}

test('a 401 late in a page that is being fetched moves the browser too', async ({ enter, page, upstream }) => {
  await enter('/operations');
  const headings = await watchHeadings(page);
  const items = upstream.hold('/items');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Home' }).click();
  await items.arrived();
  upstream.expireTokens();
  items.release();
  await expectLogin(page, 'expired', '/');
  expect(headings).toEqual([]);
});

test('a page that is refused or missing is shown in place', async ({ enter, page, upstream }) => {
  await enter('/operations');
  await mark(page);
  upstream.answer('/items', { status: 403, body: { message: 'Only for storekeepers' } });
  await page.getByRole('link', { name: /List items$/ }).click();
  await expect(page.getByRole('main')).toContainText('Only for storekeepers');
  expect(await isMarked(page)).toBe(true);
});

async function mark(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(window, { isMarked: true }));
}

async function isMarked(page: Page): Promise<boolean> {
  return page.evaluate(() => 'isMarked' in window);
}

/** The addresses of documents that the browser asks for from now on. */
function watchDocuments(page: Page): URL[] {
  const documents: URL[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest()) documents.push(new URL(request.url()));
  });
  return documents;
}

/** The headings and alerts that this document shows from now on. */
async function watchHeadings(page: Page): Promise<string[]> {
  const shown: string[] = [];
  await page.exposeFunction('show', (text: string) => shown.push(text));
  await page.evaluate(() => {
    const { show } = window as unknown as { show: (text: string) => void };
    const look = (node: Node) => {
      const around = node instanceof Element ? node : node.parentElement;
      const found = [around?.closest('h1, [role=alert]'), ...(around?.querySelectorAll('h1, [role=alert]') ?? [])];
      for (const news of found) if (news) show(news.textContent ?? '');
    };
    const observer = new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach(look)));
    observer.observe(document.body, { childList: true, subtree: true });
  });
  return shown;
}

test('a page that takes its time is seen to be on its way', async ({ enter, page, upstream }) => {
  await enter('/operations/listItems?send=1');
  const items = upstream.hold('/items');
  await press(page, 'Send again');
  await items.arrived();
  const bar = () => page.evaluate(() => getComputedStyle(document.documentElement, '::before').opacity);
  await expect.poll(bar, 'after a moment').toBe('1');
  items.release();
  await expect(page.locator('html')).not.toHaveAttribute('data-loading');
});

test('an address that is asked for again is one entry of the history', async ({ enter, page }) => {
  await enter('/account');
  const operations = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Operations' });
  for (let again = 0; again < 3; again += 1) {
    await operations.click();
    await expect(page.locator('html')).not.toHaveAttribute('data-loading');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Operations');
  }
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Account');
});

test('a search as you type that comes too late leaves another page alone', async ({ enter, page }) => {
  await enter('/operations');
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/api/search_operations', async (route) => {
    await held;
    await route.continue();
  });
  const asked = page.waitForRequest('**/api/search_operations');
  await page.getByRole('searchbox').first().fill('items');
  await asked;
  await page.getByRole('link', { name: 'Ada Lovelace' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Account');
  const answered = page.waitForResponse('**/api/search_operations');
  release();
  await answered;
  await page.waitForTimeout(200);
  await expect(page).toHaveURL('/account');
});

test('a form drawn anew that comes too late leaves another page alone', async ({ enter, page }) => {
  await enter('/operations/createItem');
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/api/send_operation', async (route) => {
    await held;
    await route.continue();
  });
  const asked = page.waitForRequest('**/api/send_operation');
  await press(page, 'Edit as JSON');
  await asked;
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Operations' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Operations');
  await page.getByRole('link', { name: 'Find items by what they are called' }).last().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Find items by what they are called');
  await expect(page.getByRole('button', { name: 'Edit as JSON' }), 'where the focus would go').toBeVisible();
  await expect(page.getByRole('main')).toBeFocused();
  const answered = page.waitForResponse('**/api/send_operation');
  release();
  await answered;
  await page.waitForTimeout(200);
  await expect(page.getByRole('main')).toBeFocused();
});

test('of two parts for one place the one is shown that was asked for last', async ({ enter, page, upstream }) => {
  const data = Array.from({ length: 300 }, (_, id) => ({ id, name: `Lamp ${id}` }));
  upstream.answer('/items', { body: { data, message: 'OK' } });
  await enter('/operations/listItems?send=1');
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/from=100/, async (route) => {
    await held;
    await route.continue();
  });
  const asked = page.waitForRequest(/from=100/);
  await page.getByRole('link', { name: 'Next items' }).click();
  await asked;
  await page.getByRole('link', { name: 'Paths' }).click();
  await expect(answerOn(page)).toContainText('/data/0/name');
  const answered = page.waitForResponse(/from=100/);
  release();
  await answered;
  await page.waitForTimeout(200);
  await expect(answerOn(page)).toContainText('/data/0/name');
});

test('a stream of events is closed when its list leaves the page', async ({ enter, page, upstream }) => {
  upstream.serve('/items', (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: the first\n\n');
  });
  await page.addInitScript(() => {
    const streams: EventSource[] = [];
    class Watched extends EventSource {
      constructor(address: string | URL) {
        super(address);
        streams.push(this);
      }
    }
    Object.assign(window, { EventSource: Watched, streams });
  });
  const states = () =>
    page.evaluate(() => {
      const { streams } = window as unknown as { streams: EventSource[] };
      return streams.filter(({ url }) => url.includes('/answers/')).map(({ readyState }) => readyState);
    });
  await enter('/operations/listItems?send=1');
  await expect(answerOn(page)).toContainText('the first');
  await expect.poll(states).toEqual([1]);
  await page.getByRole('link', { name: 'Source' }).click();
  await expect.poll(states).toEqual([2]);
});
