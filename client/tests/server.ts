// A conversation as the server keeps it, small enough to see that it is right: for the law tests.
import type { SyncItem } from '../src/contract/answers';
import type { ServerEvents } from '../src/contract/events';
import type { Conversation, Member, Mention, Message, System } from '../src/contract/objects';

export const me = 'me';
export const people = [me, 'ana', 'ben'];

export type Event =
  | { name: 'message'; event: ServerEvents['message'] }
  | { name: 'member'; event: ServerEvents['member'] }
  | { name: 'conversation'; event: ServerEvents['conversation'] }
  | { name: 'receipt'; event: ServerEvents['receipt'] }
  | { name: 'hidden'; event: ServerEvents['hidden'] }
  | { name: 'version'; event: ServerEvents['version'] }
  | { name: 'own'; event: ServerEvents['own'] };

/** Whom a text speaks to: nobody, me, or everybody. */
export type Called = 'nobody' | 'me' | 'all';

export class Server {
  version = 1;
  title = 'Garden';
  description: string | null = null;
  readonly messages = new Map<number, Message>();
  readonly members = new Map<string, Member>();
  /** What I deleted for myself. */
  readonly hidden = new Set<number>();
  /** What I cleared for myself, and what that was before. */
  cleared = { cleared_seq: 0, clear_version: 0, dropped: false };
  #before = 0;

  constructor(
    private readonly page = 5,
    /** I joined after this message, and what was said until then is not for me. */
    public joined = 0,
  ) {
    for (const id of people) this.members.set(id, member(id, 1));
  }

  post(author: string, body: string, called: Called = 'nobody'): Event {
    this.version += 1;
    const mentions = mentionsOf(called);
    const row = message({ seq: this.version, version: this.version, author, body, mentions });
    this.messages.set(row.seq, row);
    return this.#changed(row);
  }

  edit(index: number, body: string, called: Called = 'nobody'): Event | null {
    const rows = [...this.messages.values()];
    const row = rows[index % Math.max(1, rows.length)];
    if (row === undefined || row.deleted) return null;
    this.version += 1;
    const mentions = mentionsOf(called);
    const next = { ...row, body, mentions, version: this.version, edited_at: this.version };
    this.messages.set(row.seq, next);
    return this.#changed(next);
  }

  remove(index: number): Event | null {
    const rows = [...this.messages.values()];
    const row = rows[index % Math.max(1, rows.length)];
    if (row === undefined || row.deleted) return null;
    this.version += 1;
    const gone = { body: '', deleted: true, mentions: [], reactions: [], edited_at: null };
    const next = { ...row, ...gone, version: this.version };
    this.messages.set(row.seq, next);
    return this.#changed(next);
  }

  react(index: number, user: string): Event | null {
    const rows = [...this.messages.values()];
    const row = rows[index % Math.max(1, rows.length)];
    if (row === undefined || row.deleted) return null;
    this.version += 1;
    const next = { ...row, reactions: [{ emoji: '👍', users: [user] }], version: this.version };
    this.messages.set(row.seq, next);
    return this.#changed(next);
  }

  /** I delete one for myself: no version, nobody else learns of it. */
  hide(index: number): Event | null {
    const rows = this.#visible();
    const row = rows[index % Math.max(1, rows.length)];
    if (row === undefined) return null;
    this.hidden.add(row.seq);
    return { name: 'hidden', event: { conversation: 'c', seqs: [row.seq] } };
  }

