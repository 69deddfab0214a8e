// Invitations by link: to a group, to be somebody's contact, to the server.
import { inviteAnswerSchema, invitesSchema, nothingSchema } from '../contract/answers';
import type { Invite } from '../contract/objects';
import { conversationPath } from '../platform/api-client';
import type { Rest } from '../platform/rest';
import { ServerInvitesApi } from './server-invites';

export interface InviteTerms {
  /** Seconds; null means that it does not expire. */
  readonly expires_in: number | null;
  /** How many may join with it; null means as many as like. */
  readonly max_uses: number | null;
}

/** Where invitations of one kind are made, listed and revoked. */
export interface InviteSource {
  list(): Promise<readonly Invite[]>;
  make(terms: InviteTerms): Promise<Invite>;
  revoke(invite: string): Promise<void>;
}

export class Invites {
  constructor(private readonly rest: Rest) {}

  /** The invitations to a group. */
  toGroup(conversation: string): Promise<InviteSource> {
    return Promise.resolve(this.#at(conversationPath(conversation, 'invites')));
  }

  /** The person's own, which make contacts. */
  personal(): Promise<InviteSource> {
    return Promise.resolve(this.#at('/me/invites'));
  }

  /** Those to the server. */
  toServer(): Promise<ServerInvitesApi> {
    return Promise.resolve(new ServerInvitesApi(this.rest));
  }

  #at(path: string): InviteSource {
    const { rest } = this;
    return {
      list: async () => (await rest.call(invitesSchema, 'GET', path)).invites,
      make: async (terms) => (await rest.create(inviteAnswerSchema, path, terms)).invite,
      revoke: async (invite) => {
        await rest.call(nothingSchema, 'DELETE', `${path}/${encodeURIComponent(invite)}`);
      },
    };
  }
}
