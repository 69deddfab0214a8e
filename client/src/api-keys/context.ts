// What components see of the person's API keys.
import { createContext } from 'svelte';
import type { ApiKeys } from './store';

export const [useApiKeys, provideApiKeys] =
  createContext<Pick<ApiKeys, 'list' | 'create' | 'revoke'>>();
