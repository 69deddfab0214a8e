// Drafts: what was typed for each conversation, here and on the person's other devices.
import { isVisible } from '../platform/graphemes';
import type { PendingFile } from '../platform/outbox';

export interface Draft {
  readonly conversation: string;
  readonly text: string;
  readonly files: readonly PendingFile[];
  /** The server has this text. */
  readonly shared: boolean;
  /** What the person is doing instead of writing a new message, or beside it. */
  readonly mode?: Mode | null;
}

/** Answering a message beside the draft, or rewriting one with a text of its own. */
export type Mode =
  | { readonly kind: 'reply'; readonly seq: number }
  | { readonly kind: 'edit'; readonly seq: number; readonly text: string };

export type Drafts = ReadonlyMap<string, Draft>;

/** As many characters as the server keeps of a draft. */
export const maxSharedLength = 20_000;

/** Too long for the server: other devices have nothing of it. */
export function exceedsSharedLength(text: string): boolean {
  return text.length > maxSharedLength && Array.from(text).length > maxSharedLength;
}

export function draftOf(drafts: Drafts, conversation: string): Draft {
  return drafts.get(conversation) ?? { conversation, text: '', files: [], shared: true };
}

/** What the composer shows: the wording of an edit, or the draft, which waits meanwhile. */
export function composerDraft(draft: Draft): Draft {
  return draft.mode?.kind === 'edit' ? { ...draft, text: draft.mode.text, files: [] } : draft;
}

export function withMode(drafts: Drafts, conversation: string, mode: Mode | null): Drafts {
  return put(drafts, { ...draftOf(drafts, conversation), mode });
}

export function typed(drafts: Drafts, conversation: string, text: string): Drafts {
  const draft = draftOf(drafts, conversation);
  if (draft.mode?.kind === 'edit') return put(drafts, { ...draft, mode: { ...draft.mode, text } });
  return put(drafts, { ...draft, text, shared: draft.shared && draft.text === text });
}

/** Another tab has sent it, and tells the server. */
export function clearDraft(drafts: Drafts, conversation: string): Drafts {
  const draft = draftOf(drafts, conversation);
  const mode = draft.mode?.kind === 'edit' ? draft.mode : null;
  return put(drafts, { conversation, text: '', files: [], shared: true, mode });
}

export function withFiles(
  drafts: Drafts,
  conversation: string,
  change: (files: readonly PendingFile[]) => readonly PendingFile[],
): Drafts {
  const draft = draftOf(drafts, conversation);
  return put(drafts, { ...draft, files: change(draft.files) });
}

/** Text from another device replaces ours only where ours is already known to the server. */
export function received(drafts: Drafts, conversation: string, text: string | null): Drafts {
  const draft = draftOf(drafts, conversation);
  const same = draft.text === (text ?? '');
  return draft.shared && !same ? put(drafts, { ...draft, text: text ?? '' }) : drafts;
}

/** The server took `text`; what was typed since then is still ours alone. */
export function shared(drafts: Drafts, conversation: string, text: string): Drafts {
  const draft = draftOf(drafts, conversation);
  return draft.text === text ? put(drafts, { ...draft, shared: true }) : drafts;
}

export function isEmpty(draft: Draft): boolean {
  return !isVisible(draft.text) && draft.files.length === 0;
}

function put(drafts: Drafts, draft: Draft): Drafts {
  const next = new Map(drafts);
  if (draft.text === '' && draft.files.length === 0 && draft.shared && draft.mode == null)
    next.delete(draft.conversation);
  else next.set(draft.conversation, draft);
  return next;
}
