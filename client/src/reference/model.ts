// What the page shows of the documents: operations and socket calls by tag, their fields, and curl.
import type { AsyncApi, OpenApi, OperationObject, Parameter, Schema, Schemas } from './documents';

export interface Sample {
  readonly schema: Schema;
  readonly example: unknown;
}

export interface Answer {
  readonly status: string;
  readonly description: string;
  readonly sample: Sample | null;
}

/** One operation of REST, or one call or event of the socket. */
export interface Entry {
  readonly id: string;
  /** `GET`, …; of the socket `call` or `event`. */
  readonly method: string;
  /** The path, or the name on the socket. */
  readonly address: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly body: Sample | null;
  /** Whether the body is a form with a file. */
  readonly uploads: boolean;
  readonly answers: readonly Answer[];
  readonly refusals: readonly Answer[];
  /** What a key needs; null if keys cannot do it. */
  readonly scopes: readonly string[] | null;
  readonly anonymous: boolean;
}

export interface Group {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly entries: readonly Entry[];
}

const json = 'application/json';
const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** The last part of `#/components/…/Name`. */
export function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

export function slug(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

export function restGroups(openapi: OpenApi): Group[] {
  const entries = Object.entries(openapi.paths).flatMap(([path, operations]) =>
    methods.flatMap((method) => {
      const operation = operations[method];
      return operation === undefined ? [] : [restEntry(openapi, method, path, operation)];
    }),
  );
  const tagOf = new Map(
    Object.values(openapi.paths)
      .flatMap((operations) => Object.values(operations))
      .map((operation) => [operation.operationId, operation.tags[0] ?? '']),
  );
  return openapi.tags.map((tag) => ({
    id: `tag-${slug(tag.name)}`,
    title: tag.name,
    description: tag.description,
    entries: entries.filter((entry) => tagOf.get(entry.id) === tag.name),
  }));
}

function restEntry(
  openapi: OpenApi,
  method: string,
  path: string,
  operation: OperationObject,
): Entry {
  const content = operation.requestBody?.content;
  const answers = Object.entries(operation.responses).map(([status, one]) => {
    const described = one.$ref === undefined ? one : openapi.components.responses[nameOf(one.$ref)];
    const sample = described?.content?.[json];
    return {
      status,
      description: described?.description ?? '',
      sample: sample === undefined ? null : { schema: sample.schema, example: sample.example },
    };
  });
  const key = operation.security?.find((way) => 'apiKey' in way);
  return {
    id: operation.operationId,
    method: method.toUpperCase(),
    address: path,
    summary: operation.summary,
    description: operation.description ?? '',
    parameters: operation.parameters,
    body: sampleOf(content?.[json]),
    uploads: content?.['multipart/form-data'] !== undefined,
    answers: answers.filter((one) => one.status.startsWith('2')),
    refusals: answers.filter((one) => !one.status.startsWith('2')),
    scopes: key?.['apiKey'] ?? null,
    anonymous: operation.security?.length === 0,
  };
}

function sampleOf(content: { schema: Schema; example?: unknown } | undefined): Sample | null {
  return content === undefined ? null : { schema: content.schema, example: content.example };
}

export function socketGroups(
  asyncapi: AsyncApi,
  titles: Record<'call' | 'event', string>,
): Group[] {
  const all = Object.entries(asyncapi.operations).map(([id, operation]): Entry => {
    const kind = operation.action === 'receive' ? 'call' : 'event';
    const [sent] = operation.messages;
    const [reply] = operation.reply?.messages ?? [];
    const answer = reply === undefined ? null : messageOf(asyncapi, reply.$ref);
    return {
      id: `socket-${id}`,
      method: kind,
      address: kind === 'event' ? id.replace(/\.event$/, '') : id,
      summary: operation.summary,
      description: '',
      parameters: [],
      body: sent === undefined ? null : messageOf(asyncapi, sent.$ref),
      uploads: false,
      answers: answer === null ? [] : [{ status: '', description: '', sample: answer }],
      refusals: [],
      scopes: operation['x-scopes'] ?? null,
      anonymous: false,
    };
  });
  return (['call', 'event'] as const).map((kind) => ({
    id: `socket-${kind}s`,
    title: titles[kind],
    description: kind === 'call' ? asyncapi.info.description : '',
    entries: all.filter((entry) => entry.method === kind),
  }));
}

function messageOf(asyncapi: AsyncApi, reference: string): Sample | null {
  const message = asyncapi.components.messages[nameOf(reference)];
  if (message === undefined) return null;
  return { schema: message.payload, example: message.examples[0]?.payload };
}

/** Those groups and entries in which all words of a search occur. */
export function matching(groups: readonly Group[], search: string): readonly Group[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return groups;
  return groups
    .map((group) => ({
      ...group,
      entries: group.entries.filter((entry) => {
        const text = [entry.id, entry.method, entry.address, entry.summary, group.title]
          .join(' ')
          .toLowerCase();
        return words.every((word) => text.includes(word));
      }),
    }))
    .filter((group) => group.entries.length > 0);
}

export interface Field {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** The fields of an object, also of one that is named or put together. */
export function fieldsOf(schema: Schema, schemas: Schemas): readonly Field[] {
  const found = resolve(schema, schemas);
  const required = found.required ?? [];
  const own = Object.entries(found.properties ?? {}).map(([name, one]) => ({
    name,
    schema: one,
    required: required.includes(name),
  }));
  return [...(found.allOf ?? []).flatMap((one) => fieldsOf(one, schemas)), ...own];
}

export function resolve(schema: Schema, schemas: Schemas): Schema {
  return schema.$ref === undefined ? schema : (schemas[nameOf(schema.$ref)] ?? {});
}

/** The name of the objects that a value is, or has several of; null if it has none of a name. */
export function inner(schema: Schema, schemas: Schemas): string | null {
  if (schema.$ref !== undefined) {
    const name = nameOf(schema.$ref);
    return fieldsOf(schema, schemas).length > 0 ? name : null;
  }
  const within = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (schema.items !== undefined) within.push(schema.items);
  if (typeof schema.additionalProperties === 'object') within.push(schema.additionalProperties);
  return within.map((one) => inner(one, schemas)).find((name) => name !== null) ?? null;
}

/** A type as programmers write it: `string | null`, `Message[]`, `"all" | "admins"`. */
export function typeOf(schema: Schema, schemas: Schemas): string {
  if (schema.$ref !== undefined) {
    const named = resolve(schema, schemas);
    return named.enum === undefined ? nameOf(schema.$ref) : typeOf(named, schemas);
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map((one) => typeOf(one, schemas)).join(' | ');
  if (schema.allOf !== undefined) return 'object';
  if (schema.prefixItems !== undefined)
    return `[${schema.prefixItems.map((one) => typeOf(one, schemas)).join(', ')}]`;
  if (schema.type === 'array') return listOf(typeOf(schema.items ?? {}, schemas));
  if (typeof schema.additionalProperties === 'object')
    return `{[name]: ${typeOf(schema.additionalProperties, schemas)}}`;
  return schema.type ?? 'any';
}

function listOf(type: string): string {
  return type.includes(' | ') ? `(${type})[]` : `${type}[]`;
}

/** Bounds of a value, as `1 – 100`; of texts and lists those of their length. */
export function boundsOf(schema: Schema): { of: 'value' | 'length'; text: string } | null {
  const among = schema.anyOf?.find((one) => one.type !== 'null');
  if (among !== undefined) return boundsOf(among);
  const length = rangeOf(schema.minLength ?? schema.minItems, schema.maxLength ?? schema.maxItems);
  if (length !== null) return { of: 'length', text: length };
  // Numbers of which JavaScript is sure: nobody has to be told.
  const most =
    schema.maximum !== undefined && schema.maximum > 2 ** 52 ? undefined : schema.maximum;
  const least =
    schema.minimum !== undefined && schema.minimum < -(2 ** 52) ? undefined : schema.minimum;
  const value = rangeOf(least, most);
  return value === null ? null : { of: 'value', text: value };
}

function rangeOf(least: number | undefined, most: number | undefined): string | null {
  if (least === undefined && most === undefined) return null;
  if (most === undefined) return `≥ ${least ?? 0}`;
  if (least === undefined || least === most) return least === most ? `${most}` : `≤ ${most}`;
  return `${least} – ${most}`;
}

/** Text in pieces: what stands between backticks is code. */
export function pieces(text: string): readonly { readonly code: boolean; readonly text: string }[] {
  return text
    .split('`')
    .map((piece, index) => ({ code: index % 2 === 1, text: piece }))
    .filter((piece) => piece.text !== '');
}

export function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** A line for a shell that makes the call of the example. */
export function curlOf(entry: Entry, base: string): string {
  const path = entry.address.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(exampleOf(entry, name))),
  );
  const query = entry.parameters
    .filter((one) => one.in === 'query' && one.example !== undefined)
    .map((one) => `${one.name}=${encodeURIComponent(String(one.example))}`)
    .join('&');
  const parts = ['curl'];
  if (entry.method !== 'GET') parts.push(`-X ${entry.method}`);
  parts.push(quoted(`${base}${path}${query === '' ? '' : `?${query}`}`));
  if (!entry.anonymous) parts.push('-H "Authorization: Bearer $KEY"');
  if (entry.uploads) parts.push('-F file=@notes.txt');
  if (entry.body !== null) {
    parts.push("-H 'Content-Type: application/json'");
    parts.push(`-d ${quoted(JSON.stringify(entry.body.example))}`);
  }
  return parts.join(' ');
}

function exampleOf(entry: Entry, name: string): unknown {
  return entry.parameters.find((one) => one.in === 'path' && one.name === name)?.example ?? name;
}

/** For a POSIX shell, which reads nothing between these quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
