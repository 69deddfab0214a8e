// The person's own fields have no version: what is told while an answer is on its way is newer than it.
import type { ServerEvents } from '../contract/events';
import type { Conversation } from '../contract/objects';

type Own = ServerEvents['own'];
type Newest = (conversation: Conversation) => Conversation;

/** What an answer may have of an earlier time; how much was read is compared where it is applied. */
const fields = [
  'muted',
  'muted_until',
  'pinned',
  'archived',
  'draft',
  'notify',
  'marked_unread',
  'longer_draft',
  'cleared_seq',
  'clear_version',
  'cleared_until',
  'dropped',
] as const;

export class Told {
  #waiting = 0;
  #told: Own[] = [];

  /** An event about the person's own fields. */
  hear(event: Own): void {
    if (this.#waiting > 0) this.#told = [...this.#told, event];
  }

  /** Asks, and gives with the answer how to bring its conversations up to what was told meanwhile. */
  async during<Answer>(ask: () => Promise<Answer>): Promise<[Answer, Newest]> {
    const before = this.#told.length;
    this.#waiting += 1;
    try {
      const answer = await ask();
      const since = this.#told.slice(before);
      return [answer, (conversation) => since.reduce(changed, conversation)];
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#told = [];
    }
  }
}

function changed(conversation: Conversation, event: Own): Conversation {
  if (event.conversation !== conversation.id) return conversation;
  const told = fields.flatMap((name) => (event[name] === undefined ? [] : [[name, event[name]]]));
  return { ...conversation, ...(Object.fromEntries(told) as Partial<Conversation>) };
}
