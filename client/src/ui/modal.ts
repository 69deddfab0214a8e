// A dialog in front of everything, for as long as its element is in the page.
import { overlays } from './back-navigation';

/**
 * Opens it; going back closes it. Answers how to close it: the focus is then where it was before,
 * unless something else has taken it.
 */
export function openModal(
  dialog: HTMLDialogElement,
  onclose: () => void,
  before: Element | null = document.activeElement,
): () => void {
  dialog.showModal();
  // Browsers close it by themselves when they are asked twice without anything being touched.
  dialog.addEventListener('close', onclose);
  const gone = overlays.opened(onclose);
  return () => {
    gone();
    dialog.removeEventListener('close', onclose);
    dialog.close();
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  };
}
