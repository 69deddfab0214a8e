// What components see of the endpoints of bots.
import { createContext } from 'svelte';
import type { Endpoints } from './store';

export const [useEndpoints, provideEndpoints] =
  createContext<
    Pick<
      Endpoints,
      'of' | 'create' | 'change' | 'remove' | 'rotate' | 'sendTest' | 'deliveries' | 'redeliver'
    >
  >();
