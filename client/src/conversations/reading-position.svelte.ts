// Where the open conversation is read: at what is new, or where the person left it.
import type { ConversationApi } from './api';
import * as contexts from './jump-context';
import { newestIncomingSeq } from './model';
import { unreadOf, type ConversationState } from './conversation';
import {
  unreadDividerOnArrival,
  initialPosition,
  rangeIncludes,
  type SavedScrollPosition,
  type ScrollPosition,
} from './scroll-position';
import { isPageFocused } from '../platform/page-focus';
import { pageSize } from './message-loader.svelte';

/** So few missed messages come in below what an attentive reader sees, as if they came live. */
const fewMissed = 5;

interface Callbacks {
  readonly conversationApi: ConversationApi;
  open(): string | null;
  me(): string;
  get(conversation: string): ConversationState | undefined;
  change(conversation: string, change: (openState: ConversationState) => ConversationState): void;
}

export class ReadingPosition {
  /** After which message the new-messages line stands. */
  line = $state.raw<number | null>(null);
  /** Where the list begins; null for the newest messages. */
  place = $state.raw<ScrollPosition | null>(null);
  /** The conversation whose messages are there as far as it takes to begin at `place`. */
  arranged = $state.raw<string | null>(null);
  /** Higher whenever a list that is shown already has to go to `place`. */
  placings = $state(0);
  readonly #kept = new Map<string, SavedScrollPosition>();
  /** The conversation for which it was decided where it begins. */
  #settled: string | null = null;
  /** What happened while nothing could be received is not known yet. */
  #isBehind = true;
  /** The conversation in which somebody chose a place meanwhile. */
  #chosen: string | null = null;

  constructor(private readonly callbacks: Callbacks) {}

  /** Another conversation is open, or none. */
  onShown(): void {
    this.line = null;
    this.place = null;
    this.arranged = null;
    this.#settled = null;
    this.#settle();
  }

  /** What this browser kept is known: it can be read while nobody can be asked for more. */
  onRestored(): void {
    this.#settle();
    this.arranged = this.callbacks.open();
  }

  /** The connection is there (again), and what was missed is not. */
  onConnected(): void {
    this.#isBehind = true;
    this.#chosen = null;
  }

  /** The server can be asked: what was shown from its end without a connection begins anew. */
  onReachable(): void {
    const openState = this.#openState();
    if (openState !== undefined && !this.#isComplete(openState)) this.arranged = null;
  }

  /** Where the list of a conversation stands, so that it can be found again. */
  keep(conversation: string, place: Omit<SavedScrollPosition, 'line'>): void {
    this.#kept.set(conversation, { ...place, line: this.line });
  }

  forget(conversation: string): void {
    this.#kept.delete(conversation);
  }

  /** A message of somebody else came in, below what was there before. */
  onArrival(before: ConversationState): void {
    this.line = unreadDividerOnArrival(this.line, before, isPageFocused(), this.callbacks.me());
  }

  /** A message that was asked for is the place now, or the newest ones are. */
  leave(): void {
    if (this.#settled !== this.callbacks.open()) this.#settle();
    this.place = null;
    if (this.#isBehind) this.#chosen = this.callbacks.open();
  }

  /** Fetches the messages at which the open conversation begins, where they are not held. */
  async arrange(conversation: string): Promise<void> {
    if (this.#settled !== conversation) this.#settle();
    if (this.arranged === conversation || this.callbacks.open() !== conversation) return;
    try {
      await this.#fetch(conversation);
    } catch {
      // What is held is shown from its end; nothing of it counts as read by that.
    } finally {
      if (this.callbacks.open() === conversation) this.arranged = conversation;
    }
  }

  /**
   * What came while nothing could be received is read from its first message on, too, unless somebody
   * has chosen a place since the connection is there. Answers whether they have.
   */
  onCaughtUp(before: ConversationState | undefined): boolean {
    const isChosen = this.#chosen !== null && this.#chosen === this.callbacks.open();
    this.#isBehind = false;
    this.#chosen = null;
    if (!isChosen) this.#goToMissed(before);
    return isChosen;
  }

  #goToMissed(before: ConversationState | undefined): void {
    const openState = this.#openState();
    if (before?.history !== 'loaded' || openState === undefined) return;
    const known = before.messages.at(-1)?.seq ?? 0;
    if (
      newestIncomingSeq(openState, this.callbacks.me()) <= Math.max(known, openState.own.read_seq)
    )
      return;
    const missed = openState.messages.filter(({ seq }) => seq > known).length;
    if (isPageFocused() && missed <= fewMissed) return;
    const { line, arranged } = this;
    this.arranged = null;
    this.#kept.delete(openState.id);
    this.#settle();
    // A line that was there, with something unread below it, stays.
    if (line !== null && unreadOf(before, this.callbacks.me()) > 0) this.line = line;
    if (this.arranged === arranged) this.placings += 1;
  }

  /** Decides where the open conversation begins, and shows it at once where that is held. */
  #settle(): void {
    const openState = this.#openState();
    if (openState === undefined) return;
    this.#settled = openState.id;
    const opening = initialPosition(openState, this.callbacks.me(), this.#kept.get(openState.id));
    this.line = opening.line;
    this.place = opening.place;
    if (this.#isComplete(openState)) this.arranged = openState.id;
  }

  async #fetch(conversation: string): Promise<void> {
    const openState = this.#openState();
    const { place } = this;
    if (openState === undefined || place === null || this.#isComplete(openState)) return;
    const range = { around: place.seq, limit: pageSize };
    const around = await this.callbacks.conversationApi.history(conversation, range);
    this.callbacks.change(conversation, (now) => contexts.applyAround(now, around));
  }

  #isComplete(openState: ConversationState): boolean {
    if (openState.history !== 'loaded') return false;
    return this.place === null || rangeIncludes(openState, this.place.seq);
  }

  #openState(): ConversationState | undefined {
    const open = this.callbacks.open();
    return open === null ? undefined : this.callbacks.get(open);
  }
}
