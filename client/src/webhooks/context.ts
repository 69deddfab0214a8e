// What components see of incoming webhooks.
import { createContext } from 'svelte';
import type { Webhooks } from './store';

export const [useWebhooks, provideWebhooks] =
  createContext<Pick<Webhooks, 'list' | 'create' | 'setPicture' | 'revoke'>>();
