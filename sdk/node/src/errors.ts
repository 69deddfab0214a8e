// What can go wrong, each with the sentence that the server says about it.

/** Something that this package reports; its other errors inherit from this one. */
export class EchoSphereError extends Error {
  override name = 'EchoSphereError';
}

/** The bot cannot start like this; the message says what to change. */
export class ConfigurationError extends EchoSphereError {
  override name = 'ConfigurationError';
}

/** What somebody typed after a command does not fit. Who typed it is told the message, and nobody else is. */
export class UsageError extends EchoSphereError {
  override name = 'UsageError';
}

/** The filter of the group holds a message back until its owner or an admin releases it. */
export class HeldError extends EchoSphereError {
  override name = 'HeldError';
}

/** The server could not be reached, or broke off, for longer than `giveUpAfter`. */
export class ConnectionFailedError extends EchoSphereError {
  override name = 'ConnectionFailedError';
}

/** The server refused a request. */
export class ApiError extends EchoSphereError {
  override name = 'ApiError';

  constructor(
    /** Of HTTP. */
    readonly status: number,
    /** The server's word for the kind of error, such as `not_found`. */
    readonly code: string,
    /** The server's sentence. */
    readonly detail: string,
    /** What is wrong with which field of the request. */
    readonly fields: Readonly<Record<string, string>> = {},
    /** Seconds to wait, if the server said so. */
    readonly retryAfter: number | null = null,
  ) {
    super(`${detail} (${status} ${code})`);
  }
}

export async function errorOf(answer: Response): Promise<ApiError> {
  const problem = (await answer.json().catch(() => ({}))) as Partial<ApiError> | null;
  return new ApiError(
    answer.status,
    problem?.code ?? 'unknown',
    problem?.detail ?? `The server answered with ${answer.status}.`,
    problem?.fields ?? {},
    parseRetryAfter(answer.headers.get('Retry-After')),
  );
}

/** Seconds that are waited at most. Timers of Node.js that are set for more than 24 days end at once. */
const MAX_RETRY_AFTER = 3600;

/** Returns the seconds that `Retry-After` asks for, as a number or a date, up to an hour. */
export function parseRetryAfter(value: string | null): number | null {
  if (!value) return null;
  const number = Number(value);
  const seconds = Number.isNaN(number) ? (Date.parse(value) - Date.now()) / 1000 : number;
  return Number.isNaN(seconds) ? null : Math.min(Math.max(0, seconds), MAX_RETRY_AFTER);
}
