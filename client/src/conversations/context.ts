// What components see of the conversations: all of them, the messages of the open one, and what a
// member has set for one of them.
import { createContext } from 'svelte';
import type { MemberSettings } from './member-settings';
import type { ConversationStore } from './store.svelte';

export const [useConversations, provideConversations] =
  createContext<
    Pick<
      ConversationStore,
      | 'byId'
      | 'get'
      | 'unread'
      | 'mentions'
      | 'missing'
      | 'loaded'
      | 'messageOf'
      | 'creator'
      | 'jumpTo'
    >
  >();

export const [useMessageHistory, provideMessageHistory] =
  createContext<
    Pick<
      ConversationStore,
      | 'open'
      | 'target'
      | 'unread'
      | 'reading'
      | 'rows'
      | 'loadOlder'
      | 'loadNewer'
      | 'toLatest'
      | 'seen'
    >
  >();

export const [useMemberSettings, provideMemberSettings] =
  createContext<Pick<MemberSettings, 'set' | 'markUnread' | 'clear' | 'unclear'>>();
