// Gives each feature's components what they use of the messenger, and no more: with `use…()` of
// the feature's `context.ts`.
import { provideAccount, provideSecurity, provideSessions } from '../account/context';
import { provideAdministration, provideAdministrationEvents } from '../administration/context';
import { provideAnnouncements } from '../announcements/context';
import { provideApiKeys } from '../api-keys/context';
import { provideBots } from '../bots/context';
import { provideEndpoints } from '../endpoints/context';
import { provideFileLists, providePendingAttachments } from '../attachments/context';
import { provideConnection } from '../connection/context';
import { provideContacts } from '../contacts/context';
import {
  provideConversations,
  provideMemberSettings,
  provideMessageHistory,
} from '../conversations/context';
import { provideDrafts } from '../drafts/context';
import { provideGroups, provideHeldMessages } from '../groups/context';
import { provideInvites } from '../invites/context';
import { provideMessageActions, provideMessageDetails } from '../messages/context';
import { provideReports } from '../moderation/context';
import { provideRoute } from '../navigation/context';
import { provideNotices } from '../notices/context';
import { provideNotifications } from '../notifications/context';
import { provideDataExports } from '../own-data/context';
import { providePeople } from '../people/context';
import { providePinBar, providePinnedMessages } from '../pins/context';
import { provideProfile, provideProfileCard } from '../profile/context';
import { provideReactions } from '../reactions/context';
import { provideSavedMessages } from '../saved/context';
import { provideSearch, provideSearchApi } from '../search/context';
import { provideSignInFactors } from '../security/context';
import { provideSending, provideUnsentMessages } from '../sending/context';
import { provideSettings } from '../settings/context';
import { provideWebhooks } from '../webhooks/context';
import type { Messenger } from './messenger.svelte';

/** To be called as the topmost component begins. */
export function provideContexts(messenger: Messenger): void {
  provideAccount(messenger.account);
  provideSecurity(messenger.panels.security);
  provideSessions(messenger.panels.sessions);
  provideAdministration(messenger.panels.administration);
  provideAdministrationEvents(messenger.administrationEvents);
  provideAnnouncements(messenger.announcements);
  provideApiKeys(messenger.panels.apiKeys);
  provideBots(messenger.panels.bots);
  provideDataExports(messenger.panels.dataExports);
  provideEndpoints(messenger.panels.endpoints);
  provideFileLists(messenger.panels.fileLists);
  providePendingAttachments(messenger.pendingAttachments);
  provideConnection(messenger.connection);
  provideContacts(messenger.contacts);
  provideConversations(messenger.conversations);
  provideMessageHistory(messenger.conversations);
  provideMemberSettings(messenger.memberSettings);
  provideDrafts(messenger.drafts);
  provideGroups(messenger.panels.groups);
  provideHeldMessages(messenger.heldMessages);
  provideInvites(messenger.panels.invites);
  provideMessageActions(messenger.messageActions);
  provideMessageDetails(messenger.panels.messageDetails);
  provideReports(messenger.panels.reports);
  provideRoute(messenger.route);
  provideNotices(messenger.notices);
  provideNotifications(messenger.notifications);
  providePeople(messenger.people);
  providePinBar(messenger.pinBar);
  providePinnedMessages(messenger.pinnedMessages);
  provideProfile(messenger.profile);
  provideProfileCard(messenger.profileCard);
  provideReactions(messenger.reactions);
  provideSavedMessages(messenger.savedMessages);
  provideSearch(messenger.search);
  provideSearchApi(messenger.panels.search);
  provideSignInFactors(messenger.panels.signInFactors);
  provideSending(messenger.sending);
  provideUnsentMessages(messenger.unsentMessages);
  provideSettings(messenger.settings);
  provideWebhooks(messenger.panels.webhooks);
}
