// What the filters of groups hold: one's own messages, and those that wait for one's decision.
import { conversationPath } from '../platform/api-client';
import type { Rest } from '../platform/rest';
import {
  filterSchema,
  heldAnswerSchema,
  messageAnswerSchema,
  nothingSchema,
} from '../contract/answers';
import type { HeldMessage, Message } from '../contract/objects';

export class HeldMessages {
  #lists = $state.raw<ReadonlyMap<string, readonly HeldMessage[]>>(new Map());

  constructor(
    private readonly rest: Rest,
    private readonly onPosted: (message: Message) => void,
  ) {}

  in(conversation: string): readonly HeldMessage[] {
    return this.#lists.get(conversation) ?? [];
  }

  async load(conversation: string): Promise<void> {
    const path = conversationPath(conversation, 'held');
    const { held } = await this.rest.call(heldAnswerSchema, 'GET', path);
    this.#lists = new Map(this.#lists).set(conversation, held);
  }

  /** Something there is held, released or refused; where it cannot be read, it is when it is opened. */
  reload(conversation: string): void {
    this.load(conversation).catch(() => undefined);
  }

  async release({ conversation, id }: HeldMessage): Promise<void> {
    const path = conversationPath(conversation, 'held', id, 'released');
    this.onPosted((await this.rest.call(messageAnswerSchema, 'PUT', path)).message);
    await this.load(conversation);
  }

  async refuse({ conversation, id }: HeldMessage, reason: string): Promise<void> {
    const path = conversationPath(conversation, 'held', id, 'refused');
    await this.rest.call(nothingSchema, 'PUT', path, { reason });
    await this.load(conversation);
  }

  /** Takes back one's own, or puts away one that was refused. */
  async withdraw({ conversation, id }: HeldMessage): Promise<void> {
    await this.rest.call(nothingSchema, 'DELETE', conversationPath(conversation, 'held', id));
    await this.load(conversation);
  }

  async words(conversation: string): Promise<readonly string[]> {
    const path = conversationPath(conversation, 'filter');
    return (await this.rest.call(filterSchema, 'GET', path)).words;
  }

  async setWords(conversation: string, words: readonly string[]): Promise<readonly string[]> {
    const path = conversationPath(conversation, 'filter');
    return (await this.rest.call(filterSchema, 'PUT', path, { words })).words;
  }
}
