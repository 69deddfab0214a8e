// What only panels ask of the server: it is fetched with the first of them that asks.
import { AccountSecurity } from '../account/security';
import { Sessions } from '../account/sessions';
import { AdministrationLoader } from '../administration/loader';
import { FileLists } from '../attachments/file-lists';
import type { ConversationStore } from '../conversations/store.svelte';
import { Groups } from '../groups/store';
import { Invites } from '../invites/store';
import { MessageDetails } from '../messages/details';
import { Reports } from '../moderation/reports';
import type { ApiClient } from '../platform/api-client';
import { SearchApi } from '../search/api';
import { SignInFactors } from '../security/factors';

export interface PanelApis {
  readonly administration: AdministrationLoader;
  readonly fileLists: FileLists;
  readonly groups: Groups;
  readonly invites: Invites;
  readonly messageDetails: MessageDetails;
  readonly reports: Reports;
  readonly search: SearchApi;
  readonly security: AccountSecurity;
  readonly sessions: Sessions;
  readonly signInFactors: SignInFactors;
}

export function createPanelApis(api: ApiClient, conversations: ConversationStore): PanelApis {
  const { rest } = api;
  return {
    administration: new AdministrationLoader(rest),
    fileLists: new FileLists(rest),
    groups: new Groups(rest, conversations),
    invites: new Invites(rest),
    messageDetails: new MessageDetails(api, conversations),
    reports: new Reports(rest),
    search: new SearchApi(rest),
    security: new AccountSecurity(rest),
    sessions: new Sessions(rest),
    signInFactors: new SignInFactors(rest),
  };
}
