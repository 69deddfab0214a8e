// What a person does with messages and conversations that are there already.
import { conversationPath, queryString, type ApiClient } from '../platform/api-client';
import { Refusal } from '../platform/refusal';
import {
  conversationAnswerSchema,
  filesSchema,
  messageAnswerSchema,
  postAnswerSchema,
  messagesAnswerSchema,
  notificationAnswerSchema,
  nothingSchema,
  reachedAnswerSchema,
  savedAnswerSchema,
  versionsSchema,
  type EarlierVersion,
  type Notification,
  type Reached,
  type Saved,
  type SharedFile,
} from '../contract/answers';
import type { Message, NotifyLevel } from '../contract/objects';
import type { ConversationStore } from '../conversations/store.svelte';

export interface OwnWish {
  readonly muted?: boolean;
  readonly muted_until?: number | null;
  readonly pinned?: boolean;
  readonly archived?: boolean;
  readonly notify?: NotifyLevel;
  readonly marked_unread?: boolean;
  readonly longer_draft?: boolean;
}

/** Where a message is forwarded to, and the idempotency key of its copy there. */
export interface ForwardTarget {
  readonly conversation: string;
  readonly key: string;
}

export type FileKind = 'media' | 'audio' | 'file';

const savedPage = 100;
/** Beyond these, the star beside a message may be missing; the list of saved ones has them all. */
const savedPages = 20;

export class Actions {
  /** Which messages are saved, as `conversation/seq`. */
  saved = $state.raw<ReadonlySet<string>>(new Set());
  onSavedChanged: (saved: ReadonlySet<string>) => void = () => undefined;

  constructor(
    private readonly api: ApiClient,
    private readonly store: ConversationStore,
  ) {}

  /** Answers false where the filter of a group holds the new words. */
  async edit({ conversation, seq }: Message, body: string): Promise<boolean> {
    const { message } = await this.api.callWithFallback(postAnswerSchema, {
      event: 'edit',
      argument: { conversation, seq, body },
      method: 'PATCH',
      path: messagePath(conversation, seq),
      body: { body },
    });
    if (message !== null) this.store.onChanged(message);
    return message !== null;
  }

  /** Deletes it for everyone. */
  async remove({ conversation, seq }: Message): Promise<Message> {
    return this.#changed('delete', { conversation, seq }, 'DELETE', [conversation, seq]);
  }

  async react({ conversation, seq }: Message, emoji: string, on: boolean): Promise<Message> {
    const argument = { conversation, seq, emoji, on };
    const method = on ? 'PUT' : 'DELETE';
    return this.#changed('react', argument, method, [conversation, seq, 'reactions', emoji]);
  }

  async pin({ conversation, seq }: Message, on: boolean): Promise<Message> {
    const method = on ? 'PUT' : 'DELETE';
    return this.#changed('pin', { conversation, seq, on }, method, [conversation, seq, 'pin']);
  }

  async removePreview({ conversation, seq }: Message): Promise<Message> {
    const path = messagePath(conversation, seq, 'preview');
    const { message } = await this.api.rest.call(messageAnswerSchema, 'DELETE', path);
    this.store.onChanged(message);
    return message;
  }

  /** Deletes messages of one conversation for oneself, at most 100 at once; others keep them. */
  async hide(conversation: string, seqs: readonly number[]): Promise<void> {
    await this.api.callWithFallback(nothingSchema, {
      event: 'hide',
      argument: { conversation, seqs },
      method: 'POST',
      path: conversationPath(conversation, 'hidden'),
      body: { seqs },
    });
    this.store.hidden.hide(conversation, seqs);
  }

  /** Takes that back, as long as it is a moment ago. */
  async restore(conversation: string, seqs: readonly number[]): Promise<void> {
    await this.api.callWithFallback(nothingSchema, {
      event: 'restore',
      argument: { conversation, seqs },
      method: 'POST',
      path: conversationPath(conversation, 'restored'),
      body: { seqs },
    });
    await this.store.hidden.restore(conversation, seqs);
  }

  /** Clears everything up to a message for oneself; with `dropped` the conversation goes, too. */
  async clear(conversation: string, seq: number, dropped: boolean): Promise<void> {
    await this.#setCleared('PUT', conversation, { seq, dropped });
  }

  /** Takes the last clearing back, as long as it is a moment ago. */
  async unclear(conversation: string): Promise<void> {
    await this.#setCleared('DELETE', conversation);
  }

  isSaved({ conversation, seq }: Message): boolean {
    return this.saved.has(savedName(conversation, seq));
  }

  async save({ conversation, seq }: Message, on: boolean): Promise<void> {
    await this.api.callWithFallback(nothingSchema, {
      event: 'save',
      argument: { conversation, seq, on },
      method: on ? 'PUT' : 'DELETE',
      path: messagePath(conversation, seq, 'saved'),
    });
    this.onSaved(conversation, seq, on);
  }

