// What REST calls and socket acknowledgements answer, as schemas.
import * as v from 'valibot';
import {
  announcementSchema,
  apiKeySchema,
  attachmentSchema,
  banSchema,
  botSchema,
  contactRequestSchema,
  contactSchema,
  conversationSchema,
  groupBotSchema,
  heldSchema,
  inviteSchema,
  memberSchema,
  messageSchema,
  ownUserSchema,
  presenceSchema,
  sentRequestSchema,
  sessionSchema,
  userSchema,
} from './objects';

const id = v.string();
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const nothingSchema = v.unknown();
export const meSchema = v.object({ user: ownUserSchema });
export const userAnswerSchema = v.object({ user: userSchema });
export const messageAnswerSchema = v.object({ message: messageSchema });
export const attachmentAnswerSchema = v.object({ attachment: attachmentSchema });
export const conversationAnswerSchema = v.object({ conversation: conversationSchema });
export const conversationsSchema = v.object({ conversations: v.array(conversationSchema) });
export const membersSchema = v.object({ members: v.array(memberSchema) });
export const contactsSchema = v.object({ contacts: v.array(contactSchema) });
export const blocksSchema = v.object({ blocks: v.array(userSchema) });
export const requestsSchema = v.object({ requests: v.array(contactRequestSchema) });
export const sentRequestsSchema = v.object({ requests: v.array(sentRequestSchema) });
export const sessionsSchema = v.object({ sessions: v.array(sessionSchema) });

export const announcementsSchema = v.object({ announcements: v.array(announcementSchema) });
export const memberAnswerSchema = v.object({ member: memberSchema });
export const messagesAnswerSchema = v.object({ messages: v.array(messageSchema) });
export const presencesSchema = v.object({ presence: v.array(presenceSchema) });
export const inviteAnswerSchema = v.object({ invite: inviteSchema });
/** The stored message, or null and what is held of it. */
export const postAnswerSchema = v.object({
  message: v.nullable(messageSchema),
  held: v.optional(heldSchema),
});
export const heldAnswerSchema = v.object({
  held: v.array(heldSchema),
  file_names: v.optional(v.record(id, v.string()), {}),
  next: v.nullable(v.string()),
});
export const filterSchema = v.object({ words: v.array(v.string()) });
export const bansSchema = v.object({ banned: v.array(banSchema) });
export const invitesSchema = v.object({ invites: v.array(inviteSchema) });
export const apiKeysSchema = v.object({ keys: v.array(apiKeySchema) });
export const createdApiKeySchema = v.object({ key: apiKeySchema, secret: v.string() });
export const botsSchema = v.object({ bots: v.array(botSchema) });
export const botAnswerSchema = v.object({ bot: botSchema });
export const createdBotSchema = v.object({ bot: botSchema, key: v.string() });
export const groupBotsSchema = v.object({
  bots: v.array(groupBotSchema),
  own: v.array(botSchema),
});

/** One thing of the server: whether it is set, and by which settings. */
export const checkSchema = v.object({
  name: v.string(),
  done: v.boolean(),
  value: v.optional(v.nullable(v.string()), null),
  settings: v.array(v.string()),
});
export const checklistSchema = v.object({ checks: v.array(checkSchema) });

/** Something that happened to the security of the person's account. */
export const securityEventSchema = v.object({
  id,
  kind: v.string(),
  device: v.string(),
  address: v.string(),
  /** The administrator who did it, if one did. */
  by: v.optional(v.nullable(v.string()), null),
  created_at: whole,
});
export type SecurityEvent = v.InferOutput<typeof securityEventSchema>;
export const securityEventsSchema = v.object({ events: v.array(securityEventSchema) });
export const signInServiceSchema = v.object({
  name: v.string(),
  label: v.string(),
  /** Null while the person is not linked there. */
  linked_at: v.nullable(whole),
  used_at: v.nullable(whole),
});
export type SignInService = v.InferOutput<typeof signInServiceSchema>;
export const signInServicesSchema = v.object({
  services: v.array(signInServiceSchema),
  passwords: v.boolean(),
  has_password: v.boolean(),
});
export type SignInServices = v.InferOutput<typeof signInServicesSchema>;
export const linkSchema = v.object({ url: v.string() });
export const emailChangeSchema = v.object({ changed: v.boolean() });

