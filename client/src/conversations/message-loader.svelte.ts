// Fetches the messages that a conversation shows: the newest ones, and further ones on either side.
import type { ConversationApi } from './api';
import { Refusal } from '../platform/refusal';
import * as contexts from './jump-context';
import * as one from './conversation';

export const pageSize = 50;
const longest = 100;

const contextPage = {
  before: contexts.applyContextOlder,
  after: contexts.applyContextNewer,
} as const;

interface Callbacks {
  readonly conversationApi: ConversationApi;
  get(conversation: string): one.ConversationState | undefined;
  unread(state: one.ConversationState): number;
  change(
    conversation: string,
    change: (state: one.ConversationState) => one.ConversationState,
  ): void;
  /** The conversation is not there, or not for this person. */
  onMissing(conversation: string): void;
}

export class MessageLoader {
  /** Conversations whose messages could not be fetched. */
  unavailable = $state.raw<ReadonlySet<string>>(new Set());
  readonly #loadingMore = new Set<string>();
  readonly #loading = new Map<string, Promise<void>>();

  constructor(private readonly callbacks: Callbacks) {}

  async loadMore(conversation: string, side: 'before' | 'after'): Promise<void> {
    const state = this.callbacks.get(conversation);
    const apart = state?.context ?? null;
    const rows = apart?.messages ?? (side === 'before' ? state?.messages : undefined);
    const edge = rows?.at(side === 'before' ? 0 : -1)?.seq;
    if (edge === undefined || this.#loadingMore.has(conversation)) return;
    this.#loadingMore.add(conversation);
    const apply = apart === null ? one.applyOlder : contextPage[side];
    try {
      const range = { [side]: edge, limit: pageSize };
      const further = await this.callbacks.conversationApi.history(conversation, range);
      this.callbacks.change(conversation, (now) => apply(now, further, edge));
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
    const { callbacks } = this;
    const before = callbacks.get(conversation);
    if (before === undefined) return;
    const limit = Math.min(longest, Math.max(pageSize, callbacks.unread(before) + 20));
    callbacks.change(conversation, one.startLoading);
    try {
      const latest = await callbacks.conversationApi.history(conversation, { limit });
      callbacks.change(conversation, (state) => one.applyLatest(state, latest));
    } catch (error) {
      callbacks.change(conversation, one.stopLoading);
      if (error instanceof Refusal && error.code === 'not_found') callbacks.onMissing(conversation);
      else this.unavailable = new Set(this.unavailable).add(conversation);
    }
  }
}
