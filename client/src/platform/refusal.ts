// The two ways in which a call can fail: the server refused it, or could not be reached.
import * as v from 'valibot';
import { problemSchema } from '../contract/answers';

export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: string,
    readonly detail: string,
    readonly retryAfterSeconds: number | null = null,
    readonly fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail === '' ? code : detail);
  }

  /** The same call may succeed later: the server was busy. */
  get isTemporary(): boolean {
    return this.code === 'too_many' || this.code === 'unavailable';
  }

  /** The file's metadata cannot be removed; the user may choose to send it unchanged. */
  get asItIs(): boolean {
    return 'as_it_is' in this.fields;
  }
}

export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

const codesByStatus: Readonly<Record<number, string>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  410: 'gone',
  413: 'too_large',
  415: 'invalid',
  422: 'invalid',
  429: 'too_many',
};

/** Codes that say more than their status. */
const ownCodes = ['proof_needed', 'factor_needed', 'confirmation_needed'];

/** Reads a problem document; proxies answer without one, so the status alone must be enough. */
export function refusalFrom(status: number, body: unknown, retryAfter: string | null): Refusal {
  const parsed = v.safeParse(problemSchema, body);
  const problem = parsed.success ? parsed.output : null;
  const told = ownCodes.find((one) => one === problem?.code);
  const code =
    told ?? codesByStatus[status] ?? problem?.code ?? (status >= 500 ? 'unavailable' : 'invalid');
  const seconds = Number(retryAfter ?? Number.NaN);
  return new Refusal(
    code,
    problem?.detail ?? '',
    Number.isFinite(seconds) ? seconds : null,
    problem?.fields,
  );
}
