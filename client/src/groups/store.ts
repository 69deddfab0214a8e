// Groups: who is in them and as what, their name and picture.
import { conversationPath } from '../platform/api-client';
import type { Rest } from '../platform/rest';
import {
  bansSchema,
  conversationAnswerSchema,
  memberAnswerSchema,
  nothingSchema,
} from '../contract/answers';
import type { Ban, Role } from '../contract/objects';
import type { ConversationStore } from '../conversations/store.svelte';
import type { GroupRules } from '../conversations/group-rules';

/** Which messages of a removed member are deleted with them. */
export const removedMessages = ['none', 'hour', 'day', 'all'] as const;
export type RemovedMessages = (typeof removedMessages)[number];

export class Groups {
  constructor(
    private readonly rest: Rest,
    private readonly store: ConversationStore,
  ) {}

  async addMember(conversation: string, user: string): Promise<void> {
    const path = conversationPath(conversation, 'members');
    const { member } = await this.rest.call(memberAnswerSchema, 'POST', path, { user });
    this.store.onMember(conversation, member);
  }

  /** Making somebody the owner hands the group over. */
  async setRole(conversation: string, user: string, role: Role): Promise<void> {
    const path = conversationPath(conversation, 'members', user);
    await this.rest.call(nothingSchema, 'PATCH', path, { role });
    this.store.syncScheduler.request();
  }

  async removeMember(conversation: string, user: string): Promise<void> {
    const path = conversationPath(conversation, 'members', user);
    await this.rest.call(nothingSchema, 'DELETE', path);
    this.store.syncScheduler.request();
  }

  /** With what they said in that time; who is banned does not come back until that is lifted. */
  async removeWith(
    conversation: string,
    user: string,
    how: { readonly messages: RemovedMessages; readonly banned: boolean },
  ): Promise<void> {
    const path = conversationPath(conversation, 'removed', user);
    await this.rest.call(nothingSchema, 'PUT', path, how);
    this.store.syncScheduler.request();
  }

  async bansIn(conversation: string): Promise<readonly Ban[]> {
    const path = conversationPath(conversation, 'banned');
    return (await this.rest.call(bansSchema, 'GET', path)).banned;
  }

  async liftBan(conversation: string, user: string): Promise<void> {
    const path = conversationPath(conversation, 'banned', user);
    await this.rest.call(nothingSchema, 'DELETE', path);
  }

  async leave(conversation: string): Promise<void> {
    await this.rest.call(
      nothingSchema,
      'DELETE',
      conversationPath(conversation, 'members', this.store.self),
    );
    this.store.onLeft(conversation);
  }

  /** An empty description takes it away. */
  change(
    conversation: string,
    changed: { readonly title?: string; readonly description?: string },
  ): Promise<void> {
    return this.#patch(conversation, changed);
  }

  setHistory(conversation: string, history: 'all' | 'joined'): Promise<void> {
    return this.#patch(conversation, { history });
  }

  setRules(conversation: string, rules: Partial<GroupRules>): Promise<void> {
    return this.#patch(conversation, rules);
  }

  /** A picture, or null for none. */
  async setAvatar(conversation: string, picture: Blob | null): Promise<void> {
    const path = conversationPath(conversation, 'avatar');
    if (picture === null) {
      await this.rest.call(nothingSchema, 'DELETE', path);
      this.store.syncScheduler.request();
      return;
    }
    const form = new FormData();
    form.append('file', picture, 'avatar');
    const answer = await this.rest.call(conversationAnswerSchema, 'PUT', path, form);
    this.store.onFetched(answer.conversation);
  }

  async #patch(conversation: string, change: unknown): Promise<void> {
    const path = conversationPath(conversation);
    const answer = await this.rest.call(conversationAnswerSchema, 'PATCH', path, change);
    this.store.onFetched(answer.conversation);
  }
}
