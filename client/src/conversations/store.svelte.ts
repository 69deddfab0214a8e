// The conversations as the screens see them: loading, events, catching up, reading.
import { SyncScheduler } from './sync-scheduler';
import { ConversationApi } from './api';
import { Refusal } from '../platform/refusal';
import type { SyncAnswer } from '../contract/answers';
import type { Conversation, Member, Message } from '../contract/objects';
import * as contexts from './jump-context';
import * as all from './model';
import * as one from './conversation';
import { isMentionedAnew } from '../notifications/model';
import { HiddenMessages } from './hidden-messages';
import { MemberLoader, usersOf, undeliveredSeq } from './member-loader';
import { ReceiptSender } from './receipt-sender';
import { Debouncer } from '../platform/debouncer';
import { ReadingPosition } from './reading-position.svelte';
import { pageSize, MessageLoader } from './message-loader.svelte';
import { ConversationCreator } from './creator';
import { OfflineReads } from './offline-reads';
import type { ConversationStoreCallbacks, ConversationEventHandlers } from './store-callbacks';

type Change = (state: one.ConversationState) => one.ConversationState;

/** A message that the list should bring into view and point out. */
export interface Target {
  readonly conversation: string;
  readonly seq: number;
  /** Higher for every jump, also to the same message. */
  readonly count: number;
}

