// What the administration room asks of the server about storage.
import * as v from 'valibot';
import { nothingSchema } from '../contract/answers';
import { queryString } from '../platform/api-client';
import type { Proof } from '../account/proof.svelte';
import type { Rest } from '../platform/rest';

const limit = v.nullable(v.number());
const text = v.nullable(v.string());

const personSchema = v.object({
  id: v.string(),
  name: text,
  email: text,
  avatar_url: text,
  files: v.number(),
  used: v.number(),
  by_programs: v.number(),
  quota: limit,
  own_quota: v.boolean(),
  manageable: v.boolean(),
});
const overviewSchema = v.object({
  used: v.number(),
  quota: limit,
  quota_per_person: limit,
  free_bytes: v.number(),
  people: v.array(personSchema),
  more: v.boolean(),
});
const sizeSchema = v.object({
  id: v.string(),
  kind: v.string(),
  members: v.number(),
  messages: v.number(),
  files: v.number(),
  bytes: v.number(),
  changed_at: v.number(),
});
const sizesSchema = v.object({ conversations: v.array(sizeSchema) });

export type StoragePerson = v.InferOutput<typeof personSchema>;
export type StorageOverview = v.InferOutput<typeof overviewSchema>;
export type Size = v.InferOutput<typeof sizeSchema>;

/** Who has most first, or by name. */
export type StorageSort = 'used' | 'files' | 'name';

export interface StorageQuestion {
  readonly query: string;
  readonly sort: StorageSort;
  /** Whether only those with a limit of their own. */
  readonly own: boolean;
}

const root = '/administration';

export class ServerStorageApi {
  constructor(
    private readonly rest: Rest,
    private readonly proof: Proof,
  ) {}

  people({ query, sort, own }: StorageQuestion, offset: number): Promise<StorageOverview> {
    const asked = queryString({ query, sort, own, offset });
    return this.rest.call(overviewSchema, 'GET', `${root}/storage${asked}`);
  }

  /** Sets how many bytes a person's files may take: 0 for any number, null for what others may. */
  async setQuota(user: string, quota: number | null): Promise<void> {
    const path = `${root}/people/${encodeURIComponent(user)}/quota`;
    await this.proof.run(() => this.rest.call(nothingSchema, 'PUT', path, { quota }));
  }

  async conversations(): Promise<readonly Size[]> {
    return (await this.rest.call(sizesSchema, 'GET', `${root}/conversations`)).conversations;
  }
}
