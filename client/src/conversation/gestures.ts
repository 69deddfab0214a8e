// How the messages of a list are pointed at: by mouse, by a long press, by the menu key.
import type { Attachment } from 'svelte/attachments';
import { longPressed } from '../ui/long-press';

interface Place {
  readonly x: number;
  readonly y: number;
}

interface Callbacks {
  /** The row under the mouse, by its key. */
  hover(key: string | null): void;
  /** The menu of a row is wanted. */
  menu(key: string, at: Place): void;
  /** A finger rests on a row. */
  press(key: string, at: Place): void;
}

/** What has a menu of the browser's own that people want. */
const own = 'a, input, textarea, video, audio, pre';

export function rowOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-key]') : null;
}

export function keyOf(target: EventTarget | null): string | null {
  return rowOf(target)?.dataset['key'] ?? null;
}

/** Whether it is a message, or while they are being selected, its whole row. */
function onMessage(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.bubble, [role="checkbox"]') !== null;
}

export function pointed(callbacks: Callbacks): Attachment<HTMLElement> {
  const pressing = longPressed({
    concerns: onMessage,
    press: (target, at) => {
      const key = keyOf(target);
      if (key !== null) callbacks.press(key, at);
    },
    menu: (event) => {
      const key = keyOf(event.target);
      if (key === null || !onBubble(event.target) || hasOwnMenu(event.target)) return;
      event.preventDefault();
      callbacks.menu(key, { x: event.clientX, y: event.clientY });
    },
  });
  return (element) => {
    const stop = new AbortController();
    const { signal } = stop;
    const over = ({ pointerType, target }: PointerEvent): void => {
      if (pointerType === 'mouse') callbacks.hover(keyOf(target));
    };
    element.addEventListener('pointerover', over, { signal });
    element.addEventListener('pointerleave', () => callbacks.hover(null), { signal });
    const release = pressing(element);
    return () => {
      stop.abort();
      release?.();
    };
  };
}

function onBubble(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.bubble') !== null;
}

function hasOwnMenu(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const selection = getSelection();
  const selected =
    selection !== null && !selection.isCollapsed && selection.containsNode(target, true);
  return selected || target.closest(own) !== null;
}

/** Where a menu that was opened by keyboard belongs: under the message, within the page. */
export function placeUnder(bubble: Element): { x: number; y: number } {
  const { left, bottom } = bubble.getBoundingClientRect();
  return { x: left, y: Math.min(bottom + 4, innerHeight - 40) };
}
