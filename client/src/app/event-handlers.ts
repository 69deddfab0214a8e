// Which feature each event of the server is for.
import type { CurrentAccount } from '../account/current-account.svelte';
import type { AdministrationEvents } from '../administration/events';
import type { Announcements } from '../announcements/store.svelte';
import type { Bots } from '../bots/store';
import type { Contacts } from '../contacts/store.svelte';
import type { ConversationStore } from '../conversations/store.svelte';
import type { HeldMessages } from '../groups/held.svelte';
import type { Route } from '../navigation/store.svelte';
import type { Notices } from '../notices/store.svelte';
import type { People } from '../people/store.svelte';
import type { Handlers } from '../platform/dispatcher';
import { learnLimits } from '../platform/limits';
import type { Profile } from '../profile/store.svelte';
import type { SavedMessages } from '../saved/store.svelte';
import { texts } from '../texts';

/** Whoever decides reports is told of many that come together once. */
const reportPause = 180_000;

interface Features {
  /** Anything may have been missed. */
  readonly onAllMissed: () => void;
  readonly account: Pick<CurrentAccount, 'securityEvents'>;
  readonly conversations: Pick<ConversationStore, 'handlers'>;
  readonly savedMessages: Pick<SavedMessages, 'onSaved'>;
  readonly heldMessages: Pick<HeldMessages, 'onEvent'>;
  readonly people: Pick<People, 'learn' | 'onTyping' | 'onPresence'>;
  readonly profile: Pick<Profile, 'learn'>;
  readonly contacts: Pick<Contacts, 'onEvent'>;
  readonly notices: Pick<Notices, 'plain' | 'offer'>;
  readonly route: Pick<Route, 'administer'>;
  readonly announcements: Pick<Announcements, 'onEvent'>;
  readonly administrationEvents: Pick<AdministrationEvents, 'receive'>;
  readonly panels: { readonly bots: Pick<Bots, 'onAnswer'> };
}

/** The features are looked up when an event comes: they are made after the connection. */
export function eventHandlers(to: Features, onSignedOut: (reason: string) => void): Handlers {
  let toldOfReports = -Infinity;
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
    held: (event) => to.heldMessages.onEvent(event),
    typing: (event) => to.people.onTyping(event),
    presence: (event) => to.people.onPresence(event),
    user: (event) => {
      to.people.learn([event.user]);
      to.conversations.handlers.user(event);
    },
    me: ({ user }) => to.profile.learn(user),
    behind: (event) => {
      if (event.conversations?.length === 0) to.onAllMissed();
      else to.conversations.handlers.behind(event);
    },
    answer: (event) => to.panels.bots.onAnswer(event),
    contact: (event) => to.contacts.onEvent(event),
    announcement: (event) => to.announcements.onEvent(event),
    limits: learnLimits,
    administration: (event) => {
      to.administrationEvents.receive(event);
      if (event.topic === 'reports' && event.arrived && Date.now() - toldOfReports > reportPause) {
        toldOfReports = Date.now();
        to.notices.offer(texts.reportArrived, texts.showReports, () =>
          to.route.administer('reports'),
        );
      }
    },
    security: ({ event }) => {
      to.account.securityEvents += 1;
      to.notices.plain(texts.security.kinds[event.kind] ?? event.kind);
    },
    signed_out: ({ reason }) => onSignedOut(reason),
  };
}
