// One way to ask for what both doors offer: over the socket and, where that is not open, over HTTP.
import type * as v from 'valibot';
import type { Live } from './live';
import { Unreachable } from './refusal';
import type { Method, Rest } from './rest';

interface Over {
  /** The Socket.IO call with its argument. */
  readonly event: string;
  readonly argument: unknown;
  readonly method: Method;
  readonly path: string;
  readonly body?: unknown;
}

export class Calls {
  constructor(
    readonly rest: Rest,
    readonly live: Live,
  ) {}

  /** Only for what may be done twice without harm: an answer that got lost is asked for again. */
  async either<Schema extends v.GenericSchema>(
    schema: Schema,
    { event, argument, method, path, body }: Over,
  ): Promise<v.InferOutput<Schema>> {
    try {
      return await this.live.call(schema, event, argument);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return this.rest.call(schema, method, path, body);
    }
  }
}

export function conversationPath(conversation: string, ...further: (string | number)[]): string {
  return ['/conversations', conversation, ...further]
    .map((part, index) => (index === 0 ? part : encodeURIComponent(part)))
    .join('/');
}

/** A query of those fields that are given. */
export function queryOf(
  fields: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const given = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
