// Everything of a conversation that the viewer can show, in the order of the messages.
import type { Attachment } from '../../contract/objects';
import type { Held } from '../../state/held.state';
import { kindOf } from './kinds';

export function isViewable(file: Attachment): boolean {
  const kind = kindOf(file);
  if (kind === 'image' || kind === 'video') return true;
  return kind === 'pdf' && file.thumbnail_url !== null;
}

export function viewable(held: Held): Attachment[] {
  return attachmentsOf(held).filter(isViewable);
}

export function attachmentsOf(held: Held): Attachment[] {
  return held.messages.flatMap(({ attachments, deleted }) => (deleted ? [] : attachments));
}
