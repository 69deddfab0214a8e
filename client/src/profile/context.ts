// What components see of the person's own profile, and of the card that shows somebody's.
import { createContext } from 'svelte';
import type { ProfileCardState } from './card.svelte';
import type { Profile } from './store.svelte';

export const [useProfile, provideProfile] =
  createContext<Pick<Profile, 'save' | 'setStatus' | 'setAvatar'>>();

export const [useProfileCard, provideProfileCard] = createContext<ProfileCardState>();
