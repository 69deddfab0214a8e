// What was written for conversations that are gone: it is kept until the person discards it.
import type { Drafts } from '../drafts/store.svelte';
import type { Sending } from './store.svelte';
import { unsentOf, type Unsent } from './unsent';

interface Callbacks {
  readonly sending: Pick<Sending, 'outbox' | 'discard'>;
  readonly drafts: Pick<Drafts, 'all' | 'forget'>;
  readonly isGone: (conversation: string) => boolean;
}

export class UnsentMessages {
  constructor(private readonly callbacks: Callbacks) {}

  get list(): readonly Unsent[] {
    const { sending, drafts, isGone } = this.callbacks;
    return unsentOf(sending.outbox, drafts.all, isGone);
  }

  async discard({ pending, conversation }: Unsent): Promise<void> {
    if (pending === null) await this.callbacks.drafts.forget(conversation);
    else await this.callbacks.sending.discard(pending);
  }
}
