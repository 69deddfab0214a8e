// What the conversations need of the rest of the messenger, and what they tell it.
import type { ApiClient } from '../platform/api-client';
import type { Handlers } from '../platform/dispatcher';
import type { Message, User } from '../contract/objects';
import type { Conversations } from './model';
import type { ConversationState } from './conversation';
import type { Settings } from '../settings/model';

/** The events about conversations. */
export type ConversationEventHandlers = Pick<
  Handlers,
  | 'message'
  | 'version'
  | 'member'
  | 'conversation'
  | 'receipt'
  | 'receipts'
  | 'own'
  | 'behind'
  | 'hidden'
  | 'restored'
  | 'user'
>;

export interface ConversationStoreCallbacks {
  readonly api: ApiClient;
  settings(): Settings;
  /** A draft came with its conversation. */
  onDraft(conversation: string, draft: string | null): void;
  /** A draft has just been changed, here or on another device. */
  onDraftChanged(conversation: string, draft: string | null): void;
  /** Somebody else's message has just come in. */
  onArrived(message: Message, state: ConversationState): void;
  /** Somebody else's message mentions the person since it was edited. */
  onMentioned(message: Message, state: ConversationState): void;
  /** A message was deleted: nothing of it may be kept anywhere. */
  onGone(conversation: string, seq: number): void;
  /** The person is no longer in a conversation that was here. */
  onDropped(conversation: string): void;
  /** The rows of a conversation were replaced: what was deleted among them is not told. */
  onReset(conversation: string): void;
  /** Profiles came with conversations and members. */
  onUsers(users: readonly User[]): void;
  /** People whose presence is shown. */
  onWatched(users: readonly string[]): void;
  onStateChanged(state: Conversations): void;
  onHiddenAfter(after: number): void;
  /** Shows a conversation, or the list. */
  go(conversation: string | null): void;
}
