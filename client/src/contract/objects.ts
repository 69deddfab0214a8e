// The objects of the wire contract, as schemas that everything incoming passes before use.
import * as v from 'valibot';

export const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const time = whole;
// Only addresses on this server: anything else would be a way to smuggle in a script or a tracker.
export const localUrl = v.pipe(v.string(), v.regex(/^\/(?![/\\])/));
const text = v.optional(v.nullable(v.string()), null);
/** An embellishment that does not parse is left out; what it decorates must not be lost with it. */
function orNull<Schema extends v.GenericSchema>(
  schema: Schema,
): v.SchemaWithFallback<v.OptionalSchema<v.NullableSchema<Schema, undefined>, null>, null> {
  return v.fallback(v.optional(v.nullable(schema), null), null);
}

export const statusSchema = v.object({
  emoji: v.optional(v.nullable(v.string()), null),
  text,
  /** When it ends by itself; null means when the person ends it. */
  until: v.optional(v.nullable(time), null),
});

/** A bot and an incoming webhook are programs; of a kind that is not known yet one sees a person. */
export const userKinds = ['person', 'bot', 'hook'] as const;

export const userSchema = v.object({
  id,
  name: v.string(),
  about: text,
  avatar_url: v.optional(v.nullable(localUrl), null),
  email: v.optional(v.nullable(v.string())),
  status: orNull(statusSchema),
  kind: v.fallback(v.optional(v.picklist(userKinds), 'person'), 'person'),
});

const settingSchema = v.union([v.boolean(), v.number(), v.string(), v.null()]);

/** The caller's own account. */
export const ownUserSchema = v.object({
  ...userSchema.entries,
  role: v.optional(v.string(), 'member'),
  created_at: v.optional(time, 0),
  settings: v.fallback(v.optional(v.record(v.string(), settingSchema), {}), {}),
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
  /** Milliseconds of sound. */
  duration: orNull(whole),
  /** Loudness over time: one character of `0-9a-v` per bar; only voice messages have it. */
  waveform: orNull(v.pipe(v.string(), v.regex(/^[0-9a-v]{1,128}$/))),
  /** A picture that moves. */
  animated: v.optional(v.boolean(), false),
  /** What a picture with transparency can be seen on. */
  ground: v.optional(v.nullable(v.picklist(['light', 'dark', 'middle'])), null),
});

export const reactionSchema = v.object({ emoji: v.string(), users: v.array(id) });

/** `text` stands behind an @ in the body; no user means everybody. */
export const mentionSchema = v.object({ user: v.nullable(id), text: v.string() });

export const pinSchema = v.object({ user: v.nullable(id), at: time });

