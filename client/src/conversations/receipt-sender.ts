// How far the person has read, and how far this device has received: told soon, each only once.
import { conversationPath, type ApiClient } from '../platform/api-client';
import { Refusal } from '../platform/refusal';
import { nothingSchema } from '../contract/answers';

type Kind = 'read' | 'delivered';

const pauses: Readonly<Record<Kind, number>> = { read: 250, delivered: 1_000 };

export class ReceiptSender {
  readonly #waiting: Readonly<Record<Kind, Map<string, number>>> = {
    read: new Map(),
    delivered: new Map(),
  };
  /** The furthest that was told. */
  readonly #told: Readonly<Record<Kind, Map<string, number>>> = {
    read: new Map(),
    delivered: new Map(),
  };
  readonly #timers = new Map<Kind, ReturnType<typeof setTimeout>>();

  constructor(private readonly api: ApiClient) {}

  read(conversation: string, seq: number): void {
    // Who has read it has received it.
    this.#waiting.delivered.delete(conversation);
    this.#tell('read', conversation, seq);
  }

  delivered(conversation: string, seq: number): void {
    const read = this.#told.read.get(conversation) ?? this.#waiting.read.get(conversation) ?? 0;
    if (seq > read) this.#tell('delivered', conversation, seq);
  }

  /** What could not be told while there was no connection. */
  onConnected(): void {
    void this.#send('read');
    void this.#send('delivered');
  }

  forget(conversation: string): void {
    for (const map of [...Object.values(this.#waiting), ...Object.values(this.#told)]) {
      map.delete(conversation);
    }
  }

  #tell(kind: Kind, conversation: string, seq: number): void {
    const furthest = this.#waiting[kind].get(conversation) ?? this.#told[kind].get(conversation);
    if (furthest !== undefined && furthest >= seq) return;
    this.#waiting[kind].set(conversation, seq);
    if (this.#timers.has(kind)) return;
    const timer = setTimeout(() => void this.#send(kind), pauses[kind]);
    this.#timers.set(kind, timer);
  }

  async #send(kind: Kind): Promise<void> {
    clearTimeout(this.#timers.get(kind));
    this.#timers.delete(kind);
    const waiting = this.#waiting[kind];
    for (const [conversation, seq] of [...waiting]) {
      try {
        await this.api.callWithFallback(nothingSchema, {
          event: kind,
          argument: { conversation, seq },
          method: 'PUT',
          path: conversationPath(conversation, kind),
          body: { seq },
        });
      } catch (error) {
        // What was not told goes out with the next one or with the next connection.
        if (!(error instanceof Refusal) || error.isTemporary) continue;
      }
      this.#told[kind].set(conversation, seq);
      if (waiting.get(conversation) === seq) waiting.delete(conversation);
    }
  }
}
