import { expect, scripted } from '../fixtures';
import { expectNoViolations } from '../support/axe';
import { alertOn, answerOn, press } from '../support/people';
import type { Server } from '../support/server';
import { Upstream } from '../support/upstream';

/** In front of an API whose document leads to a depot as well, which the settings allow, and to nobody, whom they do not. */
const test = scripted.extend<{ depot: Upstream; leading: Server }>({
  depot: async ({  }, use) => {
    const depot = await Upstream.start();
    for (const stage of ['test', 'live']) depot.answer(`/${stage}/search`, { body: { data: `from ${stage}`, message: 'OK' } });
    await use(depot);
    await depot.down();
  },

  leading: async ({ depot, start, upstream }, use) => {
    upstream.answer('/openapi.json', { body: document(depot.url) });
    await use(await start({ VESTIBULE_UPSTREAM__HOSTS: depot.url, VESTIBULE_UPSTREAM__ALLOW_PRIVATE: 'true' }));
  },
});

function document(depot: string): object {
  const stage = { enum: ['test', 'live'], default: 'test', description: 'Which *stage*.' };
  const servers = [
    { url: 'https://storeroom.example', description: 'The storeroom' },
    { url: `${depot}/{stage}`, description: 'The depot', variables: { stage } },
    { url: 'https://nobody.example', description: 'Nobody' },
  ];
  const q = { name: 'q', in: 'query', required: true, schema: { type: 'string' } };
  const search = { operationId: 'searchItems', servers, parameters: [q], responses: {} };
  return { openapi: '3.1.0', info: { title: 'Storeroom' }, servers: servers.slice(0, 1), paths: { '/search': { get: search } } };
}

test('a call goes to the server that was chosen, with its variables and without the token', async ({
  depot,
  enter,
  leading,
  page,
  upstream,
}) => {
  await enter(`${leading.url}/operations/searchItems`, 'ada', leading);
  const group = page.getByRole('group', { name: 'Server' });
  await expect(group.getByRole('combobox', { name: 'Sent to' }).getByRole('option')).toHaveText([
    `${upstream.url} – The storeroom`,
    `${depot.url}/test – The depot`,
  ]);
  await expect(group.getByRole('listitem')).toContainText('Nothing is sent to https://nobody.example');

  await page.getByRole('textbox', { name: /^q/ }).fill('Lamp');
  await group.getByRole('combobox', { name: 'Sent to' }).selectOption({ index: 1 });
  await group.getByRole('combobox', { name: 'stage' }).selectOption('live');
  await press(page);
  await expect(answerOn(page)).toContainText('from live');
  const [call] = depot.calls('/live/search');
  expect(call).toMatchObject({ method: 'GET', query: '?q=Lamp' });
  expect(call?.headers.authorization).toBeUndefined();
  expect(upstream.calls('/search')).toEqual([]);
  await expect(group.getByRole('combobox', { name: 'stage' })).toHaveValue('live');

  await group.getByRole('combobox', { name: 'Sent to' }).selectOption({ index: 0 });
  await press(page);
  await expect(answerOn(page)).toContainText('Lamp');
  expect(upstream.calls('/search').at(-1)?.headers.authorization).toBe(`Bearer ${upstream.access}`);
});

test('a server that the document does not name, or a value that it does not allow, is told at its input', async ({
  depot,
  javaScriptEnabled,
  leading,
  open,
  page,
  signIn,
}) => {
  await signIn('ada', leading);
  const server = encodeURIComponent(`${depot.url}/{stage}`);
  expect(await open(`${leading.url}/operations/searchItems?q=a&~server=${server}&~server/stage=secret`)).toBe(422);
  await expect(alertOn(page)).toContainText('none of the values that the document allows');
  await expect(page.getByRole('combobox', { name: 'stage' })).toHaveAttribute('aria-invalid', 'true');
  if (javaScriptEnabled !== false) await expectNoViolations(page);
  expect(await open(`${leading.url}/operations/searchItems?q=a&~server=https://nobody.example`)).toBe(422);
  await expect(alertOn(page)).toContainText('Nothing is sent to https://nobody.example');
  expect([...depot.calls('/test/search'), ...depot.calls('/secret/search')]).toEqual([]);
});

test('a 401 of another server is its own, and ends nothing', async ({ depot, enter, leading, page }) => {
  depot.answer('/test/search', { status: 401, body: { message: 'Who are you?' } });
  await enter(`${leading.url}/operations/searchItems`, 'ada', leading);
  await page.getByRole('textbox', { name: /^q/ }).fill('Lamp');
  await page.getByRole('combobox', { name: 'Sent to' }).selectOption({ index: 1 });
  await press(page);
  await expect(answerOn(page)).toContainText('Who are you?');
  await expect(page).toHaveURL(/\/operations\/searchItems\?/);
  expect(depot.calls('/test/search'), 'it is asked once').toHaveLength(1);
});
