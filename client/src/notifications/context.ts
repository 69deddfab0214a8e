// What components see of notifications on this device.
import { createContext } from 'svelte';
import type { Notifications } from './store.svelte';

export const [useNotifications, provideNotifications] =
  createContext<
    Pick<
      Notifications,
      | 'permission'
      | 'subscribed'
      | 'pushable'
      | 'enable'
      | 'disable'
      | 'test'
      | 'clear'
      | 'onArrival'
      | 'show'
    >
  >();
