// Drafts as the composer sees them: kept in this browser as one types, shared with other devices.
import type { LocalDatabase } from '../platform/local-database';
import type { Rest } from '../platform/rest';
import { nothingSchema } from '../contract/answers';
import type { Message } from '../contract/objects';
import {
  draftOf,
  clearDraft,
  exceedsSharedLength,
  received,
  shared,
  composerDraft,
  typed,
  withFiles,
  withMode,
  type Draft,
  type Drafts as ConversationState,
} from './model';
import type { PendingFile } from '../platform/outbox';
import { DraftChannel, type SentDraft } from './channel';

export interface ComposerMode {
  readonly kind: 'reply' | 'edit';
  readonly message: Message;
}

/** What was in the composer when it was sent. */
export interface Taken extends Draft {
  readonly doing: ComposerMode | null;
}

const keepAfter = 150;
const shareAfter = 1_500;
/** For so long after a key nothing from another device takes the place of what was typed here. */
const underFingers = 5_000;

export class Drafts {
  all = $state.raw<ConversationState>(new Map());
  /** Where the draft is too long for the server, or was and the server may not know better yet. */
  longer: ReadonlySet<string> = $state.raw(new Set());
  #database: LocalDatabase | null = null;
  readonly #keeping = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #sharing = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #receiving = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #typedAt = new Map<string, number>();
  /** Conversations for which something was typed in this tab, and not sent or replaced since. */
  readonly #typedHere = new Set<string>();
  /** Drafts that are too long for the server: it was told that it has none. */
  readonly #withheld = new Set<string>();
  /** Whether the server has words for a conversation, as far as that is known. */
  readonly #serverHas = new Map<string, boolean>();
  #tabs: DraftChannel | null = null;
  /** What is answered or edited, as it was then: it may lie outside of what is held by now. */
  readonly #about = new Map<string, Message>();

  constructor(
    private readonly rest: Rest,
    /** The newest row of a message, where it is held. */
    private readonly messageOf: (conversation: string, seq: number) => Message | undefined,
    private readonly onTyped: (conversation: string, text: string) => void,
  ) {}

  async start(local: LocalDatabase, person: string): Promise<void> {
    this.#database = local;
    if (local.persistent) this.#tabs = new DraftChannel(person, (taken) => this.#onTaken(taken));
    const kept = await local.drafts();
    this.all = new Map(kept.map((draft) => [draft.conversation, draft]));
    for (const { conversation } of kept) this.#noteLonger(conversation);
    this.onConnected();
    // A page that is left has no time for the usual pauses.
    addEventListener('pagehide', () => void this.flush());
  }

  /** What could not be told without a connection follows the person now. */
  onConnected(): void {
    for (const { conversation, shared: known } of this.all.values()) {
      if (!known) this.#shareSoon(conversation);
    }
  }

  /** What stands in the composer: while a message is edited its wording, otherwise the draft. */
  of(conversation: string): Draft {
    const draft = draftOf(this.all, conversation);
    return this.mode(conversation) === null ? draft : composerDraft(draft);
  }

  /** What waits for the next message, also while another one is edited. */
  behind(conversation: string): Draft {
    return draftOf(this.all, conversation);
  }

  /** The message that is being answered or edited; null while it is neither, or not known here. */
  mode(conversation: string): ComposerMode | null {
    const mode = this.all.get(conversation)?.mode ?? null;
    if (mode === null) return null;
    const about = this.#about.get(conversation);
    const known = about?.seq === mode.seq ? about : undefined;
    const message = this.messageOf(conversation, mode.seq) ?? known;
    return message === undefined || message.deleted ? null : { kind: mode.kind, message };
  }

  reply(message: Message): void {
    const { conversation, seq } = message;
    this.#about.set(conversation, message);
    this.all = withMode(this.all, conversation, { kind: 'reply', seq });
    this.#keepSoon(conversation);
  }

  edit(message: Message): void {
    const { conversation, seq, body } = message;
    this.#about.set(conversation, message);
    this.all = withMode(this.all, conversation, { kind: 'edit', seq, text: body });
    this.#keepSoon(conversation);
  }

