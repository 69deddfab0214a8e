// What only panels ask of the server: it is fetched with the first of them that asks.
import { AccountSecurity } from '../account/security';
import { Sessions } from '../account/sessions';
import { AdministrationLoader } from '../administration/loader';
import { ApiKeys } from '../api-keys/store';
import { Bots } from '../bots/store';
import { Endpoints } from '../endpoints/store';
import { FileLists } from '../attachments/file-lists';
import type { ConversationStore } from '../conversations/store.svelte';
import { Groups } from '../groups/store';
import { Invites } from '../invites/store';
import { MessageDetails } from '../messages/details';
import { DataExports } from '../own-data/data-exports';
import type { Notices } from '../notices/store.svelte';
import { Reports } from '../moderation/reports';
import type { ApiClient } from '../platform/api-client';
import { SearchApi } from '../search/api';
import { SignInFactors } from '../security/factors';
import { Webhooks } from '../webhooks/store';

export interface PanelApis {
  readonly administration: AdministrationLoader;
  readonly apiKeys: ApiKeys;
  readonly bots: Bots;
  readonly dataExports: DataExports;
  readonly endpoints: Endpoints;
  readonly fileLists: FileLists;
  readonly groups: Groups;
  readonly invites: Invites;
  readonly messageDetails: MessageDetails;
  readonly reports: Reports;
  readonly search: SearchApi;
  readonly security: AccountSecurity;
  readonly sessions: Sessions;
  readonly signInFactors: SignInFactors;
  readonly webhooks: Webhooks;
}

export function createPanelApis(
  api: ApiClient,
  conversations: ConversationStore,
  notices: Notices,
): PanelApis {
  const { rest } = api;
  return {
    administration: new AdministrationLoader(rest),
    apiKeys: new ApiKeys(rest),
    bots: new Bots(rest, notices),
    dataExports: new DataExports(rest),
    endpoints: new Endpoints(rest),
    fileLists: new FileLists(rest),
    groups: new Groups(rest, conversations),
    invites: new Invites(rest),
    messageDetails: new MessageDetails(api, conversations),
    reports: new Reports(rest),
    search: new SearchApi(rest),
    security: new AccountSecurity(rest),
    sessions: new Sessions(rest),
    signInFactors: new SignInFactors(rest),
    webhooks: new Webhooks(rest),
  };
}
