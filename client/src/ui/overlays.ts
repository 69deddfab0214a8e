// What lies over the screens, topmost last, so that going back closes it before it leads anywhere.
//
// On narrow screens an overlay that opens adds an entry of the same address to the browser's
// history. Going back leaves that entry, and the overlay closes. An overlay that is closed otherwise
// leaves its entry behind: the next one takes it over, and going back passes over it. Taking it away
// at once would be a second way back that is still under way when somebody navigates.

interface Entry {
  /** How many overlays the entries from here downwards are for, above the screen itself. */
  readonly overlays: number;
}

export interface Browser {
  readonly history: Pick<History, 'state' | 'pushState' | 'back'>;
  address(): string;
  /** Going back is how people close things here. */
  narrow(): boolean;
}

export class Overlays {
  readonly #open: (() => void)[] = [];
  #depth: number;
  #address: string;

  constructor(private readonly browser: Browser) {
    this.#depth = this.depth;
    this.#address = browser.address();
  }

  /** How many overlays the current entry of the history stands for. */
  get depth(): number {
    const state = this.browser.history.state as Partial<Entry> | null;
    return typeof state?.overlays === 'number' ? state.overlays : 0;
  }

  /** Something opened; `close` is called when the person goes back. Answers how to tell it is gone. */
  opened(close: () => void): () => void {
    const { browser } = this;
    // An overlay that an address names has its entry already.
    if (this.depth <= this.#open.length) {
      if (!browser.narrow()) return () => undefined;
      browser.history.pushState(this.above(), '');
      this.moved();
    }
    this.#open.push(close);
    return () => {
      const index = this.#open.lastIndexOf(close);
      if (index !== -1) this.#open.splice(index, 1);
    };
  }

  /** What an entry says that names an overlay in its address. */
  above(): Entry {
    return { overlays: this.depth + 1 };
  }

  /** Closes the topmost; answers whether there was one. */
  closeTop(): boolean {
    const close = this.#open.pop();
    close?.();
    return close !== undefined;
  }

  /** The current entry is nothing but what an overlay has left behind. */
  get spent(): boolean {
    return this.depth > this.#open.length;
  }

  /** The history was changed from here. */
  moved(): void {
    this.#depth = this.depth;
    this.#address = this.browser.address();
  }

  /** The address has changed, and nobody here has said so. */
  get isElsewhere(): boolean {
    return this.browser.address() !== this.#address;
  }

  /** The person went back or forth; answers whether the address is another one now. */
  popped(): boolean {
    const [before, elsewhere] = [this.#depth, this.isElsewhere];
    this.moved();
    if (this.#open.length > this.#depth) {
      for (const close of this.#open.splice(this.#depth).reverse()) close();
    } else if (!elsewhere && this.#depth < before) this.browser.history.back();
    return elsewhere;
  }
}
