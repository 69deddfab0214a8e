// The parts of the OpenAPI and AsyncAPI documents that the page shows, and fetching them.
import * as v from 'valibot';
import { addresses } from './addresses';

export interface Schema {
  readonly $ref?: string | undefined;
  readonly type?: string | undefined;
  readonly description?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
  readonly allOf?: readonly Schema[] | undefined;
  readonly items?: Schema | undefined;
  readonly prefixItems?: readonly Schema[] | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly additionalProperties?: boolean | Schema | undefined;
  readonly pattern?: string | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
}

const text = v.optional(v.string());
const number = v.optional(v.number());
const schema: v.GenericSchema<Schema> = v.lazy(() =>
  v.looseObject({
    $ref: text,
    type: text,
    description: text,
    enum: v.optional(v.array(v.unknown())),
    const: v.optional(v.unknown()),
    anyOf: v.optional(v.array(schema)),
    oneOf: v.optional(v.array(schema)),
    allOf: v.optional(v.array(schema)),
    items: v.optional(schema),
    prefixItems: v.optional(v.array(schema)),
    properties: v.optional(v.record(v.string(), schema)),
    required: v.optional(v.array(v.string())),
    additionalProperties: v.optional(v.union([v.boolean(), schema])),
    pattern: text,
    minimum: number,
    maximum: number,
    minLength: number,
    maxLength: number,
    minItems: number,
    maxItems: number,
  }),
);

const content = v.optional(
  v.record(v.string(), v.object({ schema, example: v.optional(v.unknown()) })),
);
const response = v.object({ $ref: text, description: text, content });
const parameter = v.object({
  name: v.string(),
  in: v.picklist(['path', 'query']),
  required: v.boolean(),
  description: text,
  schema,
  example: v.optional(v.unknown()),
});
const operation = v.object({
  operationId: v.string(),
  tags: v.array(v.string()),
  summary: v.string(),
  description: text,
  parameters: v.array(parameter),
  requestBody: v.optional(v.object({ content })),
  responses: v.record(v.string(), response),
  security: v.optional(v.array(v.record(v.string(), v.array(v.string())))),
});
const tag = v.object({ name: v.string(), description: v.string() });
const schemas = v.record(v.string(), schema);

const openapi = v.object({
  info: v.object({ version: v.string(), description: v.string() }),
  tags: v.array(tag),
  paths: v.record(v.string(), v.record(v.string(), operation)),
  components: v.object({
    schemas,
    responses: v.record(v.string(), response),
  }),
});

const reference = v.object({ $ref: v.string() });
const asyncapi = v.object({
  info: v.object({ description: v.string(), tags: v.array(tag) }),
  operations: v.record(
    v.string(),
    v.object({
      action: v.picklist(['receive', 'send']),
      summary: v.string(),
      tags: v.array(v.object({ name: v.string() })),
      messages: v.array(reference),
      reply: v.optional(v.object({ messages: v.array(reference) })),
      'x-scopes': v.optional(v.array(v.string())),
    }),
  ),
  components: v.object({
    schemas,
    messages: v.record(
      v.string(),
      v.object({
        name: v.string(),
        payload: schema,
        examples: v.array(v.object({ payload: v.unknown() })),
      }),
    ),
  }),
});

export type OpenApi = v.InferOutput<typeof openapi>;
export type AsyncApi = v.InferOutput<typeof asyncapi>;
export type OperationObject = v.InferOutput<typeof operation>;
export type Parameter = v.InferOutput<typeof parameter>;
export type Schemas = Readonly<Record<string, Schema>>;

async function fetched<Shape extends v.GenericSchema>(
  shape: Shape,
  address: string,
): Promise<v.InferOutput<Shape>> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return v.parse(shape, await answer.json());
}

export function fetchDocuments(): Promise<[OpenApi, AsyncApi]> {
  return Promise.all([fetched(openapi, addresses.openapi), fetched(asyncapi, addresses.asyncapi)]);
}

/** For tests: what the page makes of documents that did not come over the network. */
export function parseDocuments(rest: unknown, socket: unknown): [OpenApi, AsyncApi] {
  return [v.parse(openapi, rest), v.parse(asyncapi, socket)];
}
