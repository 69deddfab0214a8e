// How components tell what was done or went wrong.
import { createContext } from 'svelte';
import type { Notices } from './store.svelte';

export const [useNotices, provideNotices] =
  createContext<
    Pick<
      Notices,
      'list' | 'places' | 'good' | 'plain' | 'bad' | 'offer' | 'attempt' | 'dismiss' | 'shownIn'
    >
  >();