/** An earlier wording of a message. */
export const versionSchema = v.object({ body: v.string(), created_at: whole });
export const versionsSchema = v.object({ versions: v.array(versionSchema) });

/** How far one person has come with one message. */
export const reachedSchema = v.object({
  user: id,
  read: v.optional(v.nullable(v.union([v.boolean(), whole])), null),
  delivered: v.optional(v.nullable(v.union([v.boolean(), whole])), null),
});
export const reachedAnswerSchema = v.object({ receipts: v.array(reachedSchema) });

export const savedSchema = v.object({ saved_at: whole, message: messageSchema });
export const savedAnswerSchema = v.object({ saved: v.array(savedSchema), more: v.boolean() });

const hiddenSchema = v.object({ conversation: id, seq: whole });
export const hiddenAnswerSchema = v.object({
  hidden: v.array(hiddenSchema),
  restored: v.optional(v.array(hiddenSchema), []),
  after: whole,
  more: v.boolean(),
});

export const sharedFileSchema = v.object({
  seq: whole,
  author: v.nullable(id),
  created_at: whole,
  attachment: attachmentSchema,
});
export const filesSchema = v.object({ files: v.array(sharedFileSchema), more: v.boolean() });

/** People of this server whom one finds by name; the cursor leads to more of them. */
export const directorySchema = v.object({
  people: v.array(userSchema),
  cursor: v.optional(v.nullable(v.string()), null),
});

/** What one's files take, in bytes; no quota is null. */
export const storageSchema = v.object({
  storage: v.object({
    used: whole,
    by_programs: v.optional(whole, 0),
    quota: v.nullable(whole),
    own_quota: v.optional(v.boolean(), false),
    server_full: v.optional(v.boolean(), false),
    largest: v.array(
      v.object({ conversation: id, seq: whole, created_at: whole, attachment: attachmentSchema }),
    ),
  }),
});

const highlights = v.optional(v.array(v.tuple([whole, whole])), []);

/** Offsets of highlights count code points, from the first one to after the last one. */
export const searchSchema = v.object({
  results: v.array(
    v.object({
      message: messageSchema,
      highlights,
      excerpt: v.optional(v.nullable(v.object({ text: v.string(), highlights })), null),
      files: v.optional(v.array(v.object({ id, highlights })), []),
    }),
  ),
  people: v.optional(v.array(userSchema), []),
  conversations: v.optional(v.array(v.object({ id, highlights })), []),
  cursor: v.optional(v.nullable(v.string()), null),
});

export const pushKeySchema = v.object({ key: v.string() });
export const subscriptionSchema = v.object({ subscription: v.object({ id }) });

/** Whether this person was told of a message, and why. */
export const notificationSchema = v.object({
  notified: v.boolean(),
  reason: v.string(),
  at: v.optional(v.nullable(whole), null),
});
export const notificationAnswerSchema = v.object({ notification: notificationSchema });

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
  /** The one in which the server gave the versions of this answer. */
  epoch: v.optional(v.string(), ''),
  /** Held from a time that a restored server does not know. */
  outdated: v.optional(v.array(v.string()), []),
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

export type Check = v.InferOutput<typeof checkSchema>;
export type DirectoryPage = v.InferOutput<typeof directorySchema>;
export type Storage = v.InferOutput<typeof storageSchema>['storage'];
export type OwnFile = Storage['largest'][number];
export type History = v.InferOutput<typeof historySchema>;
export type SyncItem = v.InferOutput<typeof syncItemSchema>;
export type SyncAnswer = v.InferOutput<typeof syncSchema>;
export type EarlierVersion = v.InferOutput<typeof versionSchema>;
export type Reached = v.InferOutput<typeof reachedSchema>;
export type Saved = v.InferOutput<typeof savedSchema>;
export type HiddenAnswer = v.InferOutput<typeof hiddenAnswerSchema>;
export type SharedFile = v.InferOutput<typeof sharedFileSchema>;
export type Found = v.InferOutput<typeof searchSchema>;
export type Notification = v.InferOutput<typeof notificationSchema>;
