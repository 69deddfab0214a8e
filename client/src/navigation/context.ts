// Where the person is, and how components lead elsewhere.
import { createContext } from 'svelte';
import type { Route } from './store.svelte';

export const [useRoute, provideRoute] =
  createContext<
    Pick<
      Route,
      | 'conversation'
      | 'panel'
      | 'administration'
      | 'contacts'
      | 'open'
      | 'administer'
      | 'home'
      | 'show'
      | 'hideDialog'
      | 'showConversations'
    >
  >();
