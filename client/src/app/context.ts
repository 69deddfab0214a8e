// Hands the messenger to the screens below the shell.
import { getContext, setContext } from 'svelte';
import type { Messenger } from './messenger.svelte';

const key = Symbol('messenger');

export function provideMessenger(messenger: Messenger): void {
  setContext(key, messenger);
}

export function useMessenger(): Messenger {
  return getContext<Messenger>(key);
}
