// What the viewer leads through: everything to look at in the conversation, earlier ones on demand.
import type { SharedFile } from '../contract/answers';
import type { Message } from '../contract/objects';
import type { ConversationState } from '../conversations/conversation';
import { isViewable } from './viewable';

/** A file, and the message that it belongs to. */
export type Shown = Pick<SharedFile, 'seq' | 'attachment'>;

type Earlier = (before: number) => Promise<{ files: SharedFile[]; more: boolean }>;

export class Gallery {
  items = $state.raw<readonly Shown[]>([]);
  #before: number;
  #more: boolean;
  #loading = false;

  constructor(
    conversation: ConversationState,
    message: Message,
    readonly start: string,
    private readonly earlier: Earlier,
  ) {
    const here = conversation.messages.some(({ seq }) => seq === message.seq);
    // A message out of its context shows what is its own, and what was before it.
    const messages = here ? conversation.messages.filter(({ deleted }) => !deleted) : [message];
    this.items = messages.flatMap(shownIn);
    this.#before = messages[0]?.seq ?? message.seq;
    this.#more = conversation.more || !here;
  }

  /** The first one is shown: what was before it is fetched. */
  async loadEarlier(): Promise<void> {
    if (!this.#more || this.#loading) return;
    this.#loading = true;
    try {
      const { files, more } = await this.earlier(this.#before);
      const sorted = files.toSorted((a, b) => a.seq - b.seq);
      const known = new Set(this.items.map(({ attachment }) => attachment.id));
      const found = sorted.filter(({ attachment }) => isViewable(attachment));
      this.items = [...found.filter(({ attachment }) => !known.has(attachment.id)), ...this.items];
      this.#before = sorted[0]?.seq ?? this.#before;
      this.#more = more && files.length > 0;
    } catch {
      // Going back once more asks again.
    } finally {
      this.#loading = false;
    }
  }
}

function shownIn({ seq, attachments }: Message): Shown[] {
  return attachments.filter(isViewable).map((attachment) => ({ seq, attachment }));
}
