// What stands behind a picture: one with transparency would be lost on some grounds.
import type { Attachment } from '../contract/objects';

/** On the grey one, black and white both have a contrast above 4.5 : 1. */
const grounds = { light: '#ffffff', dark: '#10181a', middle: 'var(--es-picture-ground)' };
const transparent = new Set(['image/png', 'image/webp', 'image/gif', 'image/avif']);

/** Of a picture that has none it is hidden; earlier ones were stored without what suits them. */
export function groundOf({
  ground,
  type,
}: Pick<Attachment, 'ground' | 'type'>): string | undefined {
  if (ground !== null) return grounds[ground];
  return transparent.has(type) ? grounds.middle : undefined;
}
