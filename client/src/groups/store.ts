// Groups: who is in them and as what, their name and picture, and invitations to them.
import { conversationPath } from '../platform/api-client';
import type { Rest } from '../platform/rest';
import {
  bansSchema,
  conversationAnswerSchema,
  inviteAnswerSchema,
  invitesSchema,
  memberAnswerSchema,
  nothingSchema,
} from '../contract/answers';
import type { Ban, Invite, Role } from '../contract/objects';
import type { ConversationStore } from '../conversations/store.svelte';
import { HeldMessages } from './held.svelte';
import type { GroupRules } from '../conversations/group-rules';

export interface InviteWish {
  /** Seconds; null means that it does not expire. */
  readonly expires_in: number | null;
  /** How many may join with it; null means as many as like. */
  readonly max_uses: number | null;
}

/** Which messages of a removed member are deleted with them. */
export const removedMessages = ['none', 'hour', 'day', 'all'] as const;
export type RemovedMessages = (typeof removedMessages)[number];

/** Where invitations of one kind are made, listed and revoked. */
export interface InviteSource {
  list(): Promise<readonly Invite[]>;
  make(wish: InviteWish): Promise<Invite>;
  revoke(invite: string): Promise<void>;
}

export class Groups {
  readonly held: HeldMessages;

  constructor(
    private readonly rest: Rest,
    private readonly store: ConversationStore,
  ) {
    this.held = new HeldMessages(rest, (message) => store.onPosted(message));
  }

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

  /** The invitations to a group. */
  invitesTo(conversation: string): InviteSource {
    return this.#invitesAt(conversationPath(conversation, 'invites'));
  }

  /** The person's own, which make contacts. */
  personalInvites(): InviteSource {
    return this.#invitesAt('/me/invites');
  }

  #invitesAt(path: string): InviteSource {
    const { rest } = this;
    return {
      list: async () => (await rest.call(invitesSchema, 'GET', path)).invites,
      make: async (wish) => (await rest.create(inviteAnswerSchema, path, wish)).invite,
      revoke: async (invite) => {
        await rest.call(nothingSchema, 'DELETE', `${path}/${encodeURIComponent(invite)}`);
      },
    };
  }

  async #patch(conversation: string, change: unknown): Promise<void> {
    const path = conversationPath(conversation);
    const answer = await this.rest.call(conversationAnswerSchema, 'PATCH', path, change);
    this.store.onFetched(answer.conversation);
  }
}
