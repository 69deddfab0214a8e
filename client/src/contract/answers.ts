// What REST calls and socket acknowledgements answer, as schemas.
import * as v from 'valibot';
import {
  attachmentSchema,
  contactRequestSchema,
  contactSchema,
  conversationSchema,
  memberSchema,
  messageSchema,
  sessionSchema,
  userSchema,
} from './objects';

export const nothingSchema = v.unknown();
export const meSchema = v.object({ user: userSchema });
export const messageAnswerSchema = v.object({ message: messageSchema });
export const attachmentAnswerSchema = v.object({ attachment: attachmentSchema });
export const conversationAnswerSchema = v.object({ conversation: conversationSchema });
export const conversationsSchema = v.object({ conversations: v.array(conversationSchema) });
export const membersSchema = v.object({ members: v.array(memberSchema) });
export const contactsSchema = v.object({ contacts: v.array(contactSchema) });
export const blocksSchema = v.object({ blocks: v.array(userSchema) });
export const requestsSchema = v.object({ requests: v.array(contactRequestSchema) });
export const sessionsSchema = v.object({ sessions: v.array(sessionSchema) });

export const historySchema = v.object({
  messages: v.array(messageSchema),
  version: v.pipe(v.number(), v.safeInteger()),
  more: v.boolean(),
});

export const syncItemSchema = v.object({
  conversation: conversationSchema,
  messages: v.array(messageSchema),
  members: v.array(memberSchema),
  reset: v.boolean(),
});

export const syncSchema = v.object({
  conversations: v.array(syncItemSchema),
  gone: v.optional(v.array(v.string()), []),
  more: v.optional(v.boolean(), false),
});

export const errorCodes = [
  'unauthorized',
  'forbidden',
  'not_found',
  'invalid',
  'too_large',
  'too_many',
  'conflict',
  'gone',
  'unavailable',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

const fieldsSchema = v.optional(v.record(v.string(), v.unknown()), {});

/** A problem document (RFC 9457) or the `error` of a refused acknowledgement. */
export const problemSchema = v.object({
  code: v.optional(v.string()),
  detail: v.optional(v.nullable(v.string())),
  title: v.optional(v.nullable(v.string())),
  fields: fieldsSchema,
  retry_after: v.optional(v.nullable(v.number())),
});

export const acknowledgementSchema = v.variant('ok', [
  v.looseObject({ ok: v.literal(true) }),
  v.object({ ok: v.literal(false), error: problemSchema }),
]);

export type History = v.InferOutput<typeof historySchema>;
export type SyncItem = v.InferOutput<typeof syncItemSchema>;
export type SyncAnswer = v.InferOutput<typeof syncSchema>;
