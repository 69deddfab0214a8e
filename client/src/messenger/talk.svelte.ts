// The conversations as the screens see them: loading, events, catching up, reading.
import { SyncScheduler } from '../connection/sync-scheduler';
import { ConversationApi } from '../connection/conversation-api';
import { Refusal } from '../connection/refusal';
import type { SyncAnswer } from '../contract/answers';
import type { Conversation, Member, Message } from '../contract/objects';
import * as contexts from '../state/context.state';
import * as all from '../state/conversations.state';
import * as one from '../state/held.state';
import { isMentionedAnew } from '../state/notify.state';
import { Hidden } from './hidden';
import { Members, peopleOf, untoldDelivery } from './members';
import { Positions } from './positions';
import { Recount } from './recount';
import { ReadingPlace } from './reading-place.svelte';
import { pageSize, Rows } from './rows.svelte';
import { Starting } from './starting';
import { UntoldReads } from './untold-reads';
import type { TalkDoors, TalkHandlers } from './talk-doors';

/** A message that the list should bring into view and point out. */
export interface Target {
  readonly conversation: string;
  readonly seq: number;
  /** Higher for every jump, also to the same message. */
  readonly count: number;
}

export class Talk {
  loaded = $state(false);
  open = $state.raw<string | null>(null);
  target = $state.raw<Target | null>(null);
  /** Conversations that are not there, or not for this person. */
  missing = $state.raw<ReadonlySet<string>>(new Set());
  readonly syncScheduler: SyncScheduler;
  readonly reading: ReadingPlace;
  readonly starting: Starting;
  readonly hidden: Hidden;
  readonly rows: Rows;
  #held = $state.raw<all.Conversations>(new Map());
  /** The server has said which conversations there are: one that is not among them is gone. */
  #listed = $state(false);
  #me = '';
  readonly #api: ConversationApi;
  readonly #positions: Positions;
  readonly #untoldReads: UntoldReads;
  readonly #members: Members;
  readonly #recount = new Recount((conversation) => {
    const held = this.held.get(conversation);
    if (held !== undefined && one.needsCounts(held)) void this.#fetch(conversation);
  });
  /** Came before the conversation that they belong to. */
  readonly #unplaced: Message[] = [];
  #asked: Readonly<Record<string, number>> = {};
  /** The server's epoch as the last sync told it. */
  #epoch = '';
  #wished: { conversation: string; seq: number } | null = null;

  constructor(private readonly doors: TalkDoors) {
    this.#api = new ConversationApi(doors.api);
    this.#positions = new Positions(doors.api);
    this.#untoldReads = new UntoldReads(this.#positions, () => this.held);
    this.starting = new Starting({
      conversationApi: this.#api,
      me: () => this.#me,
      onStarted: (conversation) => this.#fetched([conversation]),
    });
    this.rows = new Rows({
      conversationApi: this.#api,
      get: (conversation) => this.held.get(conversation),
      unread: (held) => this.unread(held),
      change: (conversation, change) => this.#touch(conversation, change),
      onMissing: (conversation) => this.#drop(conversation),
    });
    this.reading = new ReadingPlace({
      conversationApi: this.#api,
      open: () => this.open,
      me: () => this.#me,
      get: (conversation) => this.held.get(conversation),
      change: (conversation, change) => this.#touch(conversation, change),
    });
    this.#members = new Members({
      conversationApi: this.#api,
      get: (conversation) => this.held.get(conversation),
      open: () => this.open,
      change: (conversation, change) => this.#touch(conversation, change),
      onKnown: (held) => this.#learn(held),
    });
    this.hidden = new Hidden({
      conversationApi: this.#api,
      me: () => this.#me,
      get: (conversation) => this.held.get(conversation),
      change: (conversation, change) => this.#touch(conversation, change),
      onHidden: (conversation, seq) => doors.onGone(conversation, seq),
      onRowsNeeded: (conversation) => conversation === this.open && this.#openSoon(),
      onAfter: (after) => doors.onHiddenAfter(after),
    });
    this.syncScheduler = new SyncScheduler({
      sync: () => {
        this.#asked = all.versionsOf(this.held, this.#epoch);
        const clearings = all.clearingsOf(this.held, this.#asked);
        return this.#api.sync(this.#asked, clearings, this.#epoch);
      },
      isConnected: () => doors.api.socketClient.online,
      apply: (answer) => this.#applySync(answer),
      onSynced: () => {
        this.loaded = true;
        this.#untoldReads.confirm();
        this.#openSoon();
      },
    });
  }

  get held(): all.Conversations {
    return this.#held;
  }

  set held(next: all.Conversations) {
    if (next === this.#held) return;
    this.#held = next;
    this.doors.onHeld(next);
  }

  /** The person's id. */
  get self(): string {
    return this.#me;
  }

  /** Everything that arrives as an event about conversations. */
  readonly handlers: TalkHandlers = {
    message: (event) => this.#onMessage(event.conversation, event.version, event.message),
    version: (event) => this.#change(event.conversation, (held) => one.applyVersion(held, event)),
    member: (event) => {
      this.doors.onUsers([event.member.user]);
      if (all.isRemoved(this.held, event, this.#me)) this.#drop(event.conversation);
      else this.#change(event.conversation, (held) => one.applyMember(held, event));
    },
    conversation: (event) =>
      this.#change(event.conversation, (held) => one.applyConversation(held, event)),
    receipt: (event) => {
      this.#touch(event.conversation, (held) => one.applyReceipt(held, event, this.#me));
      this.#members.meet(event.conversation, [event.user]);
    },
    receipts: (event) => {
      const users = event.receipts.map(({ user }) => user);
      this.#touch(event.conversation, (held) => one.applyReceipts(held, event, this.#me));
      this.#members.meet(event.conversation, users);
    },
    own: (event) => {
      const before = this.held;
      this.#api.ownFieldsGuard.record(event);
      this.#touch(event.conversation, (held) => one.applyOwn(held, event));
      this.#follow(before, [event.conversation]);
      if (event.draft !== undefined) this.doors.onDraftChanged(event.conversation, event.draft);
    },
    behind: () => this.syncScheduler.request(),
    hidden: (event) => this.hidden.hide(event.conversation, event.seqs),
    restored: (event) => void this.hidden.restore(event.conversation, event.seqs),
    user: ({ user }) => {
      this.held = all.withUser(this.held, user);
    },
  };

  /** Shows what this browser kept; the server is asked afterwards. */
  restore(me: string, kept: all.Conversations, hiddenAfter: number): void {
    this.#me = me;
    this.hidden.goOnFrom(hiddenAfter);
    this.#held = kept;
    this.#epoch = all.epochOf(kept);
    this.#learn([...kept.values()]);
    this.loaded = true;
    this.reading.onRestored();
  }

  async start(me: string): Promise<void> {
    this.#me = me;
    await this.#fetchList();
    this.loaded = true;
    this.reading.onReachable();
    await this.#ensureOpen().catch(() => undefined);
    void this.#members.nameAuthors(all.listed(this.held));
  }

  async #fetchList(): Promise<void> {
    const conversations = await this.#api.list();
    this.#fetched(conversations);
    this.#listed = true;
    for (const { id } of conversations) this.#deliver(id);
  }

  #fetched(conversations: readonly Conversation[]): void {
    const before = this.held;
    this.held = all.withFetched(before, conversations);
    const ids = conversations.map(({ id }) => id);
    this.#appeared(ids, before);
    this.#follow(before, ids);
    for (const { id, draft } of conversations) this.doors.onDraft(id, draft);
    this.#untoldReads.onFetched(conversations);
    this.#learn(conversations.flatMap(({ id }) => this.held.get(id) ?? []));
  }

  /**
   * The connection is there (again): pull the rows that were missed, and fetch the positions, which
   * have no versions. What was read meanwhile is sent when it is known to be still there.
   */
  onConnected(): void {
    this.#untoldReads.onConnected();
    this.#members.onConnected();
    this.syncScheduler.request(0);
    void this.#fetchList()
      .then(() => this.hidden.pull())
      .catch(() => undefined);
  }

  get(conversation: string): one.Held | undefined {
    return this.held.get(conversation);
  }

  /** The newest row of a message, where it is held. */
  messageOf(conversation: string, seq: number): Message | undefined {
    return one.rowOf(this.held.get(conversation), seq);
  }

  unread(held: one.Held): number {
    return one.unreadOf(held, this.#me);
  }

  mentions(held: one.Held): number {
    return one.mentionsOf(held, this.#me);
  }

  show(conversation: string | null): void {
    if (this.open === conversation) return;
    if (this.open !== null) this.#touch(this.open, (held) => one.trimmed(held));
    this.open = conversation;
    this.target = null;
    this.reading.onShown();
    if (this.#wished?.conversation !== conversation) this.#wished = null;
    if (conversation !== null) this.#openSoon();
  }

  /**
   * Opens the conversation at a message; the messages around it are fetched where they are not
   * held. `target` then says what to bring into view.
   */
  async jumpTo(conversation: string, seq: number): Promise<void> {
    this.#wished = { conversation, seq };
    if (this.open !== conversation) this.doors.go(conversation);
    if (this.loaded) await this.#ensureOpen();
  }

  async #jump(): Promise<void> {
    const wished = this.#wished;
    const held = wished === null ? undefined : this.held.get(wished.conversation);
    if (wished === null || held === undefined || held.id !== this.open) return;
    this.#wished = null;
    const { conversation, seq } = wished;
    const there = ({ seq: known }: Message): boolean => known === seq;
    if (held.messages.some(there)) this.#touch(conversation, contexts.withoutContext);
    else if (!contexts.shown(held).messages.some(there)) {
      const around = await this.#api.history(conversation, {
        around: seq,
        limit: pageSize,
      });
      this.#touch(conversation, (now) => contexts.applyAround(now, around));
    }
    this.reading.leave();
    this.target = { conversation, seq, count: (this.target?.count ?? 0) + 1 };
  }

  /** From a part far above back to the newest messages. */
  toLatest(conversation: string): void {
    this.target = null;
    this.reading.leave();
    this.#touch(conversation, contexts.withoutContext);
  }

  loadOlder(conversation: string): Promise<void> {
    return this.rows.loadMore(conversation, 'before');
  }

  /** Only of use while a part far above is shown. */
  loadNewer(conversation: string): Promise<void> {
    return this.rows.loadMore(conversation, 'after');
  }

  /** The newest message that the person has before their eyes. */
  seen(conversation: string, seq: number): void {
    const held = this.held.get(conversation);
    if (held === undefined || seq <= held.own.read_seq) return;
    this.#touch(conversation, (known) => one.markRead(known, seq, this.#me));
    this.#positions.read(conversation, seq);
  }

  /** Everything in it counts as read. */
  seenAll(conversation: string): void {
    const held = this.held.get(conversation);
    if (held !== undefined) this.seen(conversation, one.newestSeq(held));
  }

  /** A message of the person's own, as the server acknowledged it. */
  onPosted(message: Message): void {
    this.#onMessage(message.conversation, message.version, message);
  }

  /** A message as it is after an action of the person. */
  onChanged(message: Message): void {
    this.#onMessage(message.conversation, message.version, message);
  }

  onFetched(conversation: Conversation): void {
    this.#fetched([conversation]);
  }

  onMember(conversation: string, member: Member): void {
    const event = { conversation, version: member.version, member };
    this.#change(conversation, (held) => one.applyMember(held, event));
  }

  /** The person has left: nothing of it stays here. */
  onLeft(conversation: string): void {
    this.#drop(conversation);
    if (this.open === conversation) this.doors.go(null);
  }

  #onMessage(conversation: string, version: number, message: Message): void {
    const before = this.held.get(conversation);
    // What the person deleted for themselves stays away, whatever happens to it.
    const fresh =
      !one.isAway(before, message.seq) && message.seq > (before ? one.newestSeq(before) : 0);
    const foreign = fresh && message.author !== this.#me;
    if (before !== undefined && foreign && conversation === this.open) {
      this.reading.onArrival(before);
    }
    if (fresh && message.author === this.#me && conversation === this.open) {
      this.reading.line = null;
      // What one has just said is at the end.
      this.toLatest(conversation);
    }
    this.#change(conversation, (held) =>
      one.applyMessage(held, { conversation, version, message }, this.#me),
    );
    if (message.deleted) this.doors.onGone(conversation, message.seq);
    const held = this.held.get(conversation);
    if (foreign && held === undefined) this.#unplaced.push(message);
    if (held === undefined) return;
    if (foreign) {
      this.#deliver(conversation);
      this.doors.onArrived(message, held);
    } else if (isMentionedAnew(held, one.rowOf(before, message.seq), message, this.#me)) {
      this.doors.onMentioned(message, held);
    }
  }

  /** Said in a conversation that was not known here when it came, and is now. */
  #announceUnplaced(): void {
    for (const message of this.#unplaced.splice(0)) {
      const held = this.held.get(message.conversation);
      if (held !== undefined) this.doors.onArrived(message, held);
    }
  }

  /** A change that has no version. */
  #touch(conversation: string, change: (held: one.Held) => one.Held): void {
    this.held = all.changed(this.held, conversation, change);
    const held = this.held.get(conversation);
    if (held !== undefined && one.needsCounts(held)) this.#recount.soon(conversation);
  }

  #change(conversation: string, change: (held: one.Held) => one.Held): void {
    this.#touch(conversation, change);
    const held = this.held.get(conversation);
    if (held === undefined || one.hasHole(held)) this.syncScheduler.request();
  }

  /** A conversation that was here, or that was written to, and that the person is not in any more. */
  isGone(conversation: string): boolean {
    return !this.held.has(conversation) && (this.#listed || this.missing.has(conversation));
  }

  #drop(conversation: string): void {
    const was = this.held.has(conversation);
    this.held = all.without(this.held, conversation);
    this.#positions.forget(conversation);
    this.reading.forget(conversation);
    this.missing = new Set(this.missing).add(conversation);
    if (was) this.doors.onDropped(conversation);
  }

  /** What was cleared goes from where it was answered, and from the place where one was. */
  #follow(before: all.Conversations, ids: readonly string[]): void {
    for (const id of all.clearedSince(before, this.held, ids)) {
      this.doors.onReset(id);
      this.reading.forget(id);
      if (id === this.open) this.#openSoon();
    }
  }

  #appeared(ids: readonly string[], before: all.Conversations): void {
    if (ids.some((id) => !before.has(id))) this.hidden.onAppeared();
    if (!ids.some((id) => this.missing.has(id))) return;
    this.missing = new Set([...this.missing].filter((id) => !ids.includes(id)));
  }

  #applySync(answer: SyncAnswer): boolean {
    const before = this.held;
    this.held = all.withSync(before, answer, this.#me, this.#asked);
    this.#epoch = answer.epoch;
    this.#forget(answer.outdated);
    const ids = answer.conversations.map(({ conversation }) => conversation.id);
    this.#appeared(ids, before);
    this.#follow(before, ids);
    if (this.open !== null && this.#wished === null) this.reading.onCaughtUp(before.get(this.open));
    for (const { conversation, messages, reset } of answer.conversations) {
      this.doors.onDraft(conversation.id, conversation.draft);
      for (const { seq, deleted } of messages) if (deleted) this.doors.onGone(conversation.id, seq);
      if (reset) this.doors.onReset(conversation.id);
      this.#deliver(conversation.id);
      this.#touch(conversation.id, (held) => held);
    }
    for (const id of answer.gone) this.#drop(id);
    this.#announceUnplaced();
    this.#learn(answer.conversations.flatMap((item) => this.held.get(item.conversation.id) ?? []));
    return all.anyHole(this.held) || answer.outdated.length > 0;
  }

  /** The server lives on from an older copy: what it does not know was not read or hidden there. */
  #forget(outdated: readonly string[]): void {
    if (outdated.length === 0) return;
    for (const id of outdated) this.#positions.forget(id);
    this.hidden.goOnFrom(0);
    void this.hidden.pull().catch(() => undefined);
  }

  /** Tells how far this device has received, unless the person or the size of the group forbids. */
  #deliver(conversation: string): void {
    const held = this.held.get(conversation);
    if (held === undefined || !this.doors.settings().receipts) return;
    const newest = untoldDelivery(held, this.#me);
    if (newest !== null) this.#positions.delivered(conversation, newest);
  }

  #learn(held: readonly one.Held[]): void {
    const { users, watched } = peopleOf(held, this.open);
    this.doors.onUsers(users);
    this.doors.onWatched(watched.filter((id) => id !== this.#me));
  }

  /** Nobody waits for it: a wished jump that fails leaves the newest messages in view. */
  #openSoon(): void {
    this.#ensureOpen().catch(() => undefined);
  }

  /** The open conversation has its messages, or they are fetched; then a wished jump is made. */
  async #ensureOpen(): Promise<void> {
    const conversation = this.open;
    if (conversation === null) return;
    if (!this.held.has(conversation)) await this.#fetch(conversation);
    const held = this.held.get(conversation);
    if (held === undefined) return;
    const members = this.#members.opened(held);
    if (held.history === 'none') await this.rows.load(held.id);
    try {
      await this.#jump();
    } finally {
      await this.reading.arrange(conversation);
    }
    await members;
  }

  async #fetch(conversation: string): Promise<void> {
    if (!this.loaded) return;
    try {
      this.#fetched([await this.#api.conversation(conversation)]);
    } catch (error) {
      if (error instanceof Refusal && !error.isTemporary) this.#drop(conversation);
    }
  }
}
