// What the person asked of bots in this page, and what these answered to them alone. Nothing of it is
// kept: after a reload it is gone.
import type { Message } from '../contract/objects';
import type { ActionRows } from './actions';

/** When a bot may be expected to have answered, and when it cannot any longer. */
const lateAfter = 3_000;
const overAfter = 30 * 60_000;
const mostShown = 20;

export type Progress = 'sending' | 'sent' | 'late' | 'over';

/** A command that was sent, until it is answered. */
export interface Asked {
  readonly kind: 'asked';
  readonly key: string;
  readonly conversation: string;
  readonly bot: string;
  readonly text: string;
  /** The last message when it was sent: a later one of the bot answers it. Clocks may differ. */
  readonly after: number;
  readonly progress: Progress;
}

/** An answer that only this person sees. */
export interface OnlyAnswer {
  readonly kind: 'answer';
  readonly key: string;
  readonly conversation: string;
  readonly bot: string;
  readonly text: string;
  readonly actions: ActionRows;
  /** What was asked, where that was here. */
  readonly question: string | null;
}

export type Shown = Asked | OnlyAnswer;

/** A button that was pressed, until the bot answers. */
export interface Press {
  readonly key: string;
  readonly progress: Progress;
}

/** What a bot answered to what was asked by `key`. */
export interface BotAnswer {
  readonly conversation: string;
  readonly bot: string;
  readonly key: string;
  /** What only this person sees of it. */
  readonly text?: string | undefined;
  readonly actions: ActionRows;
}

const placeOf = (conversation: string, seq: number, action: string): string =>
  `${conversation} ${seq} ${action}`;

class Interactions {
  shown = $state.raw<readonly Shown[]>([]);
  #presses = $state.raw<ReadonlyMap<string, Press>>(new Map());
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>[]>();
  #answers = 0;

  in(conversation: string): readonly Shown[] {
    return this.shown.filter((one) => one.conversation === conversation);
  }

  pressOf(conversation: string, seq: number, action: string): Press | undefined {
    return this.#presses.get(placeOf(conversation, seq, action));
  }

  asks(asked: Omit<Asked, 'kind' | 'progress'>): void {
    const others = this.shown.filter(({ key }) => key !== asked.key);
    this.#show([...others, { ...asked, kind: 'asked', progress: 'sending' }]);
  }

  /** The server has it: from now on the bot may answer. */
  sent(key: string): void {
    this.#advance(key, 'sent');
    this.#later(key, lateAfter, () => this.#advance(key, 'late'));
    this.#later(key, overAfter, () => this.#advance(key, 'over'));
  }

  dismiss(key: string): void {
    this.#stop(key);
    this.shown = this.shown.filter((one) => one.key !== key);
  }

  presses(conversation: string, seq: number, action: string, key: string): void {
    const place = placeOf(conversation, seq, action);
    this.#press(place, { key, progress: 'sending' });
    this.#later(key, lateAfter, () => this.#press(place, { key, progress: 'late' }));
    this.#later(key, overAfter, () => this.released(key));
  }

  /** The button may be pressed again. */
  released(key: string): void {
    this.#stop(key);
    this.#presses = new Map([...this.#presses].filter(([, press]) => press.key !== key));
  }

  #press(place: string, press: Press): void {
    this.#presses = new Map(this.#presses).set(place, press);
  }

  /** Nothing waits any longer; what only this person sees is shown. */
  onAnswer(event: BotAnswer): void {
    const asked = this.shown.find((one) => one.kind === 'asked' && one.key === event.key);
    this.released(event.key);
    this.dismiss(event.key);
    if (event.text === undefined) return;
    this.#answers += 1;
    this.#show([
      ...this.shown,
      {
        kind: 'answer',
        key: `${event.key} ${this.#answers}`,
        conversation: event.conversation,
        bot: event.bot,
        text: event.text,
        actions: event.actions,
        question: asked?.kind === 'asked' ? asked.text : null,
      },
    ]);
  }

  /** Some bots answer by an ordinary message. */
  onSaid({ conversation, author, seq }: Message): void {
    for (const one of this.in(conversation)) {
      if (one.kind === 'asked' && one.bot === author && seq > one.after) this.dismiss(one.key);
    }
  }

  #advance(key: string, progress: Progress): void {
    this.shown = this.shown.map((one) =>
      one.kind === 'asked' && one.key === key ? { ...one, progress } : one,
    );
  }

  #show(shown: readonly Shown[]): void {
    this.shown = shown.slice(-mostShown);
  }

  #later(key: string, after: number, act: () => void): void {
    this.#timers.set(key, [...(this.#timers.get(key) ?? []), setTimeout(act, after)]);
  }

  #stop(key: string): void {
    for (const timer of this.#timers.get(key) ?? []) clearTimeout(timer);
    this.#timers.delete(key);
  }
}

/** One for the page: code that is fetched later tells it, and components show it. */
export const interactions = new Interactions();
