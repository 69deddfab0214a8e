// What the filters of groups hold: one's own messages, and those that wait for one's decision.
import type { ConversationState } from '../conversations/conversation';
import { conversationPath } from '../platform/api-client';
import type { Rest } from '../platform/rest';
import {
  filterSchema,
  heldAnswerSchema,
  messageAnswerSchema,
  nothingSchema,
} from '../contract/answers';
import type { HeldMessage, Message } from '../contract/objects';

interface Loaded {
  readonly held: readonly HeldMessage[];
  /** By the ids of the files; those that were given up have none. */
  readonly fileNames: Readonly<Record<string, string>>;
  readonly next: string | null;
}

export class HeldMessages {
  #lists = $state.raw<ReadonlyMap<string, Loaded>>(new Map());
  readonly #turns = new Map<string, Promise<void>>();

  constructor(
    private readonly rest: Rest,
    private readonly onPosted: (message: Message) => void,
  ) {}

  /** Whether the group holds some messages, where that was set since it was fetched. */
  #filtered = $state.raw<ReadonlyMap<string, boolean>>(new Map());

  isFiltered({ id, rules }: Pick<ConversationState, 'id' | 'rules'>): boolean {
    return this.#filtered.get(id) ?? rules.filtered;
  }

  /** What waits there is another, or its filter was set on some device. */
  onEvent({ conversation, filtered }: { conversation: string; filtered: boolean | null }): void {
    if (filtered !== null) this.#learn(conversation, filtered);
    this.reload(conversation);
  }

  #learn(conversation: string, filtered: boolean): void {
    this.#filtered = new Map(this.#filtered).set(conversation, filtered);
  }

  in(conversation: string): readonly HeldMessage[] {
    return this.#lists.get(conversation)?.held ?? [];
  }

  fileNames({ conversation, attachments }: HeldMessage): readonly string[] {
    const names = this.#lists.get(conversation)?.fileNames ?? {};
    return attachments.flatMap((id) => names[id] ?? []);
  }

  /** Whether there are more than were loaded. */
  hasMore(conversation: string): boolean {
    return (this.#lists.get(conversation)?.next ?? null) !== null;
  }

  /** As many pages as were loaded before, so that nobody who reads further down loses their place. */
  load(conversation: string): Promise<void> {
    return this.#inTurn(conversation, async () => {
      const wanted = this.in(conversation).length;
      let loaded = await this.#page(conversation, { held: [], fileNames: {}, next: null });
      while (loaded.next !== null && loaded.held.length < wanted) {
        loaded = await this.#page(conversation, loaded);
      }
      this.#put(conversation, loaded);
    });
  }

  loadMore(conversation: string): Promise<void> {
    return this.#inTurn(conversation, async () => {
      const loaded = this.#lists.get(conversation);
      if (loaded === undefined || loaded.next === null) return;
      this.#put(conversation, await this.#page(conversation, loaded));
    });
  }

  async #page(conversation: string, before: Loaded): Promise<Loaded> {
    const query =
      before.next === null ? '' : `?${new URLSearchParams({ after: before.next }).toString()}`;
    const path = conversationPath(conversation, 'held') + query;
    const { held, file_names, next } = await this.rest.call(heldAnswerSchema, 'GET', path);
    const known = new Set(before.held.map(({ id }) => id));
    return {
      held: [...before.held, ...held.filter(({ id }) => !known.has(id))],
      fileNames: { ...before.fileNames, ...file_names },
      next,
    };
  }

  /** One that began earlier would put back what a later one has replaced. */
  #inTurn(conversation: string, act: () => Promise<void>): Promise<void> {
    const before = this.#turns.get(conversation) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(act);
    this.#turns.set(conversation, turn);
    return turn;
  }

  /** Something there is held, released or refused; where it cannot be read, it is when it is opened. */
  reload(conversation: string): void {
    this.load(conversation).catch(() => undefined);
  }

  async release({ conversation, id }: HeldMessage): Promise<void> {
    const path = conversationPath(conversation, 'held', id, 'released');
    this.onPosted((await this.rest.call(messageAnswerSchema, 'PUT', path)).message);
    this.#remove(conversation, id);
  }

  async refuse({ conversation, id }: HeldMessage, reason: string): Promise<void> {
    const path = conversationPath(conversation, 'held', id, 'refused');
    await this.rest.call(nothingSchema, 'PUT', path, { reason });
    this.#remove(conversation, id);
  }

  /** Takes back one's own, or puts away one that was refused. */
  async withdraw({ conversation, id }: HeldMessage): Promise<void> {
    await this.rest.call(nothingSchema, 'DELETE', conversationPath(conversation, 'held', id));
    this.#remove(conversation, id);
  }

  async words(conversation: string): Promise<readonly string[]> {
    const path = conversationPath(conversation, 'filter');
    return (await this.rest.call(filterSchema, 'GET', path)).words;
  }

  async setWords(conversation: string, words: readonly string[]): Promise<readonly string[]> {
    const path = conversationPath(conversation, 'filter');
    const kept = (await this.rest.call(filterSchema, 'PUT', path, { words })).words;
    this.#learn(conversation, kept.length > 0);
    return kept;
  }

  /** The event that follows has the list read again: it is not read twice. */
  #remove(conversation: string, held: string): void {
    const loaded = this.#lists.get(conversation);
    if (loaded === undefined) return;
    this.#put(conversation, { ...loaded, held: loaded.held.filter(({ id }) => id !== held) });
  }

  #put(conversation: string, loaded: Loaded): void {
    this.#lists = new Map(this.#lists).set(conversation, loaded);
  }
}
