/** The OpenAPI document of the storeroom, which {@link Upstream} answers. */

const json = (description: string) => ({ description, content: { 'application/json': {} } });

const item = {
  type: 'object',
  required: ['name', 'quantity'],
  properties: {
    name: { type: 'string', example: 'Lamp' },
    quantity: { type: 'integer', minimum: 1, example: 3 },
  },
};

const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer', minimum: 1 } };

const shelf = {
  type: 'object',
  required: ['id', 'place'],
  properties: {
    id: { type: 'integer', minimum: 1 },
    code: {
      type: ['string', 'null'],
      format: 'uuid',
      description: 'Printed **on the board**. <img src="/nowhere.png" onerror="alert(1)"> [Why](javascript:alert(2))',
    },
    kind: { type: 'string', enum: ['open', 'locked'] },
    key: { type: 'string', writeOnly: true },
    place: {
      type: 'object',
      required: ['room'],
      properties: { room: { type: 'string', maxLength: 3, example: 'B12' }, beside: { $ref: '#/components/schemas/Shelf' } },
    },
    holds: {
      type: 'array',
      maxItems: 40,
      items: { oneOf: [{ $ref: '#/components/schemas/Item' }, { type: 'string', title: 'Only a name' }] },
    },
  },
};

const wanted = {
  type: 'object',
  properties: { name: { type: 'string' }, cursor: { type: 'string' } },
  example: { name: 'Lamp' },
};

const list = {
  type: 'object',
  required: ['file'],
  properties: { file: { type: 'string', format: 'binary' }, limit: { type: 'string', pattern: '^[0-9]+$' } },
};

const found = {
  description: 'The shelf',
  headers: { 'X-Weight': { description: 'What it bears.', schema: { type: 'number', minimum: 0 } } },
  content: {
    'application/json': {
      schema: { type: 'object', required: ['data'], properties: { data: { $ref: '#/components/schemas/Shelf' }, message: { type: 'string' } } },
      examples: { corner: { summary: 'In the corner', value: { data: { id: 7, place: { room: 'B12' } }, message: 'OK' } } },
    },
    'text/csv': { schema: { type: 'string', description: 'One line for each item.' } },
  },
};

export const storeroom = {
  openapi: '3.1.0',
  info: { title: 'Storeroom', version: '2.1.0', description: 'What stands on the shelves behind the shop.' },
  tags: [{ name: 'Items', description: 'What stands on the shelves.' }],
  paths: {
    '/items': {
      get: { operationId: 'listItems', tags: ['Items'], summary: 'List items', responses: { 200: json('All items') } },
      post: {
        operationId: 'createItem',
        tags: ['Items'],
        summary: 'Put an item on a shelf',
        requestBody: { required: true, content: { 'application/json': { schema: item } } },
        responses: { 201: json('The item'), 422: json('Some fields are not right') },
      },
    },
    '/items/{id}': {
      get: {
        operationId: 'items/get',
        tags: ['Items'],
        summary: 'Show one item',
        parameters: [id],
        responses: { 200: json('The item'), 404: json('There is no such item') },
      },
    },
    '/search': {
      get: {
        operationId: 'searchItems',
        tags: ['Items'],
        summary: 'Search for items',
        parameters: [
          { name: 'q', in: 'query', required: true, schema: { type: 'string' } },
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 50 } },
          { name: 'X-Shelf', in: 'header', schema: { type: 'string' } },
        ],
        responses: { 200: json('What was found') },
      },
    },
    '/labels': {
      get: {
        operationId: 'findByLabels',
        tags: ['Items'],
        summary: 'Find items by their labels',
        parameters: [
          {
            name: 'label',
            in: 'query',
            style: 'deepObject',
            description: 'What the labels have to say.',
            schema: { type: 'object', additionalProperties: { type: 'string', maxLength: 20 } },
          },
        ],
        responses: { 200: json('What was found') },
      },
    },
    '/shelves/{id}': {
      get: {
        operationId: 'getShelf',
        tags: ['Items'],
        summary: 'Show one shelf',
        parameters: [id],
        responses: { 200: found, 404: json('There is no such shelf') },
      },
    },
    '/count': { get: { tags: ['Items'], summary: 'Count the items', responses: { 200: json('A number') } } },
    '/found': {
      post: {
        operationId: 'findItems',
        tags: ['Items'],
        summary: 'Find items by what they are called',
        requestBody: { content: { 'application/json': { schema: wanted } } },
        responses: { 200: json('What was found') },
      },
    },
    '/listed': {
      post: {
        operationId: 'deleteListed',
        tags: ['Items'],
        summary: 'Take away what a file lists',
        requestBody: { content: { 'multipart/form-data': { schema: list } } },
        responses: { 200: json('How many there were') },
      },
    },
  },
  components: { schemas: { Item: item, Shelf: shelf } },
};
