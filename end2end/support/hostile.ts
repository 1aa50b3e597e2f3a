/** A document with script, markup and addresses to run in every text and address that it has. */

/** What once ran in Swagger UI, Redoc, Scalar, RapiDoc, Stoplight or openapi-explorer. `mark()` says so. */
const markup = (mark: string) =>
  [
    `<img src=x onerror="${mark}">`,
    `<script>${mark}</script>`,
    `<svg/onload="${mark}">`,
    `<details open ontoggle="${mark}">x</details>`,
    `<iframe srcdoc="<script>parent.${mark}</script>"></iframe>`,
    `<form action="https://example.com/"><input name="password"></form>`,
    `<style>body { display: none }</style><link rel="stylesheet" href="https://example.com/x.css">`,
    `<a href="javascript:${mark}" onclick="${mark}">x</a>`,
    `[x](javascript:${mark})`,
    `![x](https://example.com/pixel.png)`,
    `<meta http-equiv="refresh" content="0;url=https://example.com/"><base href="https://example.com/">`,
    `"'--></title></textarea></script><script>${mark}</script>`,
  ].join('\n\n');

const TEXT = markup('window.__ran=true');
const ADDRESS = 'javascript:window.__ran=true';

const schema = {
  type: 'object',
  title: TEXT,
  description: TEXT,
  required: ['choice'],
  properties: {
    choice: { type: 'string', enum: [TEXT, ADDRESS], description: TEXT },
    text: { type: 'string', title: TEXT, description: TEXT, default: TEXT, example: TEXT, pattern: TEXT, format: TEXT },
    [TEXT]: { type: 'array', items: { type: 'string', description: TEXT } },
    one: { oneOf: [{ type: 'object', title: TEXT, properties: { a: { type: 'string' } } }, { type: 'string', title: TEXT }] },
  },
};

const parameter = (name: string, place: string) => ({
  name,
  in: place,
  description: TEXT,
  example: TEXT,
  schema: { type: 'string', title: TEXT, description: TEXT, default: TEXT, enum: [TEXT, ADDRESS, 'x'] },
});

const operation = (operationId: string) => ({
  operationId,
  summary: TEXT,
  description: TEXT,
  tags: [TEXT],
  externalDocs: { url: ADDRESS, description: TEXT },
  servers: [{ url: ADDRESS, description: TEXT }],
  parameters: [parameter(TEXT, 'query'), parameter('plain', 'query'), parameter('X-Plain', 'header')],
  responses: {
    200: { description: TEXT, content: { [`text/html;x="${TEXT}"`]: { schema, example: TEXT } } },
    [TEXT]: { description: TEXT },
  },
});

const media = { schema, examples: { [TEXT]: { summary: TEXT, description: TEXT, value: { choice: TEXT, text: TEXT } } } };

export const hostile = {
  openapi: '3.1.0',
  info: {
    title: TEXT,
    version: TEXT,
    summary: TEXT,
    description: TEXT,
    termsOfService: ADDRESS,
    contact: { name: TEXT, url: ADDRESS, email: ADDRESS },
    license: { name: TEXT, url: ADDRESS },
  },
  externalDocs: { url: ADDRESS, description: TEXT },
  servers: [{ url: ADDRESS, description: TEXT, variables: { [TEXT]: { default: TEXT, enum: [TEXT], description: TEXT } } }],
  tags: [{ name: TEXT, description: TEXT, externalDocs: { url: ADDRESS, description: TEXT } }],
  paths: {
    '/read': { summary: TEXT, description: TEXT, get: operation('read') },
    '/write': {
      post: {
        ...operation('write'),
        requestBody: { description: TEXT, content: { 'application/json': media, 'text/plain': { example: TEXT } } },
      },
    },
    [`/${TEXT}`]: { put: { ...operation(TEXT), parameters: [{ $ref: `#/${TEXT}` }] } },
  },
};
