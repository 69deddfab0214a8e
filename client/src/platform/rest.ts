// The HTTP transport: sends JSON, parses the answer, and turns failures into errors.
import * as v from 'valibot';
import { newKey } from './idempotency-key';
import { Refusal, Unreachable, refusalFrom } from './refusal';

export const apiRoot = '/api/v1';
const uploadTimeout = 60_000;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export class Rest {
  /** Called when the server no longer knows this session. */
  onUnauthorized: () => void = () => undefined;
  /** Idempotency keys of creating requests whose answer did not arrive. */
  readonly #unansweredKeys = new Map<string, string>();

  async call<Schema extends v.GenericSchema>(
    schema: Schema,
    method: Method,
    path: string,
    body?: unknown,
  ): Promise<v.InferOutput<Schema>> {
    const response = await this.#send(method, path, body);
    const content = await readJson(response);
    if (!response.ok) throw this.#refused(response, content);
    const parsed = v.safeParse(schema, content);
    if (!parsed.success) throw new Refusal('unavailable', `${method} ${path}: unexpected answer`);
    return parsed.output;
  }

  /**
   * Creates something once: repeating a request that got no answer reuses its idempotency key, which
   * `tell` learns before.
   */
  async create<Schema extends v.GenericSchema>(
    schema: Schema,
    path: string,
    fields: object,
    tell?: (key: string) => void,
  ): Promise<v.InferOutput<Schema>> {
    const name = `${path} ${JSON.stringify(fields)}`;
    const key = this.#unansweredKeys.get(name) ?? newKey();
    this.#unansweredKeys.set(name, key);
    tell?.(key);
    try {
      const answer = await this.call(schema, 'POST', path, { ...fields, key });
      this.#unansweredKeys.delete(name);
      return answer;
    } catch (error) {
      if (error instanceof Refusal && !error.isTemporary) this.#unansweredKeys.delete(name);
      throw error;
    }
  }

  async #send(method: Method, path: string, body: unknown): Promise<Response> {
    try {
      return await fetch(apiRoot + path, {
        method,
        credentials: 'same-origin',
        cache: 'no-store',
        signal: AbortSignal.timeout(body instanceof FormData ? uploadTimeout : 20_000),
        ...contentOf(body),
      });
    } catch (error) {
      throw new Unreachable(`${method} ${path}`, { cause: error });
    }
  }

  #refused(response: Response, content: unknown): Refusal {
    const refusal = refusalFrom(response.status, content, response.headers.get('retry-after'));
    if (refusal.code === 'unauthorized') this.onUnauthorized();
    return refusal;
  }
}

/** A form states its own type, with its boundary. */
function contentOf(body: unknown): Pick<RequestInit, 'headers' | 'body'> {
  const accept = 'application/json';
  if (body === undefined) return { headers: { accept } };
  if (body instanceof FormData) return { headers: { accept }, body };
  return {
    headers: { accept, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text().catch((error: unknown) => {
    throw new Unreachable('the answer broke off', { cause: error });
  });
  try {
    return text === '' ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}
