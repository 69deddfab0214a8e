// In which conversations the person put the bar of pinned messages away, until something newer is
// pinned. Only this browser remembers it; unpinning, which all would notice, is something else.

export class PinBar {
  /** The time of the newest pin that was there when the bar was put away. */
  #away = $state.raw<ReadonlyMap<string, number>>(new Map());
  onChanged: (away: ReadonlyMap<string, number>) => void = () => undefined;

  /** What this browser kept. */
  restore(kept: unknown): void {
    if (!(kept instanceof Map)) return;
    const entries = [...(kept as Map<unknown, unknown>)].filter(isEntry);
    this.#away = new Map(entries);
  }

  isDismissed(conversation: string, newest: number): boolean {
    return newest <= (this.#away.get(conversation) ?? -1);
  }

  /** There is a bar to bring back. */
  has(conversation: string): boolean {
    return this.#away.has(conversation);
  }

  dismiss(conversation: string, newest: number): void {
    this.#change(new Map(this.#away).set(conversation, newest));
  }

  bringBack(conversation: string): void {
    const away = new Map(this.#away);
    if (away.delete(conversation)) this.#change(away);
  }

  #change(away: ReadonlyMap<string, number>): void {
    this.#away = away;
    this.onChanged(away);
  }
}

function isEntry(entry: [unknown, unknown]): entry is [string, number] {
  return typeof entry[0] === 'string' && typeof entry[1] === 'number';
}
