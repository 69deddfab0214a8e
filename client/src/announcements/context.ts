// What components see of the announcements to everybody.
import { createContext } from 'svelte';
import type { Announcements } from './store.svelte';

export const [useAnnouncements, provideAnnouncements] =
  createContext<Pick<Announcements, 'shown' | 'dismiss'>>();
