// What components see of groups, and of what their filters hold.
import { createContext } from 'svelte';
import type { HeldMessages } from './held.svelte';
import type { Groups } from './store';

export const [useGroups, provideGroups] =
  createContext<
    Pick<
      Groups,
      | 'addMember'
      | 'setRole'
      | 'removeMember'
      | 'removeWith'
      | 'bansIn'
      | 'liftBan'
      | 'leave'
      | 'change'
      | 'setHistory'
      | 'setRules'
      | 'setAvatar'
    >
  >();

export const [useHeldMessages, provideHeldMessages] =
  createContext<
    Pick<
      HeldMessages,
      | 'in'
      | 'fileNames'
      | 'hasMore'
      | 'isFiltered'
      | 'load'
      | 'loadMore'
      | 'reload'
      | 'release'
      | 'refuse'
      | 'withdraw'
      | 'words'
      | 'setWords'
    >
  >();
