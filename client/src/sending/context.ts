// What components see of messages that are on their way, and of those that can go nowhere any more.
import { createContext } from 'svelte';
import type { Sending } from './store.svelte';
import type { UnsentMessages } from './unsent-messages';

export const [useSending, provideSending] =
  createContext<Pick<Sending, 'outbox' | 'progress' | 'send' | 'retry' | 'discard'>>();

export const [useUnsentMessages, provideUnsentMessages] =
  createContext<Pick<UnsentMessages, 'list' | 'discard'>>();
