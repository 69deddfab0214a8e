// Whose profile card is open; any name or picture of a person can open it.

export class ProfileCardState {
  /** The person, and the conversation from which the card was opened. */
  shown = $state.raw<{ readonly user: string; readonly conversation: string | null } | null>(null);

  open(user: string, conversation: string | null = null): void {
    this.shown = { user, conversation };
  }

  close(): void {
    this.shown = null;
  }
}
