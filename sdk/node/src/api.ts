// The HTTP interface of a server: sends requests until they are answered.

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { keyFor } from './cause.js';
import {
  ApiError,
  ConfigurationError,
  ConnectionFailedError,
  EchoSphereError,
  errorOf,
  HeldError,
} from './errors.js';
import type { Log } from './log.js';
import { pause, pauseAfter, type Retry } from './retry.js';
import { VERSION } from './version.js';
import { type Actions, type MessageData, type Page, rowsOf, type User } from './wire.js';

/** A file to send: a path, or a name with its content. */
export type File = string | { readonly name: string; readonly content: Uint8Array | string };

export interface PostOptions {
  readonly files?: readonly File[];
  readonly actions?: Actions;
  /** The number of the message that it answers. */
  readonly replyTo?: number;
  /** A second message with the same key is not posted. */
  readonly key?: string;
}

interface Request {
  readonly json?: unknown;
  readonly form?: FormData;
  readonly seconds?: number;
  readonly withoutKey?: boolean;
}

const TIMEOUT = 30;
const MAX_FAILURES = 5;
const KNOWN_USERS = 2_000;
const USERS_KEPT = 600_000;
const RESPOND = '/api/v1/respond/';

export class Api {
  readonly url: string;
  private readonly users = new Map<string, { readonly until: number; readonly user: User }>();

  constructor(
    url: string,
    private readonly key: string,
    private readonly retry: Retry,
    private readonly log: Log,
    private readonly signal?: AbortSignal,
  ) {
    this.url = serverUrl(url);
  }

  async me(): Promise<User> {
    return (await this.request<{ user: User }>('GET', '/me')).user;
  }

  /** Returns somebody who is, or was, in a conversation; without a name if the bot may not see it. */
  async user(id: string, conversation: string): Promise<User> {
    const known = this.users.get(id);
    if (known !== undefined && known.until > Date.now()) return known.user;
    const user = await this.findUser(id, conversation).catch((error: unknown) => {
      if (error instanceof ApiError) return undefined;
      throw error;
    });
    return this.remember(user ?? { id, name: '', kind: 'person' });
  }

  private async findUser(id: string, conversation: string): Promise<User | undefined> {
    try {
      const path = `/users/${encodeURIComponent(id)}`;
      return (await this.request<{ user: User }>('GET', path)).user;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
    }
    // Those who left, and webhooks, are shown with the conversation only.
    const path = `/conversations/${encodeURIComponent(conversation)}`;
    const answer = await this.request<{ conversation: { members: { user: User }[] } }>('GET', path);
    return answer.conversation.members.map((one) => one.user).find((one) => one.id === id);
  }

  remember(user: User): User {
    this.users.delete(user.id);
    this.users.set(user.id, { until: Date.now() + USERS_KEPT, user });
    const [oldest] = this.users.keys();
    if (this.users.size > KNOWN_USERS && oldest !== undefined) this.users.delete(oldest);
    return user;
  }

  /** Returns what happened after a cursor, waiting for it; without one, where events are now. */
  async events(after: string | null, wait: number): Promise<Page> {
    const query =
      after === null ? '' : `?${new URLSearchParams({ after, wait: `${wait}` }).toString()}`;
    return this.request<Page>('GET', `/events${query}`, { seconds: wait + TIMEOUT });
  }

  async post(conversation: string, text: string, options: PostOptions = {}): Promise<MessageData> {
    const key = keyFor(options.key);
    const attachments: string[] = [];
    for (const [number, file] of (options.files ?? []).entries()) {
      attachments.push(await this.upload(file, `${key.slice(0, 48)}-file-${number}`));
    }
    const json = {
      key,
      body: text,
      ...(attachments.length > 0 ? { attachments } : {}),
      ...(options.actions === undefined ? {} : { actions: rowsOf(options.actions) }),
      ...(options.replyTo === undefined ? {} : { reply_to: options.replyTo }),
    };
    const path = `/conversations/${encodeURIComponent(conversation)}/messages`;
    return messageIn(await this.request('POST', path, { json }));
  }

