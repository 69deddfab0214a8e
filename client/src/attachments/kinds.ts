// What is shown for a file: the server decided its type by its content.
import type { Attachment } from '../contract/objects';
import type { PendingFile } from '../platform/outbox';

export type Kind = 'image' | 'pdf' | 'audio' | 'video' | 'other';

const shownImages = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
]);

/** What browsers may play; of other films, and of those that one cannot play, there is a card. */
const shownVideos = new Set([
  'video/mp4',
  'video/webm',
  'video/ogg',
  'video/quicktime',
  'video/3gpp',
  'video/x-matroska',
]);

export function kindOf({ type, thumbnail_url }: Attachment): Kind {
  if (shownImages.has(type) || (type.startsWith('image/') && thumbnail_url !== null))
    return 'image';
  if (type === 'application/pdf') return 'pdf';
  if (type.startsWith('audio/') && type !== 'audio/x-aiff') return 'audio';
  return shownVideos.has(type) ? 'video' : 'other';
}

/** What a file can be shown as before the server has decided about it. */
export function kindOnItsWay({ blob, width, type }: PendingFile): Kind {
  if (blob !== null && width !== null) return 'image';
  return blob !== null && type.startsWith('video/') ? 'video' : 'other';
}

/** The ending of a file's name, as the few letters on its sign. */
export function endingOf(name: string): string {
  const ending = /\.([\p{L}\p{N}]{1,5})$/u.exec(name)?.[1] ?? '';
  return ending.toLocaleUpperCase();
}

/** Images that browsers show as they are; others are viewed by their thumbnail. */
export function viewUrl(attachment: Attachment): string {
  return shownImages.has(attachment.type)
    ? attachment.url
    : (attachment.thumbnail_url ?? attachment.url);
}
