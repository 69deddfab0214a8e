// What the person deleted for themselves: it has no versions, so that it is fetched as a list that
// only grows, each time from where the last answer ended.
import type { ConversationApi } from './api';
import type { Message } from '../contract/objects';
import * as one from './conversation';

interface Callbacks {
  readonly conversationApi: ConversationApi;
  me(): string;
  get(conversation: string): one.ConversationState | undefined;
  change(
    conversation: string,
    change: (state: one.ConversationState) => one.ConversationState,
  ): void;
  onHidden(conversation: string, seq: number): void;
  /** All rows held are hidden, or those shown again could not be fetched one by one. */
  onRowsNeeded(conversation: string): void;
  /** Everything up to there was told. */
  onAfter(after: number): void;
}

const pageSize = 100;

export class HiddenMessages {
  #after = 0;
  #restoring = Promise.resolve();

  constructor(private readonly callbacks: Callbacks) {}

  /** Goes on from where an earlier visit ended. */
  goOnFrom(after: number): void {
    this.#after = after;
  }

  async pull(): Promise<void> {
    let after = this.#after;
    for (let more = true; more;) {
      const answer = await this.callbacks.conversationApi.hidden(after);
      for (const { conversation, seq } of answer.hidden) this.hide(conversation, [seq]);
      for (const [conversation, seqs] of byConversation(answer.restored)) {
        await this.restore(conversation, seqs);
      }
      more = answer.more && answer.after > after;
      after = answer.after;
    }
    this.#after = Math.max(this.#after, after);
    this.callbacks.onAfter(this.#after);
  }

  /** A conversation is there that was not: what it hides was told when there was no place for it. */
  onAppeared(): void {
    if (this.#after === 0) return;
    this.#after = 0;
    void this.pull().catch(() => undefined);
  }

  /** The person deleted messages for themselves, here or elsewhere. */
  hide(conversation: string, seqs: readonly number[]): void {
    this.callbacks.change(conversation, (state) => one.applyHidden(state, seqs));
    for (const seq of seqs) this.callbacks.onHidden(conversation, seq);
    this.#fetchIfNeeded(conversation);
  }

  /**
   * The person took that back: what was changed meanwhile comes with the rows. Ends when they are
   * there, so that nothing is kept as told before.
   */
  restore(conversation: string, seqs: readonly number[]): Promise<void> {
    // What an answer and an event both tell is fetched once: the second finds it there.
    return (this.#restoring = this.#restoring.then(() => this.#bringBack(conversation, seqs)));
  }

  async #bringBack(conversation: string, seqs: readonly number[]): Promise<void> {
    const { callbacks } = this;
    const state = callbacks.get(conversation);
    const back = seqs.filter((seq) => one.isMissing(state, seq)).sort((a, b) => a - b);
    if (back.length === 0) return;
    callbacks.change(conversation, (state) => one.applyRestored(state, back));
    try {
      const rows = await this.#fetch(conversation, back);
      callbacks.change(conversation, (state) => one.withRestored(state, rows, callbacks.me()));
    } catch {
      callbacks.change(conversation, (state) => ({ ...state, history: 'none' }));
    }
    this.#fetchIfNeeded(conversation);
  }

  #fetchIfNeeded(conversation: string): void {
    if (this.callbacks.get(conversation)?.history === 'none') {
      this.callbacks.onRowsNeeded(conversation);
    }
  }

  async #fetch(conversation: string, seqs: readonly number[]): Promise<Message[]> {
    const rows: Message[] = [];
    let wanted = seqs;
    while (wanted[0] !== undefined) {
      const range = { after: wanted[0] - 1, limit: pageSize };
      const { messages, more } = await this.callbacks.conversationApi.history(conversation, range);
      rows.push(...messages.filter(({ seq }) => wanted.includes(seq)));
      const end = more ? (messages.at(-1)?.seq ?? Infinity) : Infinity;
      wanted = wanted.filter((seq) => seq > end);
    }
    return rows;
  }
}

function byConversation(
  hidden: readonly { conversation: string; seq: number }[],
): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { conversation, seq } of hidden) {
    found.set(conversation, [...(found.get(conversation) ?? []), seq]);
  }
  return found;
}
