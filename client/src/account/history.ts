// What others decided about the person's account, and who it was.
import * as v from 'valibot';
import type { Rest } from '../platform/rest';

const entriesSchema = v.object({
  entries: v.array(
    v.object({
      at: v.number(),
      action: v.string(),
      actor: v.object({ id: v.string(), name: v.nullable(v.string()) }),
    }),
  ),
});
const decisionsSchema = v.object({
  decisions: v.array(v.object({ decision: v.string(), reason: v.string(), at: v.number() })),
});

export interface Act {
  readonly at: number;
  /** The name of what was done, or of what was decided after a report. */
  readonly name: string;
  /** Who did it; null for the command line. */
  readonly by: string | null;
  readonly reason: string;
}

/** The newest first; a decision has its reason beside the entry of the log. */
export async function fetchHistory(rest: Rest): Promise<readonly Act[]> {
  const { entries } = await rest.call(entriesSchema, 'GET', '/me/audit');
  const { decisions } = await rest.call(decisionsSchema, 'GET', '/me/decisions');
  const decided = new Map(decisions.map((one) => [one.at, one]));
  return entries
    .filter(({ action, at }) => action !== 'report.decided' || decided.has(at))
    .map(({ at, action, actor }) => ({
      at,
      name: action === 'report.decided' ? (decided.get(at)?.decision ?? action) : action,
      by: actor.name,
      reason: action === 'report.decided' ? (decided.get(at)?.reason ?? '') : '',
    }));
}
