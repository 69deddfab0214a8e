// Tells the server which conversation is before the person's eyes: its messages need no notification.

interface Callbacks {
  /** The conversation that is open, looked at or not. */
  open(): string | null;
  /** Somebody looks at this page now. */
  attentive(): boolean;
  /** Says it to the server; when that fails, nobody waits for it. */
  say(conversation: string | null): void;
}

const moments = ['focus', 'blur'] as const;

export class AttentionReporter {
  /** What the server knows of this device. */
  #said: string | null = null;
  #connected = false;

  constructor(private readonly callbacks: Callbacks) {}

  start(): void {
    const look = (): void => this.look();
    for (const moment of moments) addEventListener(moment, look);
    document.addEventListener('visibilitychange', look);
  }

  /** A new connection looks at nothing, as far as the server knows. */
  onLink(online: boolean): void {
    this.#connected = online;
    this.#said = null;
    this.look();
  }

  look(): void {
    if (!this.#connected) return;
    const seen = this.callbacks.attentive() ? this.callbacks.open() : null;
    if (seen === this.#said) return;
    this.#said = seen;
    this.callbacks.say(seen);
  }
}
