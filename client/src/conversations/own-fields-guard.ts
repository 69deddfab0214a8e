// The user's own fields have no version: events during a request are newer than its answer.
import type { ServerEvents } from '../contract/events';
import type { Conversation } from '../contract/objects';

type OwnEvent = ServerEvents['own'];
type ApplyNewer = (conversation: Conversation) => Conversation;

/** Fields an answer may carry from before an event; `read_seq` is compared where it is applied. */
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

export class OwnFieldsGuard {
  #inFlight = 0;
  #recorded: OwnEvent[] = [];

  /** Notes an `own` event while requests are in flight. */
  record(event: OwnEvent): void {
    if (this.#inFlight > 0) this.#recorded = [...this.#recorded, event];
  }

  /** Answers the response, and a function that applies the events recorded meanwhile. */
  async applyDuring<Answer>(request: () => Promise<Answer>): Promise<[Answer, ApplyNewer]> {
    const before = this.#recorded.length;
    this.#inFlight += 1;
    try {
      const answer = await request();
      const newer = this.#recorded.slice(before);
      return [answer, (conversation) => newer.reduce(changed, conversation)];
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) this.#recorded = [];
    }
  }
}

function changed(conversation: Conversation, event: OwnEvent): Conversation {
  if (event.conversation !== conversation.id) return conversation;
  const told = fields.flatMap((name) => (event[name] === undefined ? [] : [[name, event[name]]]));
  return { ...conversation, ...(Object.fromEntries(told) as Partial<Conversation>) };
}
