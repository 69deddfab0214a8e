// Drafts as the composer sees them: kept in this browser as one types, shared with other devices.
import type { Local } from '../connection/local';
import { Refusal } from '../connection/refusal';
import type { Rest } from '../connection/rest';
import { nothingSchema } from '../contract/answers';
import {
  draftOf,
  received,
  shared,
  typed,
  withFiles,
  type Draft,
  type Drafts as Held,
} from '../state/drafts.state';
import type { PendingFile } from '../state/outbox.state';

const keepAfter = 150;
const shareAfter = 1_500;

export class Drafts {
  all = $state.raw<Held>(new Map());
  #local: Local | null = null;
  readonly #keeping = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #sharing = new Map<string, ReturnType<typeof setTimeout>>();
  /** An instance may not offer shared drafts: then they stay in this browser. */
  #shareable = true;

  constructor(private readonly rest: Rest) {}

  async start(local: Local): Promise<void> {
    this.#local = local;
    const kept = await local.drafts();
    this.all = new Map(kept.map((draft) => [draft.conversation, draft]));
    for (const { conversation, shared: known } of kept) if (!known) this.#shareSoon(conversation);
    // A page that is left has no time for the usual pauses.
    addEventListener('pagehide', () => void this.keepNow());
  }

  of(conversation: string): Draft {
    return draftOf(this.all, conversation);
  }

  type(conversation: string, text: string): void {
    this.all = typed(this.all, conversation, text);
    this.#keepSoon(conversation);
    this.#shareSoon(conversation);
  }

  changeFiles(
    conversation: string,
    change: (files: readonly PendingFile[]) => readonly PendingFile[],
  ): void {
    this.all = withFiles(this.all, conversation, change);
    this.#keepSoon(conversation);
  }

  receive(conversation: string, text: string | null): void {
    this.all = received(this.all, conversation, text);
    this.#keepSoon(conversation);
  }

  /**
   * Empties the composer at once, so that the next message can be typed; in the database the draft
   * stays until `settle` says that the outbox has it.
   */
  take(conversation: string): Draft {
    const draft = this.of(conversation);
    this.all = withFiles(typed(this.all, conversation, ''), conversation, () => []);
    return draft;
  }

  async settle(conversation: string): Promise<void> {
    this.#shareSoon(conversation);
    await this.#keep(conversation);
  }

  /** The outbox could not take it: it stands in the composer again, before what was typed since. */
  giveBack({ conversation, text, files }: Draft): void {
    const since = this.of(conversation).text;
    this.type(conversation, since === '' ? text : `${text}\n${since}`);
    this.changeFiles(conversation, (added) => [...files, ...added]);
  }

  #keepSoon(conversation: string): void {
    clearTimeout(this.#keeping.get(conversation));
    const timer = setTimeout(() => void this.#keep(conversation), keepAfter);
    this.#keeping.set(conversation, timer);
  }

  /** Puts what was typed last into the database without the usual pause. */
  async keepNow(): Promise<void> {
    await Promise.all([...this.#keeping.keys()].map((conversation) => this.#keep(conversation)));
  }

  async #keep(conversation: string): Promise<void> {
    clearTimeout(this.#keeping.get(conversation));
    this.#keeping.delete(conversation);
    const draft = this.all.get(conversation);
    try {
      if (draft === undefined) await this.#local?.removeDraft(conversation);
      else await this.#local?.saveDraft(draft);
    } catch {
      // A full or vanished store must not stop the typing; the next change tries again.
    }
  }

  #shareSoon(conversation: string): void {
    clearTimeout(this.#sharing.get(conversation));
    if (!this.#shareable) return;
    const timer = setTimeout(() => void this.#share(conversation), shareAfter);
    this.#sharing.set(conversation, timer);
  }

  async #share(conversation: string): Promise<void> {
    const { text, shared: known } = this.of(conversation);
    if (known) return;
    try {
      const path = `/conversations/${encodeURIComponent(conversation)}`;
      await this.rest.call(nothingSchema, 'PATCH', path, { draft: text === '' ? null : text });
      this.all = shared(this.all, conversation, text);
      this.#keepSoon(conversation);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'invalid') this.#shareable = false;
    }
  }
}
