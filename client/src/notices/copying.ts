// Copies for the person, and says what came of it.
import { texts } from '../texts';
import { copyText } from '../ui/copy';
import type { Notices } from './store.svelte';

/** Whether it worked. */
export async function copyWithNotice(
  notices: Pick<Notices, 'good' | 'bad'>,
  text: string,
  success: string,
): Promise<boolean> {
  const copied = await copyText(text);
  if (copied) notices.good(success);
  else notices.bad(texts.message.notCopied);
  return copied;
}
