import { expect, scripted } from '../fixtures';
import { answerOn, press } from '../support/people';
import type { Server } from '../support/server';

/** In front of an API whose document has schemas that build on one another, answers in two media types, and a key. */
const test = scripted.extend<{ choosing: Server }>({
  choosing: async ({ start, upstream }, use) => {
    upstream.answer('/openapi.json', { body: document });
    upstream.answer('/pets', { body: { data: 'a dog', message: 'OK' } });
    await use(await start({}));
  },
});

const onPet = (own: object) => ({ allOf: [{ $ref: '#/components/schemas/Pet' }, { type: 'object', properties: own }] });

const document = {
  openapi: '3.1.0',
  info: { title: 'Pets' },
  paths: {
    '/pets': {
      get: {
        operationId: 'findPets',
        parameters: [{ name: 'q', in: 'query', required: true, schema: { type: 'string' } }],
        security: [{ key: [] }],
        responses: { 200: { description: 'Found', content: { 'application/json': {}, 'text/csv': {} } } },
      },
      post: {
        operationId: 'addPet',
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } },
        responses: {},
      },
    },
  },
  components: {
    securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Pets' } },
    schemas: {
      Pet: {
        type: 'object',
        discriminator: { propertyName: 'kind' },
        required: ['kind'],
        properties: { kind: { type: 'string' } },
      },
      Cat: onPet({ lives: { type: 'integer' } }),
      Dog: onPet({ barks: { type: 'integer' } }),
    },
  },
};

test('a schema that others build on is a choice between them', async ({
  choosing,
  enter,
  javaScriptEnabled,
  page,
  upstream,
}) => {
  await enter(`${choosing.url}/operations/addPet`, 'ada', choosing);
  const variant = page.getByRole('combobox', { name: 'Variant of body' });
  await expect(variant.getByRole('option')).toHaveText(['Cat', 'Dog', 'Pet']);
  await expect(page.getByRole('spinbutton', { name: /^lives/ })).toBeVisible();
  await variant.selectOption('Dog');
  if (javaScriptEnabled === false) await press(page, 'Use this variant of body');
  await page.getByRole('spinbutton', { name: /^barks/ }).fill('3');
  await expect(page.getByRole('combobox', { name: /^kind/ })).toHaveValue('Dog');
  await press(page);
  await expect(answerOn(page)).toContainText('a dog');
  expect(JSON.parse(upstream.calls('/pets').at(-1)?.body ?? '')).toEqual({ kind: 'Dog', barks: 3 });
});

test('the media type of an answer is chosen, and a key is given that no address holds', async ({
  choosing,
  enter,
  page,
  upstream,
}) => {
  await enter(`${choosing.url}/operations/findPets`, 'ada', choosing);
  await page.getByRole('textbox', { name: /^q/ }).fill('dog');
  await page.getByRole('combobox', { name: /^Accept/ }).selectOption('text/csv');
  await press(page);
  await expect(answerOn(page)).toContainText('a dog');
  expect(upstream.calls('/pets').at(-1)?.headers.accept).toBe('text/csv');

  await page.getByRole('link', { name: 'Give a key' }).click();
  await page.getByLabel('X-Pets').fill('k3y');
  await press(page);
  await expect.poll(() => upstream.calls('/pets').at(-1)?.headers['x-pets']).toBe('k3y');
  await expect(answerOn(page)).toContainText('a dog');
  expect(upstream.calls('/pets').at(-1)?.query).toBe('?q=dog');
  expect(page.url()).not.toContain('k3y');
});
