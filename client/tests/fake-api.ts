// A server that answers what a test tells it, behind real doors: for tests of what asks it.
import * as v from 'valibot';
import { ApiClient } from '../src/platform/api-client';
import type { SocketClient } from '../src/platform/socket-client';
import { Unreachable } from '../src/platform/refusal';
import type { Rest } from '../src/platform/rest';

type Answer = readonly [method: string, path: string, answer: unknown];

export class FakeApi {
  /** Calls over the socket that nobody waits for, as they were made. */
  readonly said: [string, unknown][] = [];
  /** Requests as they were made: method and address. */
  readonly asked: string[] = [];
  /** What they carried, in the same order. */
  readonly carried: unknown[] = [];
  /** What the next request with this method and beginning of the address gets; taken once. */
  readonly answers: Answer[] = [];
  /** Answers of the socket by event; without one it is not connected. */
  readonly socket = new Map<string, (argument: never) => unknown>();
  online = true;
  #arrived = Promise.resolve();
  #arrive = (): void => undefined;
  readonly socketClient: SocketClient;
  readonly rest: Rest;
  readonly api: ApiClient;

  constructor() {
    const call = (schema: v.GenericSchema, event: string, argument: never): Promise<unknown> =>
      this.#call(schema, event, argument);
    const online = (): boolean => this.online;
    this.socketClient = {
      get online() {
        return online();
      },
      call,
    } as unknown as SocketClient;
    this.rest = {
      call: (schema: v.GenericSchema, method: string, path: string, body?: unknown) => {
        this.carried.push(body);
        return this.#request(schema, method, path);
      },
    } as unknown as Rest;
    this.api = new ApiClient(this.rest, this.socketClient);
  }

  /** What is answered from now on stays on its way, as it was when it was asked for. */
  delay(): void {
    this.#arrived = new Promise((resolve) => (this.#arrive = resolve));
  }

  arrive(): void {
    this.#arrive();
    this.#arrived = Promise.resolve();
  }

  async #call(schema: v.GenericSchema, event: string, argument: never): Promise<unknown> {
    if (!this.online) throw new Unreachable(event);
    this.said.push([event, argument]);
    await Promise.resolve();
    const answer = this.socket.get(event);
    const parsed = v.parse(schema, answer === undefined ? {} : answer(argument));
    await this.#arrived;
    return parsed;
  }

  async #request(schema: v.GenericSchema, method: string, path: string): Promise<unknown> {
    this.asked.push(`${method} ${path}`);
    await Promise.resolve();
    const index = this.answers.findIndex(
      ([known, beginning]) => known === method && path.startsWith(beginning),
    );
    const [found] = index === -1 ? [] : this.answers.splice(index, 1);
    if (found === undefined) throw new Unreachable(`${method} ${path}`);
    const [, , answer] = found;
    await this.#arrived;
    if (answer instanceof Error) throw answer;
    return v.parse(schema, answer);
  }
}
