// What components see of the messages that the person saved.
import { createContext } from 'svelte';
import type { SavedMessages } from './store.svelte';

export const [useSavedMessages, provideSavedMessages] =
  createContext<Pick<SavedMessages, 'has' | 'set' | 'list'>>();