  /** Neither answering nor editing any longer; the draft is as it was. */
  leave(conversation: string): void {
    if (this.all.get(conversation)?.mode == null) return;
    this.#about.delete(conversation);
    this.all = withMode(this.all, conversation, null);
    this.#keepSoon(conversation);
  }

  /** A message is gone: nobody answers or edits it any longer, and nothing of it is kept. */
  onGone(conversation: string, seq: number): void {
    if (this.all.get(conversation)?.mode?.seq === seq) this.leave(conversation);
  }

  /** Rows were replaced; of a message that is not among them nobody knows what became of it. */
  onReset(conversation: string): void {
    this.#about.delete(conversation);
    if (this.mode(conversation) === null) this.leave(conversation);
  }

  type(conversation: string, text: string): void {
    // A message to edit that is not known (any longer) must not swallow what is typed now.
    if (this.mode(conversation) === null) this.leave(conversation);
    this.all = typed(this.all, conversation, text);
    this.#noteLonger(conversation);
    this.#typedHere.add(conversation);
    this.#typedAt.set(conversation, Date.now());
    this.#keepSoon(conversation);
    this.#shareSoon(conversation);
    this.onTyped(conversation, text);
  }

  changeFiles(
    conversation: string,
    change: (files: readonly PendingFile[]) => readonly PendingFile[],
  ): void {
    this.all = withFiles(this.all, conversation, change);
    this.#keepSoon(conversation);
  }