export const previewSchema = v.object({
  url: v.pipe(v.string(), v.regex(/^https?:\/\//i)),
  title: text,
  description: text,
  site: text,
  image_url: v.optional(v.nullable(localUrl), null),
  width: v.optional(v.nullable(whole), null),
  height: v.optional(v.nullable(whole), null),
});

/** What a system line says; the message's author did it, `user` is whom it was done to. */
export const systemSchema = v.object({
  type: v.fallback(v.string(), 'other'),
  user: orNull(id),
  role: orNull(v.picklist(['owner', 'admin', 'member'])),
  title: orNull(v.string()),
  history: orNull(v.picklist(['all', 'joined'])),
  posting: orNull(v.picklist(['all', 'admins'])),
  reacting: orNull(v.picklist(['all', 'admins'])),
  seconds: orNull(whole),
  days: orNull(whole),
  seq: orNull(whole),
  sees: orNull(v.picklist(['all', 'addressed'])),
  invite: v.fallback(v.optional(v.boolean(), false), false),
  banned: v.fallback(v.optional(v.boolean(), false), false),
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
  reactions: v.optional(v.array(reactionSchema), []),
  system: v.optional(v.nullable(systemSchema), null),
  forwarded: v.optional(v.boolean(), false),
  mentions: v.optional(v.array(mentionSchema), []),
  pinned: v.optional(v.nullable(pinSchema), null),
  preview: orNull(previewSchema),
  /** When it disappears; 0 of what is left of one whose time was over. */
  expires_at: v.optional(v.nullable(whole), null),
  /** A program wrote it. */
  automated: v.optional(v.boolean(), false),
  /** The buttons of a bot's message; what shows them checks them. */
  actions: v.optional(v.unknown()),
  /** What else it carries, by the names of its parts. */
  parts: v.fallback(v.optional(v.record(v.string(), v.unknown())), undefined),
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

export const notifyLevels = ['default', 'all', 'mentions', 'none'] as const;

/** What belongs to the caller alone in a conversation. */
export const ownFieldsSchema = v.object({
  unread: v.optional(whole, 0),
  mentions: v.optional(whole, 0),
  read_seq: v.optional(whole, 0),
  muted: v.optional(v.boolean(), false),
  pinned: v.optional(v.boolean(), false),
  archived: v.optional(v.boolean(), false),
  draft: text,
  notify: v.fallback(v.optional(v.picklist(notifyLevels), 'default'), 'default'),
  /** When a muted conversation is heard again by itself; null means when the person says so. */
  muted_until: v.optional(v.nullable(time), null),
  marked_unread: v.optional(v.boolean(), false),
  longer_draft: v.optional(v.boolean(), false),
  /** What the person cleared for themselves: everything up to this message. */
  cleared_seq: v.optional(whole, 0),
  /** How often that changed: of two the higher one counts. */
  clear_version: v.optional(whole, 0),
  /** When the last message of it was posted. */
  cleared_until: v.optional(v.nullable(time), null),
  /** The person deleted the conversation, and nobody has written since. */
  dropped: v.optional(v.boolean(), false),
});

export const conversationSchema = v.object({
  id,
  kind: v.picklist(['direct', 'group']),
  title: text,
  /** What a group is for, in plain text of several lines. */
  description: text,
  avatar_url: v.optional(v.nullable(localUrl), null),
  /** What new members see: everything, or what is said from their joining on. */
  history: v.fallback(v.optional(v.picklist(['all', 'joined']), 'all'), 'all'),
  /** Who posts and who reacts in a group. */
  posting: v.fallback(v.optional(v.picklist(['all', 'admins']), 'all'), 'all'),
  reacting: v.fallback(v.optional(v.picklist(['all', 'admins']), 'all'), 'all'),
  /** How long a member waits between two messages. */
  slow_seconds: v.optional(whole, 0),
  /** After how many days the messages of a group are deleted; 0 for never. */
  retention_days: v.optional(whole, 0),
  /** After how long new messages disappear; 0 for never. */
  expire_seconds: v.optional(whole, 0),
  /** A filter may hold what members say. */
  filtered: v.optional(v.boolean(), false),
  version: whole,
  members_version: v.optional(whole, 0),
  created_at: time,
  last_message: v.optional(v.nullable(messageSchema), null),
  members: v.optional(v.array(memberSchema)),
  ...ownFieldsSchema.entries,
});

/** A wish to become a contact; `body` is what is posted first when it is accepted. */
export const contactRequestSchema = v.object({
  id,
  user: userSchema,
  created_at: time,
  body: text,
});

/** What the person asked: an address as typed, or somebody of a group. */
export const sentRequestSchema = v.object({
  id,
  email: text,
  user: v.optional(v.nullable(userSchema), null),
  created_at: time,
  body: text,
});

export const contactSchema = v.object({ user: userSchema });

export const sessionSchema = v.object({
  id,
  device: v.optional(v.nullable(v.string()), null),
  address: v.optional(v.nullable(v.string()), null),
  created_at: v.optional(v.nullable(time), null),
  last_used_at: v.optional(v.nullable(time), null),
  current: v.optional(v.boolean(), false),
});

export const presenceSchema = v.object({
  user: id,
  status: v.picklist(['online', 'away', 'offline']),
  last_seen: v.optional(v.nullable(time), null),
});

/** An invitation; its token is told to who made it. */
export const inviteSchema = v.object({
  id,
  url: v.optional(v.pipe(v.string(), v.regex(/^https?:\/\/|^\//i))),
  token: v.optional(v.string()),
  created_by: v.optional(v.nullable(id), null),
  created_at: time,
  expires_at: v.optional(v.nullable(time), null),
  max_uses: v.optional(v.nullable(whole), null),
  uses: v.optional(whole, 0),
});

/** A message, or other words for one, that the filter of a group holds. */
export const heldSchema = v.object({
  id,
  conversation: id,
  author: id,
  body: v.string(),
  attachments: v.optional(v.array(id), []),
  /** The message whose words it would change. */
  edits: v.optional(v.nullable(whole), null),
  created_at: time,
  /** The buttons of a bot's message, as in `messageSchema`. */
  actions: v.optional(v.unknown()),
  /** Why it was refused; null while it waits. */
  reason: text,
});

export type HeldMessage = v.InferOutput<typeof heldSchema>;

/** Somebody who was removed from a group and is kept out. */
export const banSchema = v.object({
  user: userSchema,
  banned_at: time,
  banned_by: v.optional(v.nullable(id), null),
});

/** What an API key may do. */
export const apiScopes = [
  'messages:read',
  'messages:write',
  'reactions:write',
  'files:write',
  'members:read',
] as const;

/** An API key, without what makes it one. */
export const apiKeySchema = v.object({
  id,
  name: v.string(),
  prefix: v.string(),
  scopes: v.array(v.string()),
  created_at: time,
  expires_at: v.optional(v.nullable(time), null),
  last_used_at: v.optional(v.nullable(time), null),
});

/** What a key of a bot may do besides. */
export const botScopes = [...apiScopes, 'events'] as const;

/** A bot; `keys` for its owner only. */
export const botSchema = v.object({
  id,
  name: v.string(),
  about: text,
  owner: id,
  disabled: v.optional(v.boolean(), false),
  hear_bots: v.optional(v.boolean(), false),
  keys: v.optional(v.array(apiKeySchema), []),
  commands: v.optional(
    v.array(v.object({ name: v.string(), about: v.string(), usage: v.string() })),
    [],
  ),
});

/** A bot of a group, and what it sees there. */
export const groupBotSchema = v.object({
  bot: botSchema,
  sees: v.fallback(v.picklist(['all', 'addressed']), 'all'),
});

export type Bot = v.InferOutput<typeof botSchema>;
export type GroupBot = v.InferOutput<typeof groupBotSchema>;
export type BotScope = (typeof botScopes)[number];
export type ApiScope = (typeof apiScopes)[number];
export type ApiKey = v.InferOutput<typeof apiKeySchema>;
export type Ban = v.InferOutput<typeof banSchema>;
export type User = v.InferOutput<typeof userSchema>;
export type OwnUser = v.InferOutput<typeof ownUserSchema>;
export type Status = v.InferOutput<typeof statusSchema>;
export type Attachment = v.InferOutput<typeof attachmentSchema>;
export type Reaction = v.InferOutput<typeof reactionSchema>;
export type Mention = v.InferOutput<typeof mentionSchema>;
export type Preview = v.InferOutput<typeof previewSchema>;
export type System = v.InferOutput<typeof systemSchema>;
export type Message = v.InferOutput<typeof messageSchema>;
export type Member = v.InferOutput<typeof memberSchema>;
export type OwnFields = v.InferOutput<typeof ownFieldsSchema>;
export type Conversation = v.InferOutput<typeof conversationSchema>;
export type ContactRequest = v.InferOutput<typeof contactRequestSchema>;
export type SentRequest = v.InferOutput<typeof sentRequestSchema>;
export type Contact = v.InferOutput<typeof contactSchema>;
export type Session = v.InferOutput<typeof sessionSchema>;
export type MemberScope = Conversation['posting'];
export type NotifyLevel = (typeof notifyLevels)[number];
export type Role = Member['role'];
export type Presence = v.InferOutput<typeof presenceSchema>;
export type Invite = v.InferOutput<typeof inviteSchema>;

export const severities = ['info', 'warning', 'urgent'] as const;
export type Severity = (typeof severities)[number];

/** What is announced to everybody. */
export const announcementSchema = v.object({
  id: v.string(),
  severity: v.picklist(severities),
  text: v.string(),
  created_at: v.number(),
  ends_at: v.nullable(v.number()),
});
export type Announcement = v.InferOutput<typeof announcementSchema>;
