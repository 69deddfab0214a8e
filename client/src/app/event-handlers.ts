// Which feature each event of the server is for.
import type { Contacts } from '../contacts/store.svelte';
import type { ConversationStore } from '../conversations/store.svelte';
import type { HeldMessages } from '../groups/held.svelte';
import type { Notices } from '../notices/store.svelte';
import type { People } from '../people/store.svelte';
import type { Handlers } from '../platform/dispatcher';
import type { Profile } from '../profile/store.svelte';
import type { SavedMessages } from '../saved/store.svelte';
import { texts } from '../texts';

interface Features {
  readonly conversations: Pick<ConversationStore, 'handlers'>;
  readonly savedMessages: Pick<SavedMessages, 'onSaved'>;
  readonly heldMessages: Pick<HeldMessages, 'reload'>;
  readonly people: Pick<People, 'learn' | 'onTyping' | 'onPresence'>;
  readonly profile: Pick<Profile, 'learn'>;
  readonly contacts: Pick<Contacts, 'onEvent'>;
  readonly notices: Pick<Notices, 'plain'>;
}

/** The features are looked up when an event comes: they are made after the connection. */
export function eventHandlers(to: Features, onSignedOut: (reason: string) => void): Handlers {
  return {
    message: (event) => to.conversations.handlers.message(event),
    version: (event) => to.conversations.handlers.version(event),
    member: (event) => to.conversations.handlers.member(event),
    conversation: (event) => to.conversations.handlers.conversation(event),
    receipt: (event) => to.conversations.handlers.receipt(event),
    receipts: (event) => to.conversations.handlers.receipts(event),
    own: (event) => to.conversations.handlers.own(event),
    hidden: (event) => to.conversations.handlers.hidden(event),
    restored: (event) => to.conversations.handlers.restored(event),
    saved: ({ conversation, seq, on }) => to.savedMessages.onSaved(conversation, seq, on),
    held: ({ conversation }) => to.heldMessages.reload(conversation),
    typing: (event) => to.people.onTyping(event),
    presence: (event) => to.people.onPresence(event),
    user: (event) => {
      to.people.learn([event.user]);
      to.conversations.handlers.user(event);
    },
    me: ({ user }) => to.profile.learn(user),
    behind: (event) => to.conversations.handlers.behind(event),
    contact: (event) => to.contacts.onEvent(event),
    security: ({ event }) => to.notices.plain(texts.security.kinds[event.kind] ?? event.kind),
    signed_out: ({ reason }) => onSignedOut(reason),
  };
}
