// What components see of other people: their profiles, whether they are there, who is typing.
import { createContext } from 'svelte';
import type { People } from './store.svelte';

export const [usePeople, providePeople] =
  createContext<Pick<People, 'user' | 'learn' | 'fetch' | 'presence' | 'watch' | 'typing'>>();
