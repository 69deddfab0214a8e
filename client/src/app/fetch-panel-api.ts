// Fetches what only panels ask of the server, with the first of them that asks.
import type { ConversationStore } from '../conversations/store.svelte';
import type { Notices } from '../notices/store.svelte';
import type { ApiClient } from '../platform/api-client';
import type { PanelApis } from './panel-apis';

export async function fetchPanelApi<Name extends keyof PanelApis>(
  name: Name,
  api: ApiClient,
  conversations: ConversationStore,
  notices: Notices,
): Promise<PanelApis[Name]> {
  const { createPanelApis } = await import('./panel-apis');
  return createPanelApis(api, conversations, notices)[name];
}
