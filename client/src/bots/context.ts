// What components see of bots.
import { createContext } from 'svelte';
import type { Bots } from './store';

export const [useBots, provideBots] =
  createContext<
    Pick<
      Bots,
      | 'list'
      | 'create'
      | 'change'
      | 'remove'
      | 'createKey'
      | 'revokeKey'
      | 'ofGroup'
      | 'setSight'
      | 'commands'
      | 'send'
      | 'press'
    >
  >();
