// Which messages of the open conversation are selected, while messages are being selected.
import type { Message } from '../contract/objects';
import * as state from './selection';

export class Selecting {
  #selection = $state.raw<state.Selection | null>(null);

  /** Messages are being selected; there may be none so far. */
  get on(): boolean {
    return this.#selection !== null;
  }

  has(seq: number): boolean {
    return this.#selection?.messages.has(seq) === true;
  }

  start(message: Message): void {
    this.#selection = state.selectionOf(message);
  }

  /** Answers whether there was room. */
  toggle(message: Message): boolean {
    const before = this.#selection;
    if (before !== null) this.#selection = state.toggled(before, message);
    return this.#selection !== before;
  }

  /** Selects from where one was through a message; answers whether there was room for all. */
  through(message: Message, shown: readonly Message[]): boolean {
    const before = this.#selection;
    if (before === null) return true;
    this.#selection = state.through(before, message, shown);
    return this.#selection.messages.has(message.seq);
  }

  latest(rows: ReadonlyMap<number, Message>, isHidden: (seq: number) => boolean): Message[] {
    return this.#selection === null ? [] : state.latest(this.#selection, rows, isHidden);
  }

  keep(messages: readonly Message[]): void {
    if (this.#selection !== null) this.#selection = state.kept(this.#selection, messages);
  }

  stop(): void {
    this.#selection = null;
  }
}
