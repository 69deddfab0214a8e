// The events that the server sends, as schemas by event name.
import * as v from 'valibot';
import {
  announcementSchema,
  contactRequestSchema,
  contactSchema,
  conversationSchema,
  memberSchema,
  messageSchema,
  notifyLevels,
  ownUserSchema,
  presenceSchema,
  sentRequestSchema,
  userSchema,
  type Conversation,
} from './objects';

const id = v.pipe(v.string(), v.minLength(1));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** The fields of a conversation that an event may change; absent means unchanged. */
const changedFieldsSchema = v.object({
  title: v.optional(v.nullable(v.string())),
  description: v.optional(v.nullable(v.string())),
  avatar_url: v.optional(v.nullable(v.pipe(v.string(), v.regex(/^\/(?![/\\])/)))),
  history: v.optional(v.picklist(['all', 'joined'])),
  posting: v.optional(v.picklist(['all', 'admins'])),
  reacting: v.optional(v.picklist(['all', 'admins'])),
  slow_seconds: v.optional(whole),
  retention_days: v.optional(whole),
  expire_seconds: v.optional(whole),
  filtered: v.optional(v.boolean()),
  members_version: v.optional(whole),
  members: v.optional(v.array(memberSchema)),
});

/** The conversation may come as its id with changed fields beside it, or as the whole object. */
const conversationEventSchema = v.pipe(
  v.looseObject({ conversation: v.union([id, conversationSchema]), version: whole }),
  v.transform(({ conversation, version, ...beside }) => {
    const whole: Conversation | null = typeof conversation === 'string' ? null : conversation;
    const parsed = v.safeParse(
      changedFieldsSchema,
      whole === null ? beside : { ...whole, ...beside },
    );
    return {
      conversation: typeof conversation === 'string' ? conversation : conversation.id,
      version,
      changed: parsed.success ? parsed.output : {},
    };
  }),
);

/** One thing that happened between the person and somebody else. */
export const contactEventSchema = v.object({
  request: v.optional(contactRequestSchema),
  withdrawn: v.optional(id),
  sent: v.optional(sentRequestSchema),
  unsent: v.optional(id),
  contact: v.optional(contactSchema),
  accepted: v.optional(v.boolean(), false),
  /** It was an invitation that they accepted, no request. */
  invited: v.optional(v.boolean(), false),
  removed: v.optional(id),
  blocked: v.optional(id),
  on: v.optional(v.boolean(), false),
});
export type ContactEvent = v.InferOutput<typeof contactEventSchema>;

export const eventSchemas = {
  message: v.object({ conversation: id, version: whole, message: messageSchema }),
  /** Something changed that the person may not see: only the number moves on. */
  version: v.object({ conversation: id, version: whole }),
  conversation: conversationEventSchema,
  member: v.object({ conversation: id, version: whole, member: memberSchema }),
  receipt: v.object({
    conversation: id,
    user: id,
    read_seq: v.optional(whole),
    delivered_seq: v.optional(whole),
  }),
  /** Several positions at once: large groups send what came together in one. */
  receipts: v.object({
    conversation: id,
    receipts: v.array(
      v.object({
        user: id,
        read_seq: v.optional(whole),
        delivered_seq: v.optional(whole),
      }),
    ),
  }),
  own: v.object({
    conversation: id,
    /** The conversation's version at which the unread ones were counted. */
    version: v.optional(whole),
    unread: v.optional(whole),
    mentions: v.optional(whole),
    read_seq: v.optional(whole),
    muted: v.optional(v.boolean()),
    pinned: v.optional(v.boolean()),
    archived: v.optional(v.boolean()),
    draft: v.optional(v.nullable(v.string())),
    notify: v.optional(v.picklist(notifyLevels)),
    muted_until: v.optional(v.nullable(whole)),
    marked_unread: v.optional(v.boolean()),
    longer_draft: v.optional(v.boolean()),
    cleared_seq: v.optional(whole),
    clear_version: v.optional(whole),
    cleared_until: v.optional(v.nullable(whole)),
    dropped: v.optional(v.boolean()),
  }),
  typing: v.object({ conversation: id, user: id, on: v.boolean() }),
  presence: presenceSchema,
  user: v.object({ user: userSchema }),
  me: v.object({ user: ownUserSchema }),
  hidden: v.object({ conversation: id, seqs: v.array(whole), after: v.optional(whole) }),
  restored: v.object({ conversation: id, seqs: v.array(whole), after: v.optional(whole) }),
  saved: v.object({ conversation: id, seq: whole, on: v.boolean() }),
  held: v.object({ conversation: id, filtered: v.optional(v.nullable(v.boolean()), null) }),
  /** A bot answered; what shows it checks it. */
  answer: v.looseObject({}),
  contact: v.looseObject({}),
  behind: v.object({ conversations: v.optional(v.array(id)) }),
  announcement: v.object({
    announcement: v.optional(announcementSchema),
    again: v.optional(v.boolean(), false),
    gone: v.optional(id),
  }),
  limits: v.object({
    largest_file: whole,
    directory: v.boolean(),
    allowed_files: v.array(v.string()),
    refused_files: v.array(v.string()),
  }),
  administration: v.object({
    topic: v.string(),
    user: v.optional(v.nullable(id), null),
    arrived: v.optional(v.boolean(), false),
  }),
  security: v.object({ event: v.looseObject({ kind: v.string() }) }),
  signed_out: v.looseObject({ reason: v.optional(v.string(), 'expired') }),
} as const;

export type EventName = keyof typeof eventSchemas;
export type ServerEvents = { [Name in EventName]: v.InferOutput<(typeof eventSchemas)[Name]> };
