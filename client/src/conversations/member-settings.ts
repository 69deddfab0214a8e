// What a member sets for a conversation, for themselves alone: muted, pinned, archived, cleared.
import { conversationAnswerSchema } from '../contract/answers';
import type { Conversation, NotifyLevel } from '../contract/objects';
import { conversationPath } from '../platform/api-client';
import type { Rest } from '../platform/rest';

export interface MemberSettingsChange {
  readonly muted?: boolean;
  readonly muted_until?: number | null;
  readonly pinned?: boolean;
  readonly archived?: boolean;
  readonly notify?: NotifyLevel;
  readonly marked_unread?: boolean;
  readonly longer_draft?: boolean;
}

export class MemberSettings {
  constructor(
    private readonly rest: Rest,
    private readonly onFetched: (conversation: Conversation) => void,
  ) {}

  async set(conversation: string, change: MemberSettingsChange): Promise<void> {
    await this.#call('PATCH', conversationPath(conversation), change);
  }

  markUnread(conversation: string, on: boolean): Promise<void> {
    return this.set(conversation, { marked_unread: on });
  }

  /** Clears everything up to a message for oneself; with `dropped` the conversation goes, too. */
  async clear(conversation: string, seq: number, dropped: boolean): Promise<void> {
    await this.#call('PUT', conversationPath(conversation, 'cleared'), { seq, dropped });
  }

  /** Takes the last clearing back, as long as it is a moment ago. */
  async unclear(conversation: string): Promise<void> {
    await this.#call('DELETE', conversationPath(conversation, 'cleared'));
  }

  async #call(method: 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<void> {
    const answer = await this.rest.call(conversationAnswerSchema, method, path, body);
    this.onFetched(answer.conversation);
  }
}
