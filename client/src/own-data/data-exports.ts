// The download of one's own data: asked for, made by the server, fetched for a day.
import * as v from 'valibot';
import type { Rest } from '../platform/rest';
import { nothingSchema } from '../contract/answers';

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const exportSchema = v.object({
  id: v.string(),
  state: v.picklist(['waiting', 'ready', 'failed']),
  /** Why it could not be made. */
  problem: v.nullable(v.string()),
  requested_at: whole,
  expires_at: v.nullable(whole),
  size: v.nullable(whole),
  /** Where it is fetched, once it is ready. */
  url: v.nullable(v.string()),
});
const answerSchema = v.object({ export: v.nullable(exportSchema) });

export type DataExport = v.InferOutput<typeof exportSchema>;

const path = '/me/export';

export class DataExports {
  constructor(private readonly rest: Rest) {}

  /** Null without one. */
  async show(): Promise<DataExport | null> {
    return (await this.rest.call(answerSchema, 'GET', path)).export;
  }

  /** Has one made, unless there is one. */
  async ask(): Promise<DataExport | null> {
    return (await this.rest.call(answerSchema, 'PUT', path)).export;
  }

  async remove(): Promise<void> {
    await this.rest.call(nothingSchema, 'DELETE', path);
  }
}
