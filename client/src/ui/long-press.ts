// A finger that rests on something; every browser tells of it, while not all send `contextmenu`.
import type { Attachment } from 'svelte/attachments';

interface Callbacks {
  /** Whether there is something to press where the finger came down. */
  readonly concerns?: (target: EventTarget | null) => boolean;
  readonly press: (target: EventTarget | null, at: { x: number; y: number }) => void;
  /** The right mouse button, or the menu key. */
  readonly menu: (event: MouseEvent) => void;
}

/** Before the browser's own long press, so that only one of the two is heard. */
const enough = 450;
/** A finger is never quite still. */
const slack = 10;

export function longPressed({
  concerns = () => true,
  press,
  menu,
}: Callbacks): Attachment<HTMLElement> {
  return (element) => {
    const stop = new AbortController();
    const { signal } = stop;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let start = { x: 0, y: 0 };
    let touched = false;
    let pressed = false;

    const listen = <Name extends keyof HTMLElementEventMap>(
      name: Name,
      react: (event: HTMLElementEventMap[Name]) => void,
      options: AddEventListenerOptions = {},
    ): void => element.addEventListener(name, react, { ...options, signal });

    const conversation = (target: EventTarget | null): void => {
      clearTimeout(timer);
      pressed = true;
      if ('vibrate' in navigator) navigator.vibrate(10);
      press(target, start);
    };

    listen('pointerdown', ({ pointerType, isPrimary, target, clientX: x, clientY: y }) => {
      clearTimeout(timer);
      pressed = false;
      touched = pointerType !== 'mouse';
      // A second finger is there to zoom.
      if (!touched || !isPrimary || !concerns(target)) return;
      start = { x, y };
      timer = setTimeout(() => conversation(target), enough);
    });
    listen('pointermove', ({ clientX, clientY }) => {
      if (Math.hypot(clientX - start.x, clientY - start.y) > slack) clearTimeout(timer);
    });
    for (const name of ['pointerup', 'pointercancel'] as const) {
      listen(name, () => clearTimeout(timer));
    }
    // Scrolling, whatever it is that scrolls, is not pressing.
    document.addEventListener('scroll', () => clearTimeout(timer), { signal, capture: true });

    listen('contextmenu', (event) => {
      clearTimeout(timer);
      // The browser's own long press says the same once more.
      if (pressed) event.preventDefault();
      else menu(event);
      pressed ||= touched && event.defaultPrevented;
    });
    // The finger that opened the menu must not also press what has appeared below it.
    listen(
      'touchend',
      (event) => {
        if (pressed) event.preventDefault();
        pressed = false;
      },
      { passive: false },
    );

    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  };
}