export class ConversationStore {
  loaded = $state(false);
  open = $state.raw<string | null>(null);
  target = $state.raw<Target | null>(null);
  /** Conversations that are not there, or not for this person. */
  missing = $state.raw<ReadonlySet<string>>(new Set());
  readonly syncScheduler: SyncScheduler;
  readonly reading: ReadingPosition;
  readonly creator: ConversationCreator;
  readonly hidden: HiddenMessages;
  readonly rows: MessageLoader;
  #byId = $state.raw<all.Conversations>(new Map());
  /** The server has said which conversations there are: one that is not among them is gone. */
  #listed = $state(false);
  #me = '';
  readonly #api: ConversationApi;
  readonly #receiptSender: ReceiptSender;
  readonly #offlineReads: OfflineReads;
  readonly #members: MemberLoader;
  readonly #recount = new Debouncer((conversation) => {
    const state = this.byId.get(conversation);
    if (state !== undefined && one.needsCounts(state)) void this.#fetch(conversation);
  });
  /** Came before the conversation that they belong to. */
  readonly #unmatched: Message[] = [];
  #requestedVersions: Readonly<Record<string, number>> = {};
  /** The server's epoch as the last sync told it. */
  #epoch = '';
  #pendingJump: { conversation: string; seq: number } | null = null;

  constructor(private readonly callbacks: ConversationStoreCallbacks) {
    this.#api = new ConversationApi(callbacks.api);
    this.#receiptSender = new ReceiptSender(callbacks.api);
    this.#offlineReads = new OfflineReads(this.#receiptSender, () => this.byId);
    const shared = {
      conversationApi: this.#api,
      me: () => this.#me,
      open: () => this.open,
      get: (conversation: string) => this.byId.get(conversation),
      change: (conversation: string, change: Change) => this.#update(conversation, change),
    };
    this.creator = new ConversationCreator({
      ...shared,
      onStarted: (conversation) => this.#fetched([conversation]),
    });
    this.rows = new MessageLoader({
      ...shared,
      unread: (state) => this.unread(state),
      onMissing: (conversation) => this.#drop(conversation),
    });
    this.reading = new ReadingPosition(shared);
    this.#members = new MemberLoader({ ...shared, onKnown: (state) => this.#learn(state) });
    this.hidden = new HiddenMessages({
      ...shared,
      onHidden: (conversation, seq) => callbacks.onGone(conversation, seq),
      onRowsNeeded: (conversation) => conversation === this.open && this.#openSoon(),
      onAfter: (after) => callbacks.onHiddenAfter(after),
    });
    this.syncScheduler = new SyncScheduler({
      sync: () => {
        this.#requestedVersions = all.syncVersions(this.byId, this.#epoch);
        const clearings = all.clearVersions(this.byId, this.#requestedVersions);
        return this.#api.sync(this.#requestedVersions, clearings, this.#epoch);
      },
      isConnected: () => callbacks.api.socketClient.online,
      apply: (answer) => this.#applySync(answer),
      onSynced: () => {
        this.loaded = true;
        this.#offlineReads.confirm();
        this.#openSoon();
      },
    });
  }

  get byId(): all.Conversations {
    return this.#byId;
  }

  set byId(next: all.Conversations) {
    if (next === this.#byId) return;
    this.#byId = next;
    this.callbacks.onStateChanged(next);
  }

  /** The person's id. */
  get self(): string {
    return this.#me;
  }

  /** Everything that arrives as an event about conversations. */
  readonly handlers: ConversationEventHandlers = {
    message: (event) => this.#onMessage(event.conversation, event.version, event.message),
    version: (event) => this.#change(event.conversation, (state) => one.applyVersion(state, event)),
    member: (event) => {
      this.callbacks.onUsers([event.member.user]);
      if (all.isRemoved(this.byId, event, this.#me)) this.#drop(event.conversation);
      else this.#change(event.conversation, (state) => one.applyMember(state, event));
    },
    conversation: (event) =>
      this.#change(event.conversation, (state) => one.applyConversation(state, event)),
    receipt: (event) => {
      this.#update(event.conversation, (state) => one.applyReceipt(state, event, this.#me));
      this.#members.meet(event.conversation, [event.user]);
    },
    receipts: (event) => {
      const users = event.receipts.map(({ user }) => user);
      this.#update(event.conversation, (state) => one.applyReceipts(state, event, this.#me));
      this.#members.meet(event.conversation, users);
    },
    own: (event) => {
      const before = this.byId;
      this.#api.ownFieldsGuard.record(event);
      this.#update(event.conversation, (state) => one.applyOwn(state, event));
      this.#follow(before, [event.conversation]);
      if (event.draft !== undefined) this.callbacks.onDraftChanged(event.conversation, event.draft);
    },
    behind: () => this.syncScheduler.request(),
    hidden: (event) => this.hidden.hide(event.conversation, event.seqs),
    restored: (event) => void this.hidden.restore(event.conversation, event.seqs),
    user: ({ user }) => {
      this.byId = all.withUser(this.byId, user);
    },
  };

  /** Shows what this browser kept; the server is asked afterwards. */
  restore(me: string, kept: all.Conversations, hiddenAfter: number): void {
    this.#me = me;
    this.hidden.goOnFrom(hiddenAfter);
    this.#byId = kept;
    this.#epoch = all.prevailingEpoch(kept);
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
    void this.#members.nameAuthors(all.visibleConversations(this.byId));
  }

  async #fetchList(): Promise<void> {
    const conversations = await this.#api.list();
    this.#fetched(conversations);
    this.#listed = true;
    for (const { id } of conversations) this.#deliver(id);
  }

  #fetched(conversations: readonly Conversation[]): void {
    const before = this.byId;
    this.byId = all.withFetched(before, conversations);
    const ids = conversations.map(({ id }) => id);
    this.#appeared(ids, before);
    this.#follow(before, ids);
    for (const { id, draft } of conversations) this.callbacks.onDraft(id, draft);
    this.#offlineReads.onFetched(conversations);
    this.#learn(conversations.flatMap(({ id }) => this.byId.get(id) ?? []));
  }

  /**
   * The connection is there (again): pull the rows that were missed, and fetch the positions, which
   * have no versions. What was read meanwhile is sent when it is known to be still there.
   */
  onConnected(): void {
    this.#offlineReads.onConnected();
    this.reading.onConnected();
    this.#members.onConnected();
    this.syncScheduler.request(0);
    void this.#fetchList()
      .then(() => this.hidden.pull())
      .catch(() => undefined);
  }

  get(conversation: string): one.ConversationState | undefined {
    return this.byId.get(conversation);
  }

  /** The newest row of a message, where it is held. */
  messageOf(conversation: string, seq: number): Message | undefined {
    return one.findMessage(this.byId.get(conversation), seq);
  }

  unread(state: one.ConversationState): number {
    return one.unreadOf(state, this.#me);
  }

  mentions(state: one.ConversationState): number {
    return one.mentionsOf(state, this.#me);
  }

  show(conversation: string | null): void {
    if (this.open === conversation) return;
    if (this.open !== null) this.#update(this.open, (state) => one.trimHistory(state));
    this.open = conversation;
    this.target = null;
    this.reading.onShown();
    if (this.#pendingJump?.conversation !== conversation) this.#pendingJump = null;
    if (conversation !== null) this.#openSoon();
  }

  /**
   * Opens the conversation at a message; the messages around it are fetched where they are not
   * held. `target` then says what to bring into view.
   */
  async jumpTo(conversation: string, seq: number): Promise<void> {
    this.#pendingJump = { conversation, seq };
    if (this.open !== conversation) this.callbacks.go(conversation);
    if (this.loaded) await this.#ensureOpen();
  }

  async #jump(): Promise<void> {
    const pendingJump = this.#pendingJump;
    const state = pendingJump === null ? undefined : this.byId.get(pendingJump.conversation);
    if (pendingJump === null || state === undefined || state.id !== this.open) return;
    this.#pendingJump = null;
    const { conversation, seq } = pendingJump;
    if (state.messages.some((one) => one.seq === seq))
      this.#update(conversation, contexts.withoutContext);
    else if (!contexts.shows(state, seq)) {
      const around = await this.#api.history(conversation, { around: seq, limit: pageSize });
      this.#update(conversation, (now) => contexts.applyAround(now, around));
    }
    this.reading.leave();
    this.target = { conversation, seq, count: (this.target?.count ?? 0) + 1 };
  }

  /** From a part far above back to the newest messages. */
  toLatest(conversation: string): void {
    this.target = null;
    this.reading.leave();
    this.#update(conversation, contexts.withoutContext);
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
    const state = this.byId.get(conversation);
    if (state === undefined || seq <= state.own.read_seq) return;
    this.#update(conversation, (known) => one.markRead(known, seq, this.#me));
    this.#receiptSender.read(conversation, seq);
  }

  /** Everything in it counts as read. */
  seenAll(conversation: string): void {
    const state = this.byId.get(conversation);
    if (state !== undefined) this.seen(conversation, one.newestSeq(state));
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
    this.#change(conversation, (state) => one.applyMember(state, event));
  }

  /** The person has left: nothing of it stays here. */
  onLeft(conversation: string): void {
    this.#drop(conversation);
    if (this.open === conversation) this.callbacks.go(null);
  }

  #onMessage(conversation: string, version: number, message: Message): void {
    const before = this.byId.get(conversation);
    // What the person deleted for themselves stays away, whatever happens to it.
    const fresh =
      !one.isHidden(before, message.seq) && message.seq > (before ? one.newestSeq(before) : 0);
    const foreign = fresh && message.author !== this.#me;
    if (before !== undefined && foreign && conversation === this.open) {
      this.reading.onArrival(before);
    }
    if (fresh && message.author === this.#me && conversation === this.open) {
      this.reading.line = null;
      // What one has just said is at the end.
      this.toLatest(conversation);
    }
    this.#change(conversation, (state) =>
      one.applyMessage(state, { conversation, version, message }, this.#me),
    );
    if (message.deleted) this.callbacks.onGone(conversation, message.seq);
    const state = this.byId.get(conversation);
    if (foreign && state === undefined) this.#unmatched.push(message);
    if (state === undefined) return;
    if (foreign) {
      this.#deliver(conversation);
      this.callbacks.onArrived(message, state);
    } else if (isMentionedAnew(state, one.findMessage(before, message.seq), message, this.#me)) {
      this.callbacks.onMentioned(message, state);
    }
  }

  /** Said in a conversation that was not known here when it came, and is now. */
  #announceUnplaced(): void {
    for (const message of this.#unmatched.splice(0)) {
      const state = this.byId.get(message.conversation);
      if (state !== undefined) this.callbacks.onArrived(message, state);
    }
  }

  /** A change that has no version. */
  #update(
    conversation: string,
    change: (state: one.ConversationState) => one.ConversationState,
  ): void {
    this.byId = all.updateConversation(this.byId, conversation, change);
    const state = this.byId.get(conversation);
    if (state !== undefined && one.needsCounts(state)) this.#recount.soon(conversation);
  }

  #change(
    conversation: string,
    change: (state: one.ConversationState) => one.ConversationState,
  ): void {
    this.#update(conversation, change);
    const state = this.byId.get(conversation);
    if (state === undefined || one.hasGap(state)) this.syncScheduler.request();
  }

  /** A conversation that was here, or that was written to, and that the person is not in any more. */
  isGone(conversation: string): boolean {
    return !this.byId.has(conversation) && (this.#listed || this.missing.has(conversation));
  }

  #drop(conversation: string): void {
    const was = this.byId.has(conversation);
    this.byId = all.withoutConversation(this.byId, conversation);
    this.#receiptSender.forget(conversation);
    this.reading.forget(conversation);
    this.missing = new Set(this.missing).add(conversation);
    if (was) this.callbacks.onDropped(conversation);
  }

  /** What was cleared goes from where it was answered, and from the place where one was. */
  #follow(before: all.Conversations, ids: readonly string[]): void {
    for (const id of all.clearedSince(before, this.byId, ids)) {
      this.callbacks.onReset(id);
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
    const before = this.byId;
    this.byId = all.withSync(before, answer, this.#me, this.#requestedVersions);
    this.#epoch = answer.epoch;
    this.#forget(answer.outdated);
    const ids = answer.conversations.map(({ conversation }) => conversation.id);
    this.#appeared(ids, before);
    this.#follow(before, ids);
    if (this.#pendingJump === null && this.reading.onCaughtUp(before.get(this.open ?? '')))
      this.#pendingJump = contexts.lost(this.target, this.byId);
    for (const { conversation, messages, reset } of answer.conversations) {
      this.callbacks.onDraft(conversation.id, conversation.draft);
      for (const { seq, deleted } of messages)
        if (deleted) this.callbacks.onGone(conversation.id, seq);
      if (reset) this.callbacks.onReset(conversation.id);
      this.#deliver(conversation.id);
      this.#update(conversation.id, (state) => state);
    }
    for (const id of answer.gone) this.#drop(id);
    if (this.byId.get(this.open ?? '')?.history === 'none') this.#openSoon();
    this.#announceUnplaced();
    this.#learn(answer.conversations.flatMap((item) => this.byId.get(item.conversation.id) ?? []));
    return all.hasAnyGap(this.byId) || answer.outdated.length > 0;
  }

  /** The server lives on from an older copy: what it does not know was not read or hidden there. */
  #forget(outdated: readonly string[]): void {
    if (outdated.length === 0) return;
    for (const id of outdated) this.#receiptSender.forget(id);
    this.hidden.goOnFrom(0);
    void this.hidden.pull().catch(() => undefined);
  }

  /** Tells how far this device has received, unless the person or the size of the group forbids. */
  #deliver(conversation: string): void {
    const state = this.byId.get(conversation);
    if (state === undefined || !this.callbacks.settings().receipts) return;
    const newest = undeliveredSeq(state, this.#me);
    if (newest !== null) this.#receiptSender.delivered(conversation, newest);
  }

  #learn(state: readonly one.ConversationState[]): void {
    const { users, watched } = usersOf(state, this.open);
    this.callbacks.onUsers(users);
    this.callbacks.onWatched(watched.filter((id) => id !== this.#me));
  }

  /** Nobody waits for it: a wished jump that fails leaves the newest messages in view. */
  #openSoon(): void {
    this.#ensureOpen().catch(() => undefined);
  }

  /** The open conversation has its messages, or they are fetched; then a wished jump is made. */
  async #ensureOpen(): Promise<void> {
    const conversation = this.open;
    if (conversation === null) return;
    if (!this.byId.has(conversation)) await this.#fetch(conversation);
    const state = this.byId.get(conversation);
    if (state === undefined) return;
    const members = this.#members.opened(state);
    if (state.history === 'none') await this.rows.load(state.id);
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
