// Small behaviours that screens attach to their elements.
import type { Attachment } from 'svelte/attachments';

/** Puts the focus on a field that has just appeared; the dialog around it opens first. */
export const focused: Attachment<HTMLElement> = (element) => queueMicrotask(() => element.focus());

/** Follows a link inside the messenger without loading the page anew. */
export function followed(go: () => void): (event: MouseEvent) => void {
  return (event) => {
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!plain || event.altKey) return;
    event.preventDefault();
    go();
  };
}

/** Sets an element's title when the pointer enters it: long dates are expensive to format. */
export function hinted(text: () => string): (element: HTMLElement) => () => void {
  return (element) => {
    const hint = (): void => {
      element.title = text();
    };
    element.addEventListener('pointerenter', hint);
    return () => element.removeEventListener('pointerenter', hint);
  };
}
