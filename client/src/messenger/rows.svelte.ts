// Fetches the messages that a conversation shows: the newest ones, and further ones on either side.
import type { ConversationApi } from '../connection/conversation-api';
import { Refusal } from '../connection/refusal';
import * as contexts from '../state/context.state';
import * as one from '../state/held.state';

export const pageSize = 50;
const longest = 100;

const contextPage = {
  before: contexts.applyContextOlder,
  after: contexts.applyContextNewer,
} as const;

interface Doors {
  readonly conversationApi: ConversationApi;
  get(conversation: string): one.Held | undefined;
  unread(held: one.Held): number;
  change(conversation: string, change: (held: one.Held) => one.Held): void;
  /** The conversation is not there, or not for this person. */
  onMissing(conversation: string): void;
}

export class Rows {
  /** Conversations whose messages could not be fetched. */
  unavailable = $state.raw<ReadonlySet<string>>(new Set());
  readonly #loadingMore = new Set<string>();
  readonly #loading = new Map<string, Promise<void>>();

  constructor(private readonly doors: Doors) {}

  async loadMore(conversation: string, side: 'before' | 'after'): Promise<void> {
    const held = this.doors.get(conversation);
    const apart = held?.context ?? null;
    const rows = apart?.messages ?? (side === 'before' ? held?.messages : undefined);
    const edge = rows?.at(side === 'before' ? 0 : -1)?.seq;
    if (edge === undefined || this.#loadingMore.has(conversation)) return;
    this.#loadingMore.add(conversation);
    const apply = apart === null ? one.applyOlder : contextPage[side];
    try {
      const range = { [side]: edge, limit: pageSize };
      const further = await this.doors.conversationApi.history(conversation, range);
      this.doors.change(conversation, (now) => apply(now, further, edge));
    } catch {
      // Scrolling on asks again.
    } finally {
      this.#loadingMore.delete(conversation);
    }
  }

  /** Fetches the messages again after a failure. */
  reload(conversation: string): Promise<void> {
    this.unavailable = new Set([...this.unavailable].filter((id) => id !== conversation));
    return this.load(conversation);
  }

  /** Whoever asks while the messages are on their way waits for the same ones. */
  load(conversation: string): Promise<void> {
    const running = this.#loading.get(conversation);
    if (running !== undefined) return running;
    const loading = this.#loadLatest(conversation).finally(() => {
      this.#loading.delete(conversation);
    });
    this.#loading.set(conversation, loading);
    return loading;
  }

  async #loadLatest(conversation: string): Promise<void> {
    const { doors } = this;
    const before = doors.get(conversation);
    if (before === undefined) return;
    const limit = Math.min(longest, Math.max(pageSize, doors.unread(before) + 20));
    doors.change(conversation, one.startLoading);
    try {
      const latest = await doors.conversationApi.history(conversation, { limit });
      doors.change(conversation, (held) => one.applyLatest(held, latest));
    } catch (error) {
      doors.change(conversation, one.stopLoading);
      if (error instanceof Refusal && error.code === 'not_found') doors.onMissing(conversation);
      else this.unavailable = new Set(this.unavailable).add(conversation);
    }
  }
}
