// Keys that belong to an input method while it composes: no field of the page acts on them.
//
// The Enter that ends a composition comes in three orders. Chromium and Firefox send it while
// `isComposing` is still true; older Safari sends it afterwards with the key code 229; others end the
// composition first and then send an Enter like any other, within the same press of the key.

/** Nobody presses Enter again so soon after the Enter that ended a composition. */
const samePress = 100;

type Pressed = Pick<KeyboardEvent, 'key' | 'isComposing' | 'keyCode' | 'timeStamp'>;

export type Verdict = 'pass' | 'leave to the input method' | 'swallow';

export class Composition {
  #endedAt = -Infinity;

  ended({ timeStamp }: Pick<Event, 'timeStamp'>): void {
    this.#endedAt = timeStamp;
  }

  /** A key went up: the next one that goes down is another press. */
  released(): void {
    this.#endedAt = -Infinity;
  }

  judge(event: Pressed): Verdict {
    // There is no other sign of it in older Safari.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    if (event.isComposing || event.keyCode === 229) return 'leave to the input method';
    const ends = event.key === 'Enter' && event.timeStamp - this.#endedAt < samePress;
    return ends ? 'swallow' : 'pass';
  }
}

/** From here on nothing in the page hears such keys, and forms are not submitted by them. */
export function guardCompositions(page: Window): void {
  const composition = new Composition();
  page.addEventListener('compositionend', (event) => composition.ended(event), true);
  page.addEventListener('keyup', () => composition.released(), true);
  page.addEventListener(
    'keydown',
    (event) => {
      const verdict = composition.judge(event);
      if (verdict !== 'pass') event.stopPropagation();
      if (verdict === 'swallow') event.preventDefault();
    },
    true,
  );
}
