// What was read without a connection: told when it is known that the server has those messages, too.
import type { Conversation } from '../contract/objects';
import { unsentReadPositions, type Conversations } from './model';
import type { ReceiptSender } from './receipt-sender';

export class OfflineReads {
  /** What the server answered before it was caught up with. */
  #unconfirmed: readonly Conversation[] = [];
  #confirmed = false;

  constructor(
    private readonly receiptSender: ReceiptSender,
    private readonly state: () => Conversations,
  ) {}

  /** A restored server may lack what is held here: nothing is told before it has been asked. */
  onConnected(): void {
    this.#confirmed = false;
  }

  onFetched(conversations: readonly Conversation[]): void {
    if (this.#confirmed) this.#tell(conversations);
    else this.#unconfirmed = [...this.#unconfirmed, ...conversations];
  }

  /** What is held is what the server has, too. */
  confirm(): void {
    if (this.#confirmed) return;
    this.#confirmed = true;
    this.receiptSender.onConnected();
    this.#tell(this.#unconfirmed);
    this.#unconfirmed = [];
  }

  #tell(conversations: readonly Conversation[]): void {
    for (const [id, seq] of unsentReadPositions(this.state(), conversations))
      this.receiptSender.read(id, seq);
  }
}
