// Tells the person's other tabs at once which draft has just been sent.
import * as v from 'valibot';

const takenSchema = v.object({ conversation: v.string(), text: v.string() });
export type SentDraft = v.InferOutput<typeof takenSchema>;

export class DraftChannel {
  readonly #channel: BroadcastChannel;

  constructor(person: string, onTaken: (taken: SentDraft) => void) {
    this.#channel = new BroadcastChannel(`drafts-${person}`);
    this.#channel.onmessage = ({ data }) => {
      const heard = v.safeParse(takenSchema, data);
      if (heard.success) onTaken(heard.output);
    };
  }

  tell(taken: SentDraft): void {
    this.#channel.postMessage(taken);
  }

  close(): void {
    this.#channel.close();
  }
}
