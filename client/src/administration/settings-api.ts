// What the administration room asks of the server about its settings.
import * as v from 'valibot';
import type { Proof } from '../account/proof.svelte';
import type { Rest } from '../platform/rest';

const settingSchema = v.object({
  name: v.string(),
  variable: v.string(),
  kind: v.picklist(['switch', 'choice', 'number', 'list', 'text']),
  value: v.string(),
  default: v.string(),
  fixed: v.boolean(),
  changed_at: v.nullable(v.number()),
  choices: v.array(v.string()),
  least: v.nullable(v.number()),
  most: v.nullable(v.number()),
});
const allSchema = v.object({
  settings: v.array(settingSchema),
  unknown: v.optional(v.array(v.string()), []),
});
const oneSchema = v.object({ setting: v.nullable(settingSchema) });

/** `unknown` are names that another version stored. */
export type ServerSettingsList = v.InferOutput<typeof allSchema>;
export type ServerSetting = v.InferOutput<typeof settingSchema>;

const path = '/administration/settings';

export class ServerSettingsApi {
  constructor(
    private readonly rest: Rest,
    private readonly proof: Proof,
  ) {}

  list(): Promise<ServerSettingsList> {
    return this.rest.call(allSchema, 'GET', path);
  }

  async change(name: string, value: string): Promise<void> {
    await this.proof.run(() => this.rest.call(oneSchema, 'PUT', `${path}/${name}`, { value }));
  }

  async reset(name: string): Promise<void> {
    const where = `${path}/${encodeURIComponent(name)}`;
    await this.proof.run(() => this.rest.call(oneSchema, 'DELETE', where));
  }
}
