// Fetches who belongs to conversations: when they are opened, for names in the list, for strangers.
import type { ConversationApi } from './api';
import type { User } from '../contract/objects';
import { newestIncomingSeq, activeMembers } from './model';
import * as one from './conversation';
import { Debouncer } from '../platform/debouncer';

const namedAhead = 30;
/** In larger groups nobody is told what was delivered, and presence is not shown. */
export const smallGroup = 200;

/** The newest message of which it has to be told that it arrived; null where there is none. */
export function undeliveredSeq(state: one.ConversationState, me: string): number | null {
  if (activeMembers(state).length > smallGroup) return null;
  const newest = newestIncomingSeq(state, me);
  const known = state.members.get(me)?.delivered_seq ?? 0;
  return newest > Math.max(known, state.own.read_seq) ? newest : null;
}

/** Whose profiles are learnt with conversations, and whose presence is shown. */
export function usersOf(
  state: readonly one.ConversationState[],
  open: string | null,
): { users: User[]; watched: string[] } {
  const users = state.flatMap(({ members }) => [...members.values()].map(({ user }) => user));
  const small = state.filter(({ members }) => members.size <= smallGroup);
  const shown = small.filter(({ kind, id }) => kind === 'direct' || id === open);
  return { users, watched: shown.flatMap(({ members }) => [...members.keys()]) };
}

interface Callbacks {
  readonly conversationApi: ConversationApi;
  get(conversation: string): one.ConversationState | undefined;
  /** The open conversation. */
  open(): string | null;
  change(
    conversation: string,
    change: (state: one.ConversationState) => one.ConversationState,
  ): void;
  /** Members are known: their profiles and presence follow. */
  onKnown(state: readonly one.ConversationState[]): void;
}

export class MemberLoader {
  /** Whose members were fetched since the connection stands: profiles have no versions. */
  readonly #fresh = new Set<string>();
  #connection = 0;
  readonly #meeting = new Debouncer((conversation) => void this.#load(conversation));
  /** For whom the members were asked for since the connection stands, as `conversation/user`. */
  readonly #met = new Set<string>();

  constructor(private readonly callbacks: Callbacks) {}

  onConnected(): void {
    this.#connection += 1;
    this.#fresh.clear();
    this.#met.clear();
  }

  /** Has the members of a conversation that is opened as they are now. */
  async opened(state: one.ConversationState): Promise<void> {
    if (state.kind === 'direct' && state.membersLoaded) return;
    const large = state.membersLoaded && state.members.size > smallGroup;
    if (large || this.#fresh.has(state.id)) this.callbacks.onKnown([state]);
    else await this.#load(state.id);
  }

  /** Lists come without the members of groups; their last lines need the authors' names. */
  async nameAuthors(listed: readonly one.ConversationState[]): Promise<void> {
    const nameless = listed.filter((state) => !state.membersLoaded);
    for (const { id } of nameless.slice(0, namedAhead)) await this.#load(id);
  }

  /**
   * Positions of these people were told: those of people who are not known here were not kept, and
   * come with the members. Where no members are known, they are fetched on opening.
   */
  meet(conversation: string, users: readonly string[]): void {
    const state = this.callbacks.get(conversation);
    if (state === undefined) return;
    if (!state.membersLoaded && conversation !== this.callbacks.open()) return;
    for (const user of users.filter((id) => !state.members.has(id))) {
      if (this.#met.has(`${conversation}/${user}`)) continue;
      this.#met.add(`${conversation}/${user}`);
      this.#meeting.soon(conversation);
    }
  }

  async #load(conversation: string): Promise<void> {
    const { callbacks } = this;
    try {
      const connection = this.#connection;
      const members = await callbacks.conversationApi.members(conversation);
      // What came before the connection stood may be older than what was missed.
      if (connection === this.#connection) this.#fresh.add(conversation);
      callbacks.change(conversation, (state) => one.applyMembers(state, members));
      callbacks.onKnown([callbacks.get(conversation)].filter((state) => state !== undefined));
    } catch {
      // Names are missing until the conversation is opened again.
    }
  }
}
