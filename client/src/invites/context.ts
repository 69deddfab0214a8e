// What components see of invitations: to a group, to oneself, to the server.
import { createContext } from 'svelte';
import type { Invites } from './store';

export const [useInvites, provideInvites] =
  createContext<Pick<Invites, 'toGroup' | 'personal' | 'toServer'>>();
