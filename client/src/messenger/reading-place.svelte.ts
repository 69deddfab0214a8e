// Where the open conversation is read: at what is new, or where the person left it.
import type { ConversationApi } from '../connection/conversation-api';
import * as contexts from '../state/context.state';
import { newestForeign } from '../state/conversations.state';
import { unreadOf, type Held } from '../state/held.state';
import {
  lineOnArrival,
  openingOf,
  reaches,
  type KeptPlace,
  type Place,
} from '../state/reading.state';
import { isAttentive } from './attentive';
import { pageSize } from './rows.svelte';

/** So few missed messages come in below what an attentive reader sees, as if they came live. */
const fewMissed = 5;

interface Doors {
  readonly conversationApi: ConversationApi;
  open(): string | null;
  me(): string;
  get(conversation: string): Held | undefined;
  change(conversation: string, change: (held: Held) => Held): void;
}

export class ReadingPlace {
  /** After which message the new-messages line stands. */
  line = $state.raw<number | null>(null);
  /** Where the list begins; null for the newest messages. */
  place = $state.raw<Place | null>(null);
  /** The conversation whose messages are there as far as it takes to begin at `place`. */
  arranged = $state.raw<string | null>(null);
  /** Higher whenever a list that is shown already has to go to `place`. */
  placings = $state(0);
  readonly #kept = new Map<string, KeptPlace>();
  /** The conversation for which it was decided where it begins. */
  #settled: string | null = null;

  constructor(private readonly doors: Doors) {}

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
    this.arranged = this.doors.open();
  }

  /** The server can be asked: what was shown from its end without a connection begins anew. */
  onReachable(): void {
    const held = this.#held();
    if (held !== undefined && !this.#isComplete(held)) this.arranged = null;
  }

  /** Where the list of a conversation stands, so that it can be found again. */
  keep(conversation: string, place: Omit<KeptPlace, 'line'>): void {
    this.#kept.set(conversation, { ...place, line: this.line });
  }

  forget(conversation: string): void {
    this.#kept.delete(conversation);
  }

  /** A message of somebody else came in, below what was there before. */
  onArrival(before: Held): void {
    this.line = lineOnArrival(this.line, before, isAttentive(), this.doors.me());
  }

  /** A message that was asked for is the place now, or the newest ones are. */
  leave(): void {
    if (this.#settled !== this.doors.open()) this.#settle();
    this.place = null;
  }

  /** Fetches the messages at which the open conversation begins, where they are not held. */
  async arrange(conversation: string): Promise<void> {
    if (this.#settled !== conversation) this.#settle();
    if (this.arranged === conversation || this.doors.open() !== conversation) return;
    try {
      await this.#fetch(conversation);
    } catch {
      // What is held is shown from its end; nothing of it counts as read by that.
    } finally {
      if (this.doors.open() === conversation) this.arranged = conversation;
    }
  }

  /** What came while nothing could be received is read from its first message on, too. */
  onCaughtUp(before: Held | undefined): void {
    const held = this.#held();
    if (before?.history !== 'held' || held === undefined) return;
    const known = before.messages.at(-1)?.seq ?? 0;
    if (newestForeign(held, this.doors.me()) <= Math.max(known, held.own.read_seq)) return;
    const missed = held.messages.filter(({ seq }) => seq > known).length;
    if (isAttentive() && missed <= fewMissed) return;
    const { line, arranged } = this;
    this.arranged = null;
    this.#kept.delete(held.id);
    this.#settle();
    // A line that was there, with something unread below it, stays.
    if (line !== null && unreadOf(before, this.doors.me()) > 0) this.line = line;
    if (this.arranged === arranged) this.placings += 1;
  }

  /** Decides where the open conversation begins, and shows it at once where that is held. */
  #settle(): void {
    const held = this.#held();
    if (held === undefined) return;
    this.#settled = held.id;
    const opening = openingOf(held, this.doors.me(), this.#kept.get(held.id));
    this.line = opening.line;
    this.place = opening.place;
    if (this.#isComplete(held)) this.arranged = held.id;
  }

  async #fetch(conversation: string): Promise<void> {
    const held = this.#held();
    const { place } = this;
    if (held === undefined || place === null || this.#isComplete(held)) return;
    const range = { around: place.seq, limit: pageSize };
    const around = await this.doors.conversationApi.history(conversation, range);
    this.doors.change(conversation, (now) => contexts.applyAround(now, around));
  }

  #isComplete(held: Held): boolean {
    if (held.history !== 'held') return false;
    return this.place === null || reaches(held, this.place.seq);
  }

  #held(): Held | undefined {
    const open = this.doors.open();
    return open === null ? undefined : this.doors.get(open);
  }
}
