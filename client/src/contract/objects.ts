// The objects of the wire contract, as schemas that everything incoming passes before use.
import * as v from 'valibot';

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const time = whole;
// Only addresses on this server: anything else would be a way to smuggle in a script or a tracker.
const localUrl = v.pipe(v.string(), v.regex(/^\/(?![/\\])/));
const text = v.optional(v.nullable(v.string()), null);

export const userSchema = v.object({
  id,
  name: v.string(),
  about: text,
  avatar_url: v.optional(v.nullable(localUrl), null),
  email: v.optional(v.nullable(v.string())),
});

export const attachmentSchema = v.object({
  id,
  name: v.string(),
  type: v.string(),
  size: whole,
  width: v.optional(v.nullable(whole), null),
  height: v.optional(v.nullable(whole), null),
  url: localUrl,
  thumbnail_url: v.optional(v.nullable(localUrl), null),
});

export const messageSchema = v.object({
  conversation: id,
  seq: whole,
  version: whole,
  author: v.optional(v.nullable(id), null),
  key: v.optional(v.nullable(v.string()), null),
  body: v.string(),
  created_at: time,
  edited_at: v.optional(v.nullable(time), null),
  deleted: v.optional(v.boolean(), false),
  reply_to: v.optional(v.nullable(whole), null),
  attachments: v.optional(v.array(attachmentSchema), []),
  system: v.optional(v.nullable(v.record(v.string(), v.unknown())), null),
});

export const memberSchema = v.object({
  user: userSchema,
  role: v.picklist(['owner', 'admin', 'member']),
  joined_seq: v.optional(whole, 0),
  read_seq: v.optional(whole, 0),
  delivered_seq: v.optional(whole, 0),
  version: whole,
  left: v.optional(v.boolean(), false),
});

/** What belongs to the caller alone in a conversation. */
export const ownFieldsSchema = v.object({
  unread: v.optional(whole, 0),
  mentions: v.optional(whole, 0),
  read_seq: v.optional(whole, 0),
  muted: v.optional(v.boolean(), false),
  pinned: v.optional(v.boolean(), false),
  archived: v.optional(v.boolean(), false),
  draft: text,
});

export const conversationSchema = v.object({
  id,
  kind: v.picklist(['direct', 'group']),
  title: text,
  avatar_url: v.optional(v.nullable(localUrl), null),
  version: whole,
  members_version: v.optional(whole, 0),
  created_at: time,
  last_message: v.optional(v.nullable(messageSchema), null),
  members: v.optional(v.array(memberSchema)),
  ...ownFieldsSchema.entries,
});

export const contactRequestSchema = v.object({ id, user: userSchema, created_at: time });

export const contactSchema = v.object({ user: userSchema });

export const sessionSchema = v.object({
  id,
  device: v.optional(v.nullable(v.string()), null),
  address: v.optional(v.nullable(v.string()), null),
  created_at: v.optional(v.nullable(time), null),
  last_used_at: v.optional(v.nullable(time), null),
  current: v.optional(v.boolean(), false),
});

export type User = v.InferOutput<typeof userSchema>;
export type Attachment = v.InferOutput<typeof attachmentSchema>;
export type Message = v.InferOutput<typeof messageSchema>;
export type Member = v.InferOutput<typeof memberSchema>;
export type OwnFields = v.InferOutput<typeof ownFieldsSchema>;
export type Conversation = v.InferOutput<typeof conversationSchema>;
export type ContactRequest = v.InferOutput<typeof contactRequestSchema>;
export type Contact = v.InferOutput<typeof contactSchema>;
export type Session = v.InferOutput<typeof sessionSchema>;
