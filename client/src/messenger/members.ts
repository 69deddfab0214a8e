// Fetches who belongs to conversations: when they are opened, for names in the list, for strangers.
import type { ConversationApi } from '../connection/conversation-api';
import type { User } from '../contract/objects';
import { newestForeign, presentMembers } from '../state/conversations.state';
import * as one from '../state/held.state';
import { Recount } from './recount';

const namedAhead = 30;
/** In larger groups nobody is told what was delivered, and presence is not shown. */
export const smallGroup = 200;

/** The newest message of which it has to be told that it arrived; null where there is none. */
export function untoldDelivery(held: one.Held, me: string): number | null {
  if (presentMembers(held).length > smallGroup) return null;
  const newest = newestForeign(held, me);
  const known = held.members.get(me)?.delivered_seq ?? 0;
  return newest > Math.max(known, held.own.read_seq) ? newest : null;
}

/** Whose profiles are learnt with conversations, and whose presence is shown. */
export function peopleOf(
  held: readonly one.Held[],
  open: string | null,
): { users: User[]; watched: string[] } {
  const users = held.flatMap(({ members }) => [...members.values()].map(({ user }) => user));
  const small = held.filter(({ members }) => members.size <= smallGroup);
  const shown = small.filter(({ kind, id }) => kind === 'direct' || id === open);
  return { users, watched: shown.flatMap(({ members }) => [...members.keys()]) };
}

interface Doors {
  readonly conversationApi: ConversationApi;
  get(conversation: string): one.Held | undefined;
  /** The open conversation. */
  open(): string | null;
  change(conversation: string, change: (held: one.Held) => one.Held): void;
  /** Members are known: their profiles and presence follow. */
  onKnown(held: readonly one.Held[]): void;
}

export class Members {
  /** Whose members were fetched since the connection stands: profiles have no versions. */
  readonly #fresh = new Set<string>();
  #connection = 0;
  readonly #meeting = new Recount((conversation) => void this.#load(conversation));
  /** For whom the members were asked for since the connection stands, as `conversation/user`. */
  readonly #met = new Set<string>();

  constructor(private readonly doors: Doors) {}

  onConnected(): void {
    this.#connection += 1;
    this.#fresh.clear();
    this.#met.clear();
  }

  /** Has the members of a conversation that is opened as they are now. */
  async opened(held: one.Held): Promise<void> {
    if (held.kind === 'direct' && held.membersKnown) return;
    const large = held.membersKnown && held.members.size > smallGroup;
    if (large || this.#fresh.has(held.id)) this.doors.onKnown([held]);
    else await this.#load(held.id);
  }

  /** Lists come without the members of groups; their last lines need the authors' names. */
  async nameAuthors(listed: readonly one.Held[]): Promise<void> {
    const nameless = listed.filter((held) => !held.membersKnown);
    for (const { id } of nameless.slice(0, namedAhead)) await this.#load(id);
  }

  /**
   * Positions of these people were told: those of people who are not known here were not kept, and
   * come with the members. Where no members are known, they are fetched on opening.
   */
  meet(conversation: string, users: readonly string[]): void {
    const held = this.doors.get(conversation);
    if (held === undefined) return;
    if (!held.membersKnown && conversation !== this.doors.open()) return;
    for (const user of users.filter((id) => !held.members.has(id))) {
      if (this.#met.has(`${conversation}/${user}`)) continue;
      this.#met.add(`${conversation}/${user}`);
      this.#meeting.soon(conversation);
    }
  }

  async #load(conversation: string): Promise<void> {
    const { doors } = this;
    try {
      const connection = this.#connection;
      const members = await doors.conversationApi.members(conversation);
      // What came before the connection stood may be older than what was missed.
      if (connection === this.#connection) this.#fresh.add(conversation);
      doors.change(conversation, (held) => one.applyMembers(held, members));
      doors.onKnown([doors.get(conversation)].filter((held) => held !== undefined));
    } catch {
      // Names are missing until the conversation is opened again.
    }
  }
}
