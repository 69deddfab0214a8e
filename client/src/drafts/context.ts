// What components see of drafts.
import { createContext } from 'svelte';
import type { Drafts } from './store.svelte';

export const [useDrafts, provideDrafts] =
  createContext<
    Pick<
      Drafts,
      | 'longer'
      | 'of'
      | 'behind'
      | 'mode'
      | 'reply'
      | 'edit'
      | 'leave'
      | 'type'
      | 'changeFiles'
      | 'onNoneLonger'
      | 'forget'
      | 'take'
      | 'settle'
      | 'giveBack'
      | 'flush'
    >
  >();
