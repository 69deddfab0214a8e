// Whose profile card is open; any name or picture of a person can open it.

export class ProfileCardState {
  /** The person. */
  shown = $state.raw<string | null>(null);

  open(user: string): void {
    this.shown = user;
  }

  close(): void {
    this.shown = null;
  }
}