  /** I clear everything up to one for myself, and perhaps delete the conversation. */
  clear(index: number, dropped = false): Event {
    const rows = this.#visible();
    const row = rows[index % Math.max(1, rows.length)];
    this.#before = this.cleared.cleared_seq;
    const cleared_seq = Math.max(this.#before, row?.seq ?? 0);
    this.cleared = { cleared_seq, clear_version: this.cleared.clear_version + 1, dropped };
    return this.own();
  }

  recountFrom(): Event {
    const clear_version = this.cleared.clear_version + 1;
    this.cleared = { cleared_seq: this.#before, clear_version, dropped: false };
    return this.own();
  }

  rename(title: string): Event {
    this.version += 1;
    this.title = title;
    this.description = title === '' ? null : `about ${title}`;
    const changed = { title, description: this.description };
    const event = { conversation: 'c', version: this.version, changed };
    return { name: 'conversation', event };
  }

  promote(index: number): Event {
    this.version += 1;
    const known = this.#person(index);
    const next: Member = { ...known, role: 'admin', version: this.version };
    this.members.set(known.user.id, next);
    return { name: 'member', event: { conversation: 'c', version: this.version, member: next } };
  }

  read(index: number, seq: number): Event {
    const known = this.#person(index);
    const read_seq = Math.max(known.read_seq, Math.min(seq, this.version));
    this.members.set(known.user.id, { ...known, read_seq, delivered_seq: read_seq });
    return { name: 'receipt', event: { conversation: 'c', user: known.user.id, read_seq } };
  }

  /** What I am told of my own counts, after something that others cannot count from rows. */
  own(): Event {
    const { unread, mentions, read_seq, version, ...all } = this.conversation();
    const { cleared_seq, clear_version, cleared_until, dropped } = all;
    const cleared = { cleared_seq, clear_version, cleared_until, dropped };
    const event = { conversation: 'c', unread, mentions, read_seq, version, ...cleared };
    return { name: 'own', event };
  }

  conversation(): Conversation {
    const rows = this.#visible();
    const read_seq = this.members.get(me)?.read_seq ?? 0;
    const unread = rows.filter((row) => !row.deleted && row.author !== me && row.seq > read_seq);
    return {
      id: 'c',
      kind: 'group',
      title: this.title,
      description: this.description,
      avatar_url: null,
      posting: 'all',
      reacting: 'all',
      slow_seconds: 0,
      retention_days: 0,
      expire_seconds: 0,
      filtered: false,
      version: this.version,
      members_version: 1,
      created_at: 0,
      last_message: rows.at(-1) ?? null,
      members: [...this.members.values()],
      unread: unread.length,
      mentions: unread.filter((row) => row.mentions.length > 0).length,
      read_seq,
      muted: false,
      pinned: false,
      archived: false,
      draft: null,
      history: this.joined > 0 ? 'joined' : 'all',
      notify: 'default',
      muted_until: null,
      marked_unread: false,
      longer_draft: false,
      ...this.cleared,
      cleared_until: this.messages.get(this.cleared.cleared_seq)?.created_at ?? null,
      dropped: this.cleared.dropped && !this.#isWritten(),
    };
  }

  latest(limit = this.page): { messages: Message[]; version: number; more: boolean } {
    const rows = this.#visible();
    return { messages: rows.slice(-limit), version: this.version, more: rows.length > limit };
  }

  before(seq: number): { messages: Message[]; version: number; more: boolean } {
    const rows = this.#visible().filter((row) => row.seq < seq);
    const messages = rows.slice(-this.page);
    return { messages, version: this.version, more: rows.length > this.page };
  }

  after(seq: number): { messages: Message[]; version: number; more: boolean } {
    const rows = this.#visible().filter((row) => row.seq > seq);
    const messages = rows.slice(0, this.page);
    return { messages, version: this.version, more: rows.length > this.page };
  }

  /** The message in the middle; `more` tells of older ones. */
  around(seq: number): { messages: Message[]; version: number; more: boolean } {
    const rows = this.#visible();
    const index = rows.findIndex((row) => row.seq >= seq);
    const start = Math.max(0, (index === -1 ? rows.length : index) - Math.floor(this.page / 2));
    const messages = rows.slice(start, start + this.page);
    return { messages, version: this.version, more: start > 0 };
  }

  sync(known: number | undefined, clearings?: number): SyncItem | null {
    const asked = clearings ?? this.cleared.clear_version;
    const version = asked === this.cleared.clear_version ? known : undefined;
    if (version === this.version) return null;
    const conversation = this.conversation();
    const changed = this.#visible().filter((row) => row.version > (version ?? 0));
    if (version === undefined || changed.length > this.page) {
      const { messages } = this.latest();
      return { conversation, messages, members: [...this.members.values()], reset: true };
    }
    const members = [...this.members.values()].filter((row) => row.version > version);
    return { conversation, messages: changed, members, reset: false };
  }

  #visible(): Message[] {
    return [...this.messages.values()].filter(
      ({ seq }) => seq > this.joined && seq > this.cleared.cleared_seq && !this.hidden.has(seq),
    );
  }

  /** Somebody wrote since I cleared it, whether or not I hid that. */
  #isWritten(): boolean {
    const since = [...this.messages.values()].filter(({ seq }) => seq > this.cleared.cleared_seq);
    return since.some(({ system }) => system === null);
  }

  #person(index: number): Member {
    const id = people[index % people.length] ?? me;
    return this.members.get(id) ?? member(id, 1);
  }

  #changed(row: Message): Event {
    if (row.seq <= this.joined || row.seq <= this.cleared.cleared_seq) {
      return { name: 'version', event: { conversation: 'c', version: this.version } };
    }
    const event = { conversation: 'c', version: this.version, message: row };
    return { name: 'message', event };
  }
}

export function member(id: string, version: number): Member {
  return {
    user: {
      id,
      name: id,
      about: null,
      avatar_url: null,
      email: undefined,
      status: null,
      kind: 'person',
    },
    role: 'member',
    joined_seq: 0,
    read_seq: 0,
    delivered_seq: 0,
    version,
    left: false,
  };
}

export function message(fields: Partial<Message> & { seq: number }): Message {
  return {
    conversation: 'c',
    version: fields.seq,
    author: 'ana',
    key: `key-${fields.seq}`,
    body: 'hello',
    created_at: fields.seq * 1_000,
    edited_at: null,
    deleted: false,
    reply_to: null,
    attachments: [],
    reactions: [],
    system: null,
    forwarded: false,
    mentions: [],
    pinned: null,
    preview: null,
    expires_at: null,
    automated: false,
    ...fields,
  };
}

function mentionsOf(called: Called): Mention[] {
  if (called === 'nobody') return [];
  return [{ user: called === 'me' ? me : null, text: called }];
}

export function systemLine(type: string): System {
  const nothing = { user: null, role: null, title: null, history: null, seq: null };
  const rules = { posting: null, reacting: null, seconds: null, days: null, sees: null };
  return { type, ...nothing, ...rules, invite: false, banned: false };
}
