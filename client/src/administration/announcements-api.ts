// What the administration room asks of the server about announcements.
import * as v from 'valibot';
import type { Proof } from '../account/proof.svelte';
import { nothingSchema } from '../contract/answers';
import { severities } from '../contract/objects';
import type { Rest } from '../platform/rest';

const moment = v.nullable(v.number());
const managedSchema = v.object({
  id: v.string(),
  severity: v.picklist(severities),
  text: v.string(),
  author: v.string(),
  author_name: v.nullable(v.string()),
  created_at: v.number(),
  ends_at: moment,
  withdrawn_at: moment,
  current: v.boolean(),
  dismissed: v.number(),
  mails: v.boolean(),
  mailed: v.number(),
  mailing: v.boolean(),
});
const listSchema = v.object({ announcements: v.array(managedSchema), mail: v.boolean() });
const oneSchema = v.object({ announcement: managedSchema });

export type Managed = v.InferOutput<typeof managedSchema>;
export type ManagedList = v.InferOutput<typeof listSchema>;

export interface Draft {
  readonly text: string;
  readonly severity: string;
  readonly ends_at: number | null;
}

const path = '/administration/announcements';

export class AnnouncementsApi {
  constructor(
    private readonly rest: Rest,
    private readonly proof: Proof,
  ) {}

  list(): Promise<ManagedList> {
    return this.rest.call(listSchema, 'GET', path);
  }

  announce(draft: Draft & { readonly mail: boolean }) {
    return this.proof.run(() => this.rest.create(oneSchema, path, draft));
  }

  change(announcement: string, draft: Draft & { readonly again: boolean }) {
    return this.proof.run(() => this.rest.call(oneSchema, 'PATCH', pathOf(announcement), draft));
  }

  withdraw(announcement: string) {
    return this.proof.run(() => this.rest.call(nothingSchema, 'DELETE', pathOf(announcement)));
  }
}

function pathOf(announcement: string): string {
  return `${path}/${encodeURIComponent(announcement)}`;
}
