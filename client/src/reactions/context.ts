// How components react to messages.
import { createContext } from 'svelte';
import type { Reactions } from './store';

export const [useReactions, provideReactions] = createContext<Pick<Reactions, 'set'>>();
