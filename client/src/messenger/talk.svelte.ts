// The conversations as the screens see them: loading, events, catching up, reading.
import { CatchUp } from '../connection/catch-up';
import type { Handlers } from '../connection/dispatcher';
import type { Live } from '../connection/live';
import { Refusal, Unreachable } from '../connection/refusal';
import type { Rest } from '../connection/rest';
import {
  conversationAnswerSchema,
  conversationsSchema,
  historySchema,
  membersSchema,
  nothingSchema,
  syncSchema,
  type History,
  type SyncAnswer,
} from '../contract/answers';
import type { Message, User } from '../contract/objects';
import * as all from '../state/conversations.state';
import * as one from '../state/held.state';
import { attentive, lineOnArrival, lineOnOpening } from '../state/reading.state';

interface Doors {
  readonly rest: Rest;
  readonly live: Live;
  onDraft(conversation: string, draft: string | null): void;
}

const page = 50;
const longest = 100;
const readPause = 250;
const namedAhead = 30;

export class Talk {
  held = $state.raw<all.Conversations>(new Map());
  loaded = $state(false);
  /** The open conversation, and after which message its new-messages line stands. */
  open = $state.raw<string | null>(null);
  line = $state.raw<number | null>(null);
  /** Conversations that are not there, or not for this person. */
  missing = $state.raw<ReadonlySet<string>>(new Set());
  /** Conversations whose messages could not be fetched. */
  unavailable = $state.raw<ReadonlySet<string>>(new Set());
  readonly catchUp: CatchUp;
  #me = '';
  readonly #reads = new Map<string, number>();
  #readTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #loadingOlder = new Set<string>();

  constructor(private readonly doors: Doors) {
    this.catchUp = new CatchUp({
      sync: () => this.#sync(),
      reachable: () => doors.live.online,
      apply: (answer) => this.#applySync(answer),
      onDone: () => {
        this.loaded = true;
        void this.#ensureOpen();
      },
    });
  }

