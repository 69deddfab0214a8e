// What was read without a connection: told when it is known that the server has those messages, too.
import type { Conversation } from '../contract/objects';
import { readBeyond, type Conversations } from '../state/conversations.state';
import type { Positions } from './positions';

export class UntoldReads {
  /** What the server answered before it was caught up with. */
  #unconfirmed: readonly Conversation[] = [];
  #confirmed = false;

  constructor(
    private readonly positions: Positions,
    private readonly held: () => Conversations,
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
    this.positions.onConnected();
    this.#tell(this.#unconfirmed);
    this.#unconfirmed = [];
  }

  #tell(conversations: readonly Conversation[]): void {
    for (const [id, seq] of readBeyond(this.held(), conversations)) this.positions.read(id, seq);
  }
}
