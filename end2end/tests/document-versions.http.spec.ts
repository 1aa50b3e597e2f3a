import { expect, scripted as test } from '../fixtures';
import { storeroom } from '../support/document';
import { navigating } from '../support/http';

test('an operator has the document read again at once', async ({ start, upstream }) => {
  const server = await start({});
  const cookie = await server.signIn();
  const newest = () => server.get('/operations/newest', { ...navigating, cookie }).then(({ status }) => status);
  expect(await newest()).toBe(404);
  const paths = { '/new': { get: { operationId: 'newest', parameters: [{ name: 'a', in: 'query' }] } } };
  upstream.answer('/openapi.json', { body: { ...storeroom, paths } });
  server.hangUp();
  await expect.poll(newest).toBe(200);
});
