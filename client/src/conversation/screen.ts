// Fetches the screen of a conversation: the list is there without it, and it is there soon after.
import type Conversation from './Conversation.svelte';

export type Screen = typeof Conversation;

let loading: Promise<Screen> | null = null;

export function fetchScreen(): Promise<Screen> {
  loading ??= import('./Conversation.svelte').then(
    (module) => module.default,
    (error: unknown) => {
      // The next one who wants it asks again.
      loading = null;
      throw error;
    },
  );
  return loading;
}
