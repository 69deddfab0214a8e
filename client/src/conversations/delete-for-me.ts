// What a person deletes for themselves alone: done at once, and offered to be taken back.
import type { ConversationState } from './conversation';
import { texts } from '../texts';
import type { Messenger } from '../app/messenger.svelte';

/** Deletes messages of one conversation for the person; answers whether it was done. */
export async function hideForMe(
  messenger: Messenger,
  conversation: string,
  seqs: readonly number[],
): Promise<boolean> {
  const { actions, notices } = messenger;
  const done = await messenger.attempt(() => actions.hide(conversation, seqs));
  if (!done) return false;
  const text =
    seqs.length === 1 ? texts.message.deletedForMe : texts.selection.deletedForMe(seqs.length);
  notices.offer(text, texts.common.undo, () => {
    void messenger.attempt(() => actions.restore(conversation, seqs));
  });
  return true;
}

/** Clears what was said up to a version of a conversation that the person knew. */
export async function clearForMe(
  messenger: Messenger,
  { id }: ConversationState,
  known: number,
): Promise<void> {
  const { actions, notices, notifications } = messenger;
  if (!(await messenger.attempt(() => actions.clear(id, known, false)))) return;
  void notifications.clear(id).catch(() => undefined);
  notices.offer(texts.clearing.cleared, texts.common.undo, () => {
    void messenger.attempt(() => actions.unclear(id));
  });
}

/** Deletes a conversation for the person: with it goes what they began to write there. */
export async function removeForMe(
  messenger: Messenger,
  state: ConversationState,
  known: number,
): Promise<void> {
  const { actions, drafts, notices, notifications, route } = messenger;
  const { id } = state;
  const { text, files } = drafts.behind(id);
  const marked = state.own.marked_unread;
  if (!(await messenger.attempt(() => actions.clear(id, known, true)))) return;
  await drafts.forget(id);
  if (route.conversation === id) route.home();
  void notifications.clear(id).catch(() => undefined);
  const bringBack = async (): Promise<void> => {
    await actions.unclear(id);
    if (text !== '') drafts.type(id, text);
    if (files.length > 0) drafts.changeFiles(id, () => files);
    if (marked) await actions.markUnread(id, true);
  };
  notices.offer(texts.clearing.removed, texts.common.undo, () => {
    void messenger.attempt(bringBack);
  });
}
