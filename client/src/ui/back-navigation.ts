// The overlays of this page, and what closes them when the person goes back.
import type { Attachment } from 'svelte/attachments';
import { Overlays } from './overlays';

export const overlays = new Overlays({
  get history() {
    return globalThis.history;
  },
  address: () => location.pathname + location.search + location.hash,
  narrow: () => matchMedia('(max-width: 991.98px), (pointer: coarse)').matches,
});

/** For an element that is in the page only while the overlay is open. */
export function closeOnBack(close: () => void): Attachment {
  return () => overlays.opened(close);
}
