// What a person deletes for themselves alone: done at once, and offered to be taken back.
import { texts } from '../texts';
import type { Messenger } from './messenger.svelte';

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
