// Operations that the server offers over both transports: the socket first, HTTP as the fallback.
import type * as v from 'valibot';
import type { SocketClient } from './socket-client';
import { Unreachable } from './refusal';
import type { Method, Rest } from './rest';

interface ApiCall {
  /** The Socket.IO call with its argument. */
  readonly event: string;
  readonly argument: unknown;
  readonly method: Method;
  readonly path: string;
  readonly body?: unknown;
}

export class ApiClient {
  constructor(
    readonly rest: Rest,
    readonly socketClient: SocketClient,
  ) {}

  /** Only for idempotent operations: a call whose answer was lost is repeated over HTTP. */
  async callWithFallback<Schema extends v.GenericSchema>(
    schema: Schema,
    { event, argument, method, path, body }: ApiCall,
  ): Promise<v.InferOutput<Schema>> {
    try {
      return await this.socketClient.call(schema, event, argument);
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

/** Leaves out the fields that are undefined. */
export function queryString(
  fields: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const given = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
