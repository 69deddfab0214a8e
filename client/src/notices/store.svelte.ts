// Short notices about what was just done or went wrong; they go away by themselves.
import { errorText } from './error-text';

export interface Notice {
  readonly id: number;
  readonly tone: 'good' | 'plain' | 'bad';
  readonly text: string;
  /** What can still be done about it. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

const offeredFor = 8_000;
const shownFor = 5_000;
const badShownFor = 9_000;

export class Notices {
  list = $state.raw<readonly Notice[]>([]);
  /** Where they are shown: in the dialog that is in front of everything, or in the page. */
  places = $state.raw<readonly symbol[]>([]);
  #last = 0;

  /** While the page is being left, a call that fails is no news. */
  constructor(private readonly isLeaving: () => boolean = () => false) {}

  good(text: string): void {
    this.#add('good', text);
  }

  plain(text: string): void {
    this.#add('plain', text);
  }

  bad(text: string): void {
    this.#add('bad', text);
  }

  /** Tells what was done and offers to take it back, as long as it is shown. */
  offer(text: string, label: string, run: () => void): void {
    this.#add('plain', text, { label, run });
  }

  /** Runs an action of the person; a failure becomes a notice. */
  async attempt(action: () => Promise<unknown>, success?: string): Promise<boolean> {
    try {
      await action();
      if (success !== undefined) this.good(success);
      return true;
    } catch (error) {
      if (!this.isLeaving()) this.bad(errorText(error));
      return false;
    }
  }

  /** They are shown in the last place that there is. Answers how to take it away. */
  shownIn(place: symbol): () => void {
    this.places = [...this.places, place];
    return () => (this.places = this.places.filter((one) => one !== place));
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  #add(tone: Notice['tone'], text: string, action?: Notice['action']): void {
    this.#last += 1;
    const id = this.#last;
    const others = this.list.filter((notice) => notice.text !== text || notice.action != null);
    const notice = { id, tone, text, ...(action === undefined ? {} : { action }) };
    this.list = [...others, notice].slice(-3);
    const bad = tone === 'bad' ? badShownFor : shownFor;
    setTimeout(() => this.dismiss(id), action === undefined ? bad : offeredFor);
  }
}
