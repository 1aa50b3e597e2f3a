import { writeFile } from 'node:fs/promises';
import { expect, scripted as test } from '../fixtures';
import { expectNoViolations } from '../support/axe';
import { storeroom } from '../support/document';
import { answerOn } from '../support/people';

test('a new version that is broken is told on every page, the old one stays in use, and a mended one takes its place', async ({
  enter,
  javaScriptEnabled,
  open,
  page,
  start,
}, info) => {
  const file = info.outputPath('api.json');
  await writeFile(file, JSON.stringify(storeroom));
  const server = await start({ VESTIBULE_UPSTREAM__OPENAPI: file });
  const says = () => server.get('/readyz').then(({ body }) => body);
  const notice = page.getByRole('status').filter({ hasText: 'This may be out of date' });
  await enter(`${server.url}/operations`, 'ada', server);
  await expect(notice).toBeHidden();

  await writeFile(file, '{ "paths":');
  await expect.poll(says, { timeout: 10_000 }).toContain('cannot be understood');
  for (const path of ['/', '/operations', '/operations/searchItems']) {
    await open(server.url + path);
    await expect(notice).toContainText('could not be read');
  }
  if (javaScriptEnabled !== false) await expectNoViolations(page);
  expect(await open(`${server.url}/operations/listItems`)).toBe(200);
  await expect(answerOn(page)).toContainText('Lamp');

  const paths = { '/new': { get: { operationId: 'newest', summary: 'The newest', parameters: [{ name: 'a', in: 'query' }] } } };
  await writeFile(file, JSON.stringify({ ...storeroom, paths }));
  await expect.poll(says, { timeout: 10_000 }).toContain('"document":"ok"');
  expect(await open(`${server.url}/operations/newest`)).toBe(200);
  await expect(notice).toBeHidden();
  expect(await open(`${server.url}/operations/listItems`)).toBe(404);
});
