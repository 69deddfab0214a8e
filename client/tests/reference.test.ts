// What the page of the API's reference makes of the documents.
import { describe, expect, test } from 'vitest';
import { parseDocuments, type Schema } from '../src/reference/documents';
import {
  boundsOf,
  curlOf,
  fieldsOf,
  inner,
  matching,
  pieces,
  restGroups,
  socketGroups,
  typeOf,
} from '../src/reference/model';

const problem = { description: 'This does not exist, or the caller cannot see it.', content: {} };
const rest = {
  info: { version: '1.0', description: 'About' },
  tags: [
    { name: 'Messages', description: 'Posted once.' },
    { name: 'E-mail & more', description: '' },
  ],
  paths: {
    '/api/v1/conversations/{conversation}/messages': {
      post: {
        operationId: 'postMessage',
        tags: ['Messages'],
        summary: 'Post a message.',
        parameters: [
          {
            name: 'conversation',
            in: 'path',
            required: true,
            schema: { type: 'string' },
            example: 'c5',
          },
        ],
        requestBody: {
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/PostBody' },
              example: { key: 'k', body: "it's noon" },
            },
          },
        },
        responses: {
          '201': {
            description: 'Success',
            content: {
              'application/json': { schema: { $ref: '#/components/schemas/Message' }, example: {} },
            },
          },
          '404': { $ref: '#/components/responses/NotFound' },
        },
        security: [{ session: [] }, { apiKey: ['messages:write'] }],
      },
    },
    '/api/v1/search': {
      get: {
        operationId: 'search',
        tags: ['E-mail & more'],
        summary: 'Find it.',
        parameters: [
          { name: 'q', in: 'query', required: true, schema: { type: 'string' }, example: 'a b' },
        ],
        responses: { '204': { description: 'Success' } },
        security: [],
      },
    },
  },
  components: {
    schemas: {
      PostBody: {
        type: 'object',
        properties: { key: { type: 'string' }, body: { type: 'string' } },
        required: ['key'],
      },
      Message: { type: 'object', properties: { reply: { $ref: '#/components/schemas/Message' } } },
      Kind: { enum: ['bot', 'hook'] },
    },
    responses: { NotFound: problem },
  },
};
const socket = {
  info: { description: 'Over Socket.IO', tags: [] },
  operations: {
    post: {
      action: 'receive',
      summary: 'Post.',
      tags: [{ name: 'Messages' }],
      messages: [{ $ref: '#/channels/socket/messages/post' }],
      reply: { messages: [{ $ref: '#/channels/socket/messages/post.answer' }] },
      'x-scopes': ['messages:write'],
    },
    'message.event': {
      action: 'send',
      summary: 'A message.',
      tags: [{ name: 'Messages' }],
      messages: [{ $ref: '#/channels/socket/messages/message.event' }],
    },
  },
  components: {
    schemas: {},
    messages: {
      post: { name: 'post', payload: { type: 'object' }, examples: [{ payload: { a: 1 } }] },
      'post.answer': { name: 'post.answer', payload: {}, examples: [] },
      'message.event': { name: 'message', payload: {}, examples: [] },
    },
  },
};

const [openapi, asyncapi] = parseDocuments(rest, socket);
const groups = restGroups(openapi);
const schemas = openapi.components.schemas;
const [posting] = groups[0]?.entries ?? [];
const [searching] = groups[1]?.entries ?? [];

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it is not there');
  return value;
}

