// What a person deletes for themselves alone: done at once, and offered to be taken back.
import type { ConversationState } from './conversation';
import { texts } from '../texts';
import type { Drafts } from '../drafts/store.svelte';
import type { MessageActions } from '../messages/actions';
import type { Route } from '../navigation/store.svelte';
import type { Notices } from '../notices/store.svelte';
import type { Notifications } from '../notifications/store.svelte';
import type { MemberSettings } from './member-settings';

/** What is told, and offered to be taken back. */
interface WithNotices {
  readonly notices: Pick<Notices, 'attempt' | 'offer'>;
}

interface Hiding extends WithNotices {
  readonly messageActions: Pick<MessageActions, 'hide' | 'restore'>;
}

interface Clearing extends WithNotices {
  readonly memberSettings: Pick<MemberSettings, 'clear' | 'unclear' | 'markUnread'>;
  readonly notifications: Pick<Notifications, 'clear'>;
}

interface Removing extends Clearing {
  readonly drafts: Pick<Drafts, 'behind' | 'forget' | 'type' | 'changeFiles'>;
  readonly route: Pick<Route, 'conversation' | 'home'>;
}

/** Deletes messages of one conversation for the person; answers whether it was done. */
export async function hideForMe(
  { notices, messageActions }: Hiding,
  conversation: string,
  seqs: readonly number[],
): Promise<boolean> {
  const done = await notices.attempt(() => messageActions.hide(conversation, seqs));
  if (!done) return false;
  const text =
    seqs.length === 1 ? texts.message.deletedForMe : texts.selection.deletedForMe(seqs.length);
  notices.offer(text, texts.common.undo, () => {
    void notices.attempt(() => messageActions.restore(conversation, seqs));
  });
  return true;
}

/** Clears what was said up to a version of a conversation that the person knew. */
export async function clearForMe(
  { notices, memberSettings, notifications }: Clearing,
  { id }: ConversationState,
  known: number,
): Promise<void> {
  if (!(await notices.attempt(() => memberSettings.clear(id, known, false)))) return;
  void notifications.clear(id).catch(() => undefined);
  notices.offer(texts.clearing.cleared, texts.common.undo, () => {
    void notices.attempt(() => memberSettings.unclear(id));
  });
}

/** Deletes a conversation for the person: with it goes what they began to write there. */
export async function removeForMe(
  { notices, memberSettings, notifications, drafts, route }: Removing,
  state: ConversationState,
  known: number,
): Promise<void> {
  const { id } = state;
  const { text, files } = drafts.behind(id);
  const marked = state.own.marked_unread;
  if (!(await notices.attempt(() => memberSettings.clear(id, known, true)))) return;
  await drafts.forget(id);
  if (route.conversation === id) route.home();
  void notifications.clear(id).catch(() => undefined);
  const bringBack = async (): Promise<void> => {
    await memberSettings.unclear(id);
    if (text !== '') drafts.type(id, text);
    if (files.length > 0) drafts.changeFiles(id, () => files);
    if (marked) await memberSettings.markUnread(id, true);
  };
  notices.offer(texts.clearing.removed, texts.common.undo, () => {
    void notices.attempt(bringBack);
  });
}
