// Has asked for what cannot be told from here, a moment later: the server may say it by itself.

/** The server tells many people one after the other, and waits a moment for more changes. */
const pause = 1_000;

export class Debouncer {
  readonly #waiting = new Set<string>();

  constructor(private readonly ask: (conversation: string) => void) {}

  soon(conversation: string): void {
    if (this.#waiting.has(conversation)) return;
    this.#waiting.add(conversation);
    setTimeout(() => {
      this.#waiting.delete(conversation);
      this.ask(conversation);
    }, pause);
  }
}