  /** Everything that arrives as an event about conversations. */
  readonly handlers: Pick<
    Handlers,
    'message' | 'member' | 'conversation' | 'receipt' | 'own' | 'behind'
  > = {
    message: (event) => this.#onMessage(event.conversation, event.version, event.message),
    member: (event) => {
      if (event.member.user.id === this.#me && event.member.left) this.#drop(event.conversation);
      else this.#change(event.conversation, (held) => one.applyMember(held, event));
    },
    conversation: (event) =>
      this.#change(event.conversation, (held) => one.applyConversation(held, event)),
    receipt: (event) => {
      this.held = all.changed(this.held, event.conversation, (held) =>
        one.applyReceipt(held, event, this.#me),
      );
    },
    own: (event) => {
      this.held = all.changed(this.held, event.conversation, (held) => one.applyOwn(held, event));
      if (event.draft !== undefined) this.#passDraft(event.conversation, event.draft);
    },
    behind: () => this.catchUp.want(),
  };

  async start(me: string): Promise<void> {
    this.#me = me;
    await this.#fetchList();
    this.loaded = true;
    await this.#ensureOpen();
    void this.#nameAuthors();
  }

  async #fetchList(): Promise<void> {
    const { conversations } = await this.doors.rest.call(
      conversationsSchema,
      'GET',
      '/conversations',
    );
    this.held = all.withFetched(this.held, conversations);
    for (const { id, draft } of conversations) this.#passDraft(id, draft);
  }

  /**
   * The connection is there (again): send what was read meanwhile, pull the rows that were missed,
   * and fetch the positions, which have no versions.
   */
  onConnected(): void {
    this.catchUp.want(0);
    void this.#sendReads();
    void this.#fetchList().catch(() => undefined);
  }

  get(conversation: string): one.Held | undefined {
    return this.held.get(conversation);
  }

  unread(held: one.Held): number {
    return one.unreadOf(held, this.#me);
  }

  show(conversation: string | null): void {
    if (this.open === conversation) return;
    if (this.open !== null)
      this.held = all.changed(this.held, this.open, (held) => one.trimmed(held));
    this.open = conversation;
    this.line = null;
    if (conversation === null) return;
    const held = this.held.get(conversation);
    if (held !== undefined) this.line = lineOnOpening(held, this.#me);
    void this.#ensureOpen();
  }

  async startDirect(user: User): Promise<string> {
    return this.#create({ kind: 'direct', user: user.id });
  }

  async startGroup(title: string, members: readonly string[]): Promise<string> {
    return this.#create({ kind: 'group', title, members });
  }

  async loadOlder(conversation: string): Promise<void> {
    const before = this.held.get(conversation)?.messages[0]?.seq;
    if (before === undefined || this.#loadingOlder.has(conversation)) return;
    this.#loadingOlder.add(conversation);
    try {
      const older = await this.#history(conversation, { before, limit: page });
      this.held = all.changed(this.held, conversation, (held) =>
        one.applyOlder(held, older, before),
      );
    } catch {
      // Scrolling on asks again.
    } finally {
      this.#loadingOlder.delete(conversation);
    }
  }

  /** Fetches the messages again after a failure. */
  async reload(conversation: string): Promise<void> {
    this.unavailable = new Set([...this.unavailable].filter((id) => id !== conversation));
    await this.#load(conversation);
  }

  /** The newest message that the person has before their eyes. */
  seen(conversation: string, seq: number): void {
    const held = this.held.get(conversation);
    if (held === undefined || seq <= held.own.read_seq) return;
    this.held = all.changed(this.held, conversation, (known) => one.markRead(known, seq));
    this.#reads.set(conversation, seq);
    clearTimeout(this.#readTimer);
    this.#readTimer = setTimeout(() => void this.#sendReads(), readPause);
  }

  onPosted(message: Message): void {
    this.#onMessage(message.conversation, message.version, message);
  }

  #onMessage(conversation: string, version: number, message: Message): void {
    const before = this.held.get(conversation);
    const foreign =
      message.author !== this.#me && message.seq > (before ? one.newestSeq(before) : 0);
    if (before !== undefined && foreign && conversation === this.open) {
      this.line = lineOnArrival(this.line, before, isAttentive(), this.#me);
    }
    if (message.author === this.#me && conversation === this.open) this.line = null;
    this.#change(conversation, (held) =>
      one.applyMessage(held, { conversation, version, message }, this.#me),
    );
  }

  #change(conversation: string, change: (held: one.Held) => one.Held): void {
    this.held = all.changed(this.held, conversation, change);
    const held = this.held.get(conversation);
    if (held === undefined || one.hasHole(held)) this.catchUp.want();
  }

  #drop(conversation: string): void {
    this.held = all.without(this.held, conversation);
    this.#miss(conversation);
  }

  #miss(conversation: string): void {
    this.missing = new Set(this.missing).add(conversation);
  }

  async #sync(): Promise<SyncAnswer> {
    const versions = all.versionsOf(this.held);
    try {
      return await this.doors.live.call(syncSchema, 'sync', { versions });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return this.doors.rest.call(syncSchema, 'POST', '/sync', { versions });
    }
  }

  #applySync(answer: SyncAnswer): boolean {
    this.held = all.withSync(this.held, answer, this.#me);
    for (const { conversation } of answer.conversations) {
      this.#passDraft(conversation.id, conversation.draft);
    }
    for (const id of answer.gone) this.#miss(id);
    return all.anyHole(this.held);
  }

  /** What lies open before the person is never changed under their fingers. */
  #passDraft(conversation: string, draft: string | null): void {
    if (conversation !== this.open || !this.loaded) this.doors.onDraft(conversation, draft);
  }

  /** The open conversation has its messages, or they are fetched. */
  async #ensureOpen(): Promise<void> {
    const conversation = this.open;
    if (conversation === null) return;
    if (!this.held.has(conversation)) await this.#fetch(conversation);
    const held = this.held.get(conversation);
    if (held?.history === 'none') void this.#load(conversation);
    if (held?.membersKnown === false) await this.#loadMembers(conversation);
  }