  /** A message was saved or let go, here or on another device. */
  onSaved(conversation: string, seq: number, on: boolean): void {
    const saved = new Set(this.saved);
    if (on) saved.add(savedName(conversation, seq));
    else saved.delete(savedName(conversation, seq));
    this.#keepSaved(saved);
  }

  /** Saved messages, the latest first. */
  async listSaved(before?: number): Promise<{ saved: Saved[]; more: boolean }> {
    const path = `/saved${queryString({ before, limit: savedPage })}`;
    return this.api.rest.call(savedAnswerSchema, 'GET', path);
  }

  /** What this browser kept, until the server has answered. */
  restoreSaved(kept: unknown): void {
    if (kept instanceof Set) this.saved = new Set([...kept].map(String));
  }

  async loadSaved(): Promise<void> {
    const names = new Set<string>();
    let before: number | undefined;
    for (let count = 0; count < savedPages; count += 1) {
      const { saved, more } = await this.listSaved(before);
      for (const { message } of saved) names.add(savedName(message.conversation, message.seq));
      before = saved.at(-1)?.saved_at;
      if (!more || before === undefined) break;
    }
    this.#keepSaved(names);
  }

  /** One copy for each of the conversations named; the same key makes no second one. */
  async forward(
    { conversation, seq }: Message,
    to: readonly ForwardTarget[],
  ): Promise<readonly Message[]> {
    const { messages } = await this.api.callWithFallback(messagesAnswerSchema, {
      event: 'forward',
      argument: { conversation, seq, to },
      method: 'POST',
      path: messagePath(conversation, seq, 'forward'),
      body: { to },
    });
    for (const message of messages) this.store.onPosted(message);
    return messages;
  }

  markUnread(conversation: string, on: boolean): Promise<void> {
    return this.setOwn(conversation, { marked_unread: on });
  }

  async setOwn(conversation: string, wish: OwnWish): Promise<void> {
    const path = conversationPath(conversation);
    const answer = await this.api.rest.call(conversationAnswerSchema, 'PATCH', path, wish);
    this.store.onFetched(answer.conversation);
  }

  /** One message, wherever in the conversation it is; null where it cannot be seen. */
  async one(conversation: string, seq: number): Promise<Message | null> {
    try {
      const path = messagePath(conversation, seq);
      return (await this.api.rest.call(messageAnswerSchema, 'GET', path)).message;
    } catch (error) {
      if (error instanceof Refusal && !error.isTemporary) return null;
      throw error;
    }
  }

  async versions({ conversation, seq }: Message): Promise<readonly EarlierVersion[]> {
    const path = messagePath(conversation, seq, 'versions');
    return (await this.api.rest.call(versionsSchema, 'GET', path)).versions;
  }

  async seenBy({ conversation, seq }: Message): Promise<readonly Reached[]> {
    const path = messagePath(conversation, seq, 'receipts');
    return (await this.api.rest.call(reachedAnswerSchema, 'GET', path)).receipts;
  }

  async whyNotified({ conversation, seq }: Message): Promise<Notification> {
    const path = messagePath(conversation, seq, 'notification');
    return (await this.api.rest.call(notificationAnswerSchema, 'GET', path)).notification;
  }

  async files(
    conversation: string,
    kind: FileKind,
    before?: number,
  ): Promise<{ files: SharedFile[]; more: boolean }> {
    const path = conversationPath(conversation, 'files') + queryString({ kind, before });
    return this.api.rest.call(filesSchema, 'GET', path);
  }

  async pins(conversation: string): Promise<readonly Message[]> {
    const path = conversationPath(conversation, 'pins');
    return (await this.api.rest.call(messagesAnswerSchema, 'GET', path)).messages;
  }

  /** An address that opens the conversation at this message. */
  linkTo({ conversation, seq }: Pick<Message, 'conversation' | 'seq'>): string {
    return `${location.origin}/c/${encodeURIComponent(conversation)}?m=${seq}`;
  }

  async #setCleared(method: 'PUT' | 'DELETE', conversation: string, body?: object): Promise<void> {
    const path = conversationPath(conversation, 'cleared');
    const answer = await this.api.rest.call(conversationAnswerSchema, method, path, body);
    this.store.onFetched(answer.conversation);
  }

  #keepSaved(saved: ReadonlySet<string>): void {
    this.saved = saved;
    this.onSavedChanged(saved);
  }

  async #changed(
    event: string,
    argument: unknown,
    method: 'PUT' | 'PATCH' | 'DELETE',
    [conversation, seq, ...further]: [string, number, ...string[]],
    body?: unknown,
  ): Promise<Message> {
    const path = messagePath(conversation, seq, ...further);
    const over = { event, argument, method, path, body };
    const { message } = await this.api.callWithFallback(messageAnswerSchema, over);
    this.store.onChanged(message);
    return message;
  }
}

function messagePath(conversation: string, seq: number, ...further: string[]): string {
  return conversationPath(conversation, 'messages', seq, ...further);
}

function savedName(conversation: string, seq: number): string {
  return `${conversation}/${seq}`;
}
