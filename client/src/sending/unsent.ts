// What was written for conversations that the person is no longer in: nothing typed is lost silently.
import type { Draft, Drafts } from '../drafts/model';
import type { Pending, PendingFile } from '../platform/outbox';

export interface Unsent {
  readonly id: string;
  readonly conversation: string;
  readonly text: string;
  readonly files: readonly PendingFile[];
  /** What the server refused; null for what was still being written. */
  readonly pending: Pending | null;
}

/**
 * Refused messages and drafts whose conversation is gone.
 *
 * A message that is still on its way belongs to the outbox: it is refused in a moment.
 */
export function unsentOf(
  outbox: readonly Pending[],
  drafts: Drafts,
  isGone: (conversation: string) => boolean,
): Unsent[] {
  const refused = outbox
    .filter(({ failed, conversation }) => failed !== null && isGone(conversation))
    .map((pending) => ({
      id: pending.key,
      conversation: pending.conversation,
      text: pending.body,
      files: pending.files,
      pending,
    }));
  const written = [...drafts.values()].filter(({ conversation }) => isGone(conversation));
  return [...refused, ...written.flatMap(unfinished)];
}

/** The draft and the wording of a message that was being edited, as one. */
function unfinished({ conversation, text, files, mode }: Draft): Unsent[] {
  const wording = mode?.kind === 'edit' ? mode.text : '';
  const all = [wording, text].filter((part) => part.trim() !== '').join('\n\n');
  if (all === '' && files.length === 0) return [];
  return [{ id: conversation, conversation, text: all, files, pending: null }];
}
