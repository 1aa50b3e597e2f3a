import { expect, scripted as test } from '../fixtures';

for (const { what, path, heading, canonical } of [
  { what: 'its operationId', path: 'listItems', heading: 'List items', canonical: 'listItems' },
  { what: 'its method and path', path: 'get/items', heading: 'List items', canonical: 'listItems' },
  { what: 'an operationId with a slash', path: 'items%2Fget', heading: 'Show one item', canonical: 'items%2Fget' },
  {
    what: 'a method and a path with a parameter',
    path: 'get/items/%7Bid%7D',
    heading: 'Show one item',
    canonical: 'items%2Fget',
  },
  { what: 'a method and a path, having no id', path: 'get/count', heading: 'Count the items', canonical: 'get/count' },
]) {
  test(`an operation answers, without a redirect, at ${what}`, async ({ page, server, signIn }) => {
    const cookie = await signIn();
    const response = await page.goto(`/operations/${path}`);
    expect(response?.status()).toBe(200);
    expect(response?.request().redirectedFrom()).toBeNull();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
    const { body } = await server.get(`/operations/${path}`, { cookie });
    expect(body).toMatch(new RegExp(`<link [^>]*rel="canonical"[^>]*>`));
    expect(body).toContain(`href="/operations/${canonical}"`);
  });
}

test('the index leads to the canonical addresses', async ({ open, page, signIn }) => {
  await signIn();
  for (const { name, path } of [
    { name: 'List items', path: '/operations/listItems' },
    { name: 'Show one item', path: '/operations/items%2Fget' },
    { name: 'Count the items', path: '/operations/get/count' },
  ]) {
    await open('/operations');
    await page.getByRole('link', { name: new RegExp(`${name}$`) }).click();
    await expect(page).toHaveURL(path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  }
});

test('an unknown operation is a 404 page that leads on', async ({ open, page, signIn }) => {
  await signIn();
  for (const path of ['/operations/nothing', '/operations/get/nothing', '/operations/%2F', '/operations/%FF']) {
    expect(await open(path), path).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no such page');
  }
  await page.getByRole('main').getByRole('link', { name: 'Go home' }).click();
  await expect(page).toHaveURL('/');
});
