// What components see of the person's settings.
import { createContext } from 'svelte';
import type { OwnSettings } from './store.svelte';

export const [useSettings, provideSettings] =
  createContext<Pick<OwnSettings, 'current' | 'change'>>();
