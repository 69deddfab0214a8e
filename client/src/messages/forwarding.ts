// Forwards messages to conversations; a second try only adds what is missing, and nothing twice.
import type { Message } from '../contract/objects';
import { newKey } from '../platform/idempotency-key';
import type { ForwardTarget } from './details';
import { runEach, type BatchOptions, type BatchResult } from '../platform/batch';

type Forward = (message: Message, to: readonly ForwardTarget[]) => Promise<unknown>;

export class Forwarding {
  /** By message and conversation: the same copy has the same key, however often it is tried. */
  readonly #keys = new Map<string, string>();
  readonly #done = new Set<string>();

  constructor(private readonly forward: Forward) {}

  send(
    messages: readonly Message[],
    conversations: readonly string[],
    options: BatchOptions = {},
  ): Promise<BatchResult<Message>> {
    return runEach(messages, (message) => this.#send(message, conversations), options);
  }

  async #send(message: Message, conversations: readonly string[]): Promise<void> {
    const missing = conversations
      .map((conversation) => ({ conversation, key: this.#keyOf(message, conversation) }))
      .filter(({ key }) => !this.#done.has(key));
    if (missing.length === 0) return;
    await this.forward(message, missing);
    for (const { key } of missing) this.#done.add(key);
  }

  #keyOf({ conversation, seq }: Message, target: string): string {
    const copy = `${conversation}/${seq}>${target}`;
    const key = this.#keys.get(copy) ?? newKey();
    this.#keys.set(copy, key);
    return key;
  }
}
