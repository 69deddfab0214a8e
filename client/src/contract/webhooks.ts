// Incoming webhooks of a group; fetched with the page that shows them.
import * as v from 'valibot';
import { id, localUrl, time } from './objects';

/** An address to which a program posts; `url` only in the answer that creates it. */
export const webhookSchema = v.object({
  id,
  name: v.string(),
  created_by: v.optional(v.nullable(id), null),
  created_at: time,
  last_used_at: v.optional(v.nullable(time), null),
  avatar_url: v.optional(v.nullable(localUrl), null),
  url: v.optional(v.pipe(v.string(), v.regex(/^https?:\/\//))),
});

export const webhooksSchema = v.object({ webhooks: v.array(webhookSchema) });
export const webhookAnswerSchema = v.object({ webhook: webhookSchema });

export type Webhook = v.InferOutput<typeof webhookSchema>;
