// How much of the screen the composer takes, for what must not cover it, in `--es-composer-height`.

import type { Attachment } from 'svelte/attachments';

const property = '--es-composer-height';

/** Keeps the property up to date while the element is there; 0 while it is hidden. */
export const shareHeight: Attachment<HTMLElement> = (element) => {
  const { style } = document.documentElement;
  const observer = new ResizeObserver(() => {
    style.setProperty(property, `${String(element.offsetHeight)}px`);
  });
  observer.observe(element);
  return () => {
    observer.disconnect();
    style.removeProperty(property);
  };
};
