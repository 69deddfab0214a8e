// What of a list of messages is before somebody's eyes.
import { isPageFocused } from '../platform/page-focus';
import { isInView } from './dwell';
import type { ScrollPosition } from '../conversations/scroll-position';

/** The messages in view, from above, and how far below the upper edge each begins. */
export function messagesInView(scroller: Element, content: Element): ScrollPosition[] {
  const pane = scroller.getBoundingClientRect();
  return [...content.querySelectorAll<HTMLElement>('[data-seq]')]
    .map((row) => ({ row, at: row.getBoundingClientRect() }))
    .filter(({ at }) => isInView(at, pane))
    .map(({ row, at }) => ({ seq: Number(row.dataset['seq']), offset: at.top - pane.top }));
}

/** Somebody looks at this page, and nothing lies over the messages. */
export function isLookedAt(scroller: Element): boolean {
  // On a narrow screen something else may have the place of the conversation.
  if (scroller.clientHeight === 0 || !isPageFocused()) return false;
  const { left: x, top: y, width, height } = scroller.getBoundingClientRect();
  const seen = document.elementFromPoint(x + width / 2, y + height / 2);
  return seen?.closest('dialog, aside') == null;
}

/** Where the list begins: the new-messages line stands above the first new message. */
export function rowAt(
  content: Element,
  { seq }: ScrollPosition,
  line: number | null,
): Element | null {
  const drawn = seq - 1 === line ? content.querySelector('[data-line]') : null;
  const messages = [...content.querySelectorAll<HTMLElement>('[data-seq]')];
  return drawn ?? messages.find((row) => Number(row.dataset['seq']) >= seq) ?? null;
}

/** The first message that reaches below the upper edge; dates come and go with what is above them. */
export function topRow(scroller: Element, content: Element): Element | undefined {
  const edge = scroller.getBoundingClientRect().top;
  const messages = content.querySelectorAll(':is([data-seq], [data-key])');
  return [...messages].find((row) => row.getBoundingClientRect().bottom > edge);
}
