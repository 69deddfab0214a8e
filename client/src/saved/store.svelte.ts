// The messages that the person saved to find them again; nobody else learns of it.
import { nothingSchema, savedAnswerSchema, type Saved } from '../contract/answers';
import type { Message } from '../contract/objects';
import { messagePath } from '../messages/api';
import { queryString, type ApiClient } from '../platform/api-client';

const pageSize = 100;
/** Beyond these, the star beside a message may be missing; the list of saved ones has them all. */
const maxPages = 20;

export class SavedMessages {
  /** Which messages are saved, as `conversation/seq`. */
  #names = $state.raw<ReadonlySet<string>>(new Set());
  onChanged: (names: ReadonlySet<string>) => void = () => undefined;

  constructor(private readonly api: ApiClient) {}

  has({ conversation, seq }: Message): boolean {
    return this.#names.has(nameOf(conversation, seq));
  }

  async set({ conversation, seq }: Message, on: boolean): Promise<void> {
    await this.api.callWithFallback(nothingSchema, {
      event: 'save',
      argument: { conversation, seq, on },
      method: on ? 'PUT' : 'DELETE',
      path: messagePath(conversation, seq, 'saved'),
    });
    this.onSaved(conversation, seq, on);
  }

  /** A message was saved or let go, here or on another device. */
  onSaved(conversation: string, seq: number, on: boolean): void {
    const names = new Set(this.#names);
    if (on) names.add(nameOf(conversation, seq));
    else names.delete(nameOf(conversation, seq));
    this.#change(names);
  }

  /** The latest first. */
  async list(before?: number): Promise<{ saved: Saved[]; more: boolean }> {
    const path = `/saved${queryString({ before, limit: pageSize })}`;
    return this.api.rest.call(savedAnswerSchema, 'GET', path);
  }

  /** What this browser kept, until the server has answered. */
  restore(kept: unknown): void {
    if (kept instanceof Set) this.#names = new Set([...kept].map(String));
  }

  async load(): Promise<void> {
    const names = new Set<string>();
    let before: number | undefined;
    for (let count = 0; count < maxPages; count += 1) {
      const { saved, more } = await this.list(before);
      for (const { message } of saved) names.add(nameOf(message.conversation, message.seq));
      before = saved.at(-1)?.saved_at;
      if (!more || before === undefined) break;
    }
    this.#change(names);
  }

  #change(names: ReadonlySet<string>): void {
    this.#names = names;
    this.onChanged(names);
  }
}

function nameOf(conversation: string, seq: number): string {
  return `${conversation}/${seq}`;
}