  #noteLonger(conversation: string): void {
    if (exceedsSharedLength(draftOf(this.all, conversation).text)) {
      this.longer = new Set([...this.longer, conversation]);
    }
  }

  /** The server knows of no longer draft: one that is here is no longer one. */
  onNoneLonger(conversation: string): void {
    if (!this.longer.has(conversation)) return;
    if (exceedsSharedLength(draftOf(this.all, conversation).text)) {
      // Another device has taken back its own, or somebody read of this one and put the note away:
      // it is told again when it is written on.
      this.#withheld.delete(conversation);
      return;
    }
    this.longer = new Set([...this.longer].filter((id) => id !== conversation));
  }

  /** Nothing stays of what was being written there. */
  async forget(conversation: string): Promise<void> {
    this.#about.delete(conversation);
    clearTimeout(this.#sharing.get(conversation));
    this.all = new Map([...this.all].filter(([id]) => id !== conversation));
    await this.#keep(conversation);
  }

  /** Another device typed or sent: that waits while somebody types here. */
  follow(conversation: string, text: string | null): void {
    clearTimeout(this.#receiving.get(conversation));
    const timer = setTimeout(() => this.receive(conversation, text), this.#busyFor(conversation));
    this.#receiving.set(conversation, timer);
  }

  /** The draft as it was fetched; what was typed here just now may be missing in it. */
  receive(conversation: string, text: string | null): void {
    this.#serverHas.set(conversation, text !== null);
    if (this.#busyFor(conversation) > 0) return;
    const next = received(this.all, conversation, text);
    if (next === this.all) return;
    this.all = next;
    this.#typedHere.delete(conversation);
    this.#database?.receiveDraft(conversation, text).catch(() => undefined);
  }

  /**
   * Empties the composer at once, so that the next message can be typed; in the database the draft
   * stays until `settle` says that the outbox has it.
   */
  take(conversation: string): Taken {
    const taken = { ...this.of(conversation), doing: this.mode(conversation) };
    const editing = taken.doing?.kind === 'edit';
    this.#about.delete(conversation);
    this.#typedAt.set(conversation, Date.now());
    this.all = withMode(this.all, conversation, null);
    this.onTyped(conversation, '');
    // Behind an edit the draft waits untouched.
    if (!editing) this.#empty(conversation, taken.text);
    return taken;
  }

  #empty(conversation: string, text: string): void {
    this.all = withFiles(typed(this.all, conversation, ''), conversation, () => []);
    this.#typedHere.delete(conversation);
    this.#tabs?.tell({ conversation, text });
  }

  /** Another tab has sent the draft: only something else that was typed here stays. */
  #onTaken({ conversation, text }: SentDraft): void {
    const draft = draftOf(this.all, conversation);
    if (draft.text !== text && this.#typedHere.has(conversation)) return;
    // The other tab tells the server and the database.
    clearTimeout(this.#sharing.get(conversation));
    clearTimeout(this.#keeping.get(conversation));
    this.#keeping.delete(conversation);
    this.#typedAt.delete(conversation);
    this.#typedHere.delete(conversation);
    this.#about.delete(conversation);
    this.all = clearDraft(this.all, conversation);
  }

  /** Other devices must not show for a moment longer what was sent. */
  async settle(conversation: string): Promise<void> {
    clearTimeout(this.#sharing.get(conversation));
    void this.#share(conversation);
    await this.#keep(conversation);
  }

  /** The outbox could not take it: it stands in the composer again, before what was typed since. */
  giveBack({ conversation, text, files, doing }: Taken): void {
    if (doing?.kind === 'edit') {
      this.edit({ ...doing.message, body: text });
      return;
    }
    if (doing !== null) this.reply(doing.message);
    const since = this.of(conversation).text;
    this.type(conversation, since === '' ? text : `${text}\n${since}`);
    this.changeFiles(conversation, (added) => [...files, ...added]);
  }

  #busyFor(conversation: string): number {
    const typedAt = this.#typedAt.get(conversation);
    return typedAt === undefined ? 0 : Math.max(0, typedAt + underFingers - Date.now());
  }

  #keepSoon(conversation: string): void {
    clearTimeout(this.#keeping.get(conversation));
    const timer = setTimeout(() => void this.#keep(conversation), keepAfter);
    this.#keeping.set(conversation, timer);
  }

  /** Puts what was typed last into the database without the usual pause. */
  async flush(): Promise<void> {
    await Promise.all([...this.#keeping.keys()].map((conversation) => this.#keep(conversation)));
  }

  async #keep(conversation: string): Promise<void> {
    clearTimeout(this.#keeping.get(conversation));
    this.#keeping.delete(conversation);
    const draft = this.all.get(conversation);
    try {
      if (draft === undefined) await this.#database?.removeDraft(conversation);
      else await this.#database?.saveDraft(draft);
    } catch {
      // A full or vanished store must not stop the typing; the next change tries again.
    }
  }

  #shareSoon(conversation: string): void {
    clearTimeout(this.#sharing.get(conversation));
    const timer = setTimeout(() => void this.#share(conversation), shareAfter);
    this.#sharing.set(conversation, timer);
  }

  async #share(conversation: string): Promise<void> {
    const { text, shared: known } = draftOf(this.all, conversation);
    if (known) return;
    const withheld = exceedsSharedLength(text);
    const longer = this.longer.has(conversation);
    if (withheld && this.#withheld.has(conversation)) return;
    if (text === '' && !longer && this.#serverHas.get(conversation) === false) {
      this.all = shared(this.all, conversation, text);
      this.#keepSoon(conversation);
      return;
    }
    try {
      const path = `/conversations/${encodeURIComponent(conversation)}`;
      // Nothing is better on other devices than the words of long ago.
      const draft = text === '' || withheld ? null : text;
      if (draft !== null) this.#serverHas.set(conversation, true);
      const wish = longer ? { draft, longer_draft: withheld } : { draft };
      await this.rest.call(nothingSchema, 'PATCH', path, wish);
      // Something else may have been told meanwhile.
      if (draft === null && draftOf(this.all, conversation).text === text) {
        this.#serverHas.set(conversation, false);
      }
      if (withheld) this.#withheld.add(conversation);
      else {
        this.#withheld.delete(conversation);
        this.all = shared(this.all, conversation, text);
      }
      this.#keepSoon(conversation);
    } catch {
      // It stays here, and is tried again with what is typed next or with the next connection.
    }
  }
}