  /** Lists come without the members of groups; their last lines need the authors' names. */
  async #nameAuthors(): Promise<void> {
    const nameless = all.listed(this.held).filter((held) => !held.membersKnown);
    for (const { id } of nameless.slice(0, namedAhead)) await this.#loadMembers(id);
  }

  async #loadMembers(conversation: string): Promise<void> {
    try {
      const path = `/conversations/${encodeURIComponent(conversation)}/members`;
      const { members } = await this.doors.rest.call(membersSchema, 'GET', path);
      this.held = all.changed(this.held, conversation, (held) => one.applyMembers(held, members));
    } catch {
      // Names are missing until the conversation is opened again.
    }
  }

  async #fetch(conversation: string): Promise<void> {
    if (!this.loaded) return;
    try {
      const path = `/conversations/${encodeURIComponent(conversation)}`;
      const answer = await this.doors.rest.call(conversationAnswerSchema, 'GET', path);
      this.held = all.withFetched(this.held, [answer.conversation]);
    } catch (error) {
      if (error instanceof Refusal && !error.passing) this.#miss(conversation);
    }
  }

  async #load(conversation: string): Promise<void> {
    const before = this.held.get(conversation);
    if (before === undefined) return;
    if (this.line === null && conversation === this.open)
      this.line = lineOnOpening(before, this.#me);
    const limit = Math.min(longest, Math.max(page, this.unread(before) + 20));
    this.held = all.changed(this.held, conversation, one.startLoading);
    try {
      const latest = await this.#history(conversation, { limit });
      this.held = all.changed(this.held, conversation, (held) => one.applyLatest(held, latest));
    } catch (error) {
      this.held = all.changed(this.held, conversation, one.stopLoading);
      if (error instanceof Refusal && error.code === 'not_found') this.#drop(conversation);
      else this.unavailable = new Set(this.unavailable).add(conversation);
    }
  }

  async #history(
    conversation: string,
    range: { before?: number; limit: number },
  ): Promise<History> {
    try {
      return await this.doors.live.call(historySchema, 'history', { conversation, ...range });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      const query = new URLSearchParams(
        Object.entries(range).map(([name, value]) => [name, String(value)]),
      );
      const path = `/conversations/${encodeURIComponent(conversation)}/messages?${query.toString()}`;
      return this.doors.rest.call(historySchema, 'GET', path);
    }
  }

  async #create(wish: unknown): Promise<string> {
    const answer = await this.doors.rest.call(
      conversationAnswerSchema,
      'POST',
      '/conversations',
      wish,
    );
    this.held = all.withFetched(this.held, [answer.conversation]);
    return answer.conversation.id;
  }

  async #sendReads(): Promise<void> {
    for (const [conversation, seq] of [...this.#reads]) {
      try {
        await this.#sendRead(conversation, seq);
      } catch (error) {
        // Unsent positions go out with the next one or with the next connection.
        if (!(error instanceof Refusal) || error.passing) continue;
      }
      if (this.#reads.get(conversation) === seq) this.#reads.delete(conversation);
    }
  }

  async #sendRead(conversation: string, seq: number): Promise<void> {
    try {
      await this.doors.live.call(nothingSchema, 'read', { conversation, seq });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      const path = `/conversations/${encodeURIComponent(conversation)}/read`;
      await this.doors.rest.call(nothingSchema, 'PUT', path, { seq });
    }
  }
}

export function isAttentive(): boolean {
  return attentive({
    visible: document.visibilityState === 'visible',
    focused: document.hasFocus(),
  });
}