  private async upload(file: File, key: string): Promise<string> {
    const { name, content } =
      typeof file === 'string' ? { name: basename(file), content: await readFile(file) } : file;
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(Buffer.from(content))]), name);
    const path = `/attachments?${new URLSearchParams({ key }).toString()}`;
    const answer = await this.request<{ attachment: { id: string } }>('POST', path, { form });
    return answer.attachment.id;
  }

  async download(url: string): Promise<Uint8Array> {
    const { pathname } = new URL(url, this.url);
    const answer = await this.send('GET', this.url + pathname, {});
    return new Uint8Array(await answer.arrayBuffer());
  }

  async edit(path: string, text: string, actions?: Actions): Promise<MessageData> {
    const json = { body: text, ...(actions === undefined ? {} : { actions: rowsOf(actions) }) };
    return messageIn(await this.request('PATCH', path, { json }));
  }

  /** Answers a command or a press. Only the path of the address is used: a bot answers its own server. */
  async respond(address: string, answer: object, key?: string): Promise<MessageData | null> {
    const { pathname } = new URL(address, this.url);
    if (!pathname.startsWith(RESPOND)) {
      throw new EchoSphereError('The server sent an address for answers that is none.');
    }
    const request = { json: { key: keyFor(key), ...answer }, withoutKey: true };
    const sent = await this.send('POST', this.url + pathname, request);
    const said = (await sent.json()) as Parameters<typeof messageIn>[0];
    return 'message' in said ? messageIn(said) : null;
  }

  /** Sends a request until it is answered; returns what the answer says. */
  async request<Answer>(method: string, path: string, request: Request = {}): Promise<Answer> {
    const answer = await this.send(method, `${this.url}/api/v1${path}`, request);
    try {
      return (await answer.json()) as Answer;
    } catch {
      throw new EchoSphereError(
        `${this.url} answered with something else than JSON. Is this an EchoSphere server?`,
      );
    }
  }

  private async send(method: string, url: string, request: Request): Promise<Response> {
    const began = Date.now();
    for (let attempt = 0; ; attempt += 1) {
      let failure: EchoSphereError;
      try {
        const answer = await this.once(method, url, request);
        if (answer.ok) {
          if (attempt > 0) this.log('info', `${this.url} answers again.`);
          return answer;
        }
        failure = await errorOf(answer);
        // The request before was heard, and its answer lost.
        if (attempt > 0 && method === 'DELETE' && answer.status === 404) return answer;
      } catch (error) {
        this.signal?.throwIfAborted();
        failure = new ConnectionFailedError(`${this.url} cannot be reached: ${causeOf(error)}`);
      }
      await this.waitAfter(failure, attempt, began);
    }
  }

  private async once(method: string, url: string, request: Request): Promise<Response> {
    const timeout = AbortSignal.timeout((request.seconds ?? TIMEOUT) * 1000);
    const signal = this.signal === undefined ? timeout : AbortSignal.any([timeout, this.signal]);
    const headers: Record<string, string> = { 'User-Agent': `echosphere-bot/${VERSION} (node)` };
    if (request.withoutKey !== true) headers['Authorization'] = `Bearer ${this.key}`;
    if (request.json !== undefined) headers['Content-Type'] = 'application/json';
    const body = request.form ?? (request.json === undefined ? null : JSON.stringify(request.json));
    return fetch(url, { method, headers, body, signal, redirect: 'manual' });
  }

  private async waitAfter(failure: EchoSphereError, attempt: number, began: number): Promise<void> {
    if (!mayPass(failure, attempt)) throw failure;
    const asked = failure instanceof ApiError ? failure.retryAfter : null;
    // A little more than asked for, so that those who wait do not all come at once.
    const seconds =
      asked === null ? pauseAfter(this.retry, attempt) : asked + pauseAfter(this.retry, 0);
    if ((Date.now() - began) / 1000 + seconds > this.retry.giveUpAfter) throw failure;
    this.log('warning', `${failure.message} Trying again in ${seconds.toFixed(1)} s.`);
    await pause(seconds, this.signal);
  }
}

/** Tells whether the same request may succeed later. */
function mayPass(failure: EchoSphereError, attempt: number): boolean {
  if (failure instanceof ConnectionFailedError) return true;
  if (!(failure instanceof ApiError)) return false;
  const { status } = failure;
  if (status === 500) return attempt < MAX_FAILURES;
  return status === 429 || (status >= 502 && status <= 504) || (status >= 520 && status < 530);
}

function messageIn(answer: {
  readonly message?: MessageData | null;
  readonly held?: unknown;
}): MessageData {
  if (answer.message != null) return answer.message;
  throw new HeldError(
    'The filter of this group holds the message back until an admin releases it.',
  );
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

export function serverUrl(given: string): string {
  const url = URL.canParse(given.trim()) ? new URL(given.trim()) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new ConfigurationError(
      `'${given}' is not the address of a server. It looks like https://chat.example.org`,
    );
  }
  return url.origin + url.pathname.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
}
