// What components see of the contacts, of requests, and of those who are blocked.
import { createContext } from 'svelte';
import type { Contacts } from './store.svelte';

export const [useContacts, provideContacts] =
  createContext<
    Pick<
      Contacts,
      | 'list'
      | 'requests'
      | 'sent'
      | 'blocked'
      | 'loaded'
      | 'add'
      | 'ask'
      | 'find'
      | 'withdraw'
      | 'answer'
      | 'remove'
      | 'block'
      | 'maySendAgain'
    >
  >();