describe('operations', () => {
  test('stand in the groups of their tags, in the order of these', () => {
    expect(groups.map((group) => [group.id, group.entries.map((one) => one.id)])).toEqual([
      ['tag-messages', ['postMessage']],
      ['tag-e-mail-more', ['search']],
    ]);
  });

  test('say what a key needs, and whether anybody may', () => {
    expect(posting).toMatchObject({ scopes: ['messages:write'], anonymous: false });
    expect(searching).toMatchObject({ scopes: null, anonymous: true });
  });

  test('have their answers and, from the components, their refusals', () => {
    expect(posting?.answers.map((one) => one.status)).toEqual(['201']);
    expect(posting?.refusals).toEqual([
      {
        status: '404',
        description: 'This does not exist, or the caller cannot see it.',
        sample: null,
      },
    ]);
  });

  test('become a line for the shell in which nothing is lost', () => {
    expect(curlOf(must(posting), 'https://chat.example.org')).toBe(
      "curl -X POST 'https://chat.example.org/api/v1/conversations/c5/messages'" +
        ' -H "Authorization: Bearer $KEY" -H \'Content-Type: application/json\'' +
        ` -d '{"key":"k","body":"it'\\''s noon"}'`,
    );
    expect(curlOf(must(searching), 'http://a')).toBe("curl 'http://a/api/v1/search?q=a%20b'");
  });
});

test('calls and events of the socket are groups of their own', () => {
  const found = socketGroups(asyncapi, { call: 'Calls', event: 'Events' });
  expect(found.map((group) => [group.title, group.entries.map((one) => one.address)])).toEqual([
    ['Calls', ['post']],
    ['Events', ['message']],
  ]);
  expect(found[0]?.entries[0]).toMatchObject({
    id: 'socket-post',
    scopes: ['messages:write'],
    body: { example: { a: 1 } },
  });
});

test('a search finds all of its words, wherever they are', () => {
  const found = (words: string): string[] =>
    matching(groups, words).flatMap((group) => group.entries.map((one) => one.id));
  expect(found('  ')).toEqual(['postMessage', 'search']);
  expect(found('POST conversations')).toEqual(['postMessage']);
  expect(found('mail')).toEqual(['search']);
  expect(found('post mail')).toEqual([]);
});

test.each<[Schema, string]>([
  [{ type: 'string' }, 'string'],
  [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, 'integer | null'],
  [{ type: 'array', items: { $ref: '#/components/schemas/Message' } }, 'Message[]'],
  [{ type: 'array', items: { $ref: '#/components/schemas/Kind' } }, '("bot" | "hook")[]'],
  [{ prefixItems: [{ type: 'integer' }, { type: 'string' }] }, '[integer, string]'],
  [{ type: 'object', additionalProperties: { type: 'integer' } }, '{[name]: integer}'],
  [{ const: true }, 'true'],
  [{}, 'any'],
])('the type of %j is written %s', (schema, written) => {
  expect(typeOf(schema, schemas)).toBe(written);
});

test('fields are those of the named object, also of one that is put together', () => {
  const named = { $ref: '#/components/schemas/PostBody' };
  const own = { type: 'object', properties: { ok: { const: true } }, required: ['ok'] };
  const fields = fieldsOf({ allOf: [own, named] }, schemas);
  expect(fields.map((one) => [one.name, one.required])).toEqual([
    ['ok', true],
    ['key', true],
    ['body', false],
  ]);
  expect(inner({ type: 'array', items: named }, schemas)).toBe('PostBody');
  expect(inner({ $ref: '#/components/schemas/Kind' }, schemas)).toBeNull();
});

test.each<[Schema, string | undefined]>([
  [{ minimum: 1, maximum: 100 }, '1 – 100'],
  [{ maxLength: 10 }, '≤ 10'],
  [{ minItems: 2, maxItems: 2 }, '2'],
  [{ minimum: 0, maximum: 2 ** 53 }, '≥ 0'],
  [{ anyOf: [{ type: 'string', maxLength: 5 }, { type: 'null' }] }, '≤ 5'],
  [{ type: 'string' }, undefined],
])('the bounds of %j are %s', (schema, bounds) => {
  expect(boundsOf(schema)?.text).toBe(bounds);
});

test('what stands between backticks is code', () => {
  expect(pieces('See `seq` and `key`')).toEqual([
    { code: false, text: 'See ' },
    { code: true, text: 'seq' },
    { code: false, text: ' and ' },
    { code: true, text: 'key' },
  ]);
});
