// What is asked of the server about invitations to it.
import * as v from 'valibot';
import type { Rest } from '../platform/rest';
import { nothingSchema } from '../contract/answers';

const moment = v.nullable(v.number());
const inviteSchema = v.object({
  id: v.string(),
  url: v.nullable(v.string()),
  created_by: v.string(),
  created_at: v.number(),
  expires_at: moment,
  max_uses: moment,
  uses: v.number(),
  role: v.string(),
  contact: v.boolean(),
  groups: v.array(v.string()),
  email: v.nullable(v.string()),
});
const invitesSchema = v.object({ invites: v.array(inviteSchema) });
const invitedSchema = v.object({ invites: v.array(inviteSchema), mailed: v.boolean() });
const personSchema = v.object({
  line: v.number(),
  email: v.string(),
  name: v.string(),
  groups: v.array(v.object({ id: v.string(), title: v.string() })),
});
const fileSchema = v.object({
  people: v.array(personSchema),
  invites: v.array(inviteSchema),
  mailed: v.boolean(),
});
const madeSchema = v.object({ invite: inviteSchema });
const registrationSchema = v.object({ mode: v.string(), may_invite: v.boolean() });

export type ServerInvite = v.InferOutput<typeof inviteSchema>;
export type Invited = v.InferOutput<typeof invitedSchema>;
export type PersonOfFile = v.InferOutput<typeof personSchema>;
export type Registration = v.InferOutput<typeof registrationSchema>;

export interface Terms {
  readonly expires_in: number | null;
  readonly role: string;
  readonly contact: boolean;
  readonly groups: readonly string[];
}

/** Each line of a file has groups of its own. */
export type FileTerms = Pick<Terms, 'expires_in' | 'role' | 'contact'>;

const path = '/server/invites';

export class ServerInvitesApi {
  constructor(private readonly rest: Rest) {}

  async list(): Promise<readonly ServerInvite[]> {
    return (await this.rest.call(invitesSchema, 'GET', path)).invites;
  }

  async make(terms: Terms & { readonly max_uses: number | null }): Promise<ServerInvite> {
    return (await this.rest.create(madeSchema, path, terms)).invite;
  }

  invitePeople(terms: Terms & { readonly emails: readonly string[] }): Promise<Invited> {
    return this.rest.create(invitedSchema, `${path}/people`, terms);
  }

  /** Says who stands in a CSV file, and invites nobody. */
  async readFile(terms: FileTerms, csv: string): Promise<readonly PersonOfFile[]> {
    const body = { ...terms, csv, dry_run: true };
    return (await this.rest.call(fileSchema, 'POST', `${path}/file`, body)).people;
  }

  inviteFile(terms: FileTerms, csv: string): Promise<Invited> {
    return this.rest.create(fileSchema, `${path}/file`, { ...terms, csv });
  }

  async revoke(invite: string): Promise<void> {
    await this.rest.call(nothingSchema, 'DELETE', `${path}/${encodeURIComponent(invite)}`);
  }

  registration(): Promise<Registration> {
    return this.rest.call(registrationSchema, 'GET', '/server/registration');
  }
}

/** A link as it is handed over: by the address under which one is here oneself, as it leads here. */
export function addressOf(url: string): string {
  return location.origin + new URL(url).pathname;
}
