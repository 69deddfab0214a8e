// What components see of pinned messages, and of the bar that shows them.
import { createContext } from 'svelte';
import type { PinBar } from './bar.svelte';
import type { PinnedMessages } from './store';

export const [usePinnedMessages, providePinnedMessages] =
  createContext<Pick<PinnedMessages, 'list' | 'set'>>();

export const [usePinBar, providePinBar] =
  createContext<Pick<PinBar, 'isDismissed' | 'has' | 'dismiss' | 'bringBack'>>();
