// The HTTP side of the contract: one call that sends JSON, parses the answer and names the failure.
import * as v from 'valibot';
import { Refusal, Unreachable, refusalFrom } from './refusal';

export const root = '/api/v1';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export class Rest {
  /** Called when the server no longer knows this session. */
  onUnauthorized: () => void = () => undefined;

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

  async #send(method: Method, path: string, body: unknown): Promise<Response> {
    try {
      return await fetch(root + path, {
        method,
        credentials: 'same-origin',
        cache: 'no-store',
        signal: AbortSignal.timeout(20_000),
        headers:
          body === undefined
            ? { accept: 'application/json' }
            : { accept: 'application/json', 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
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
