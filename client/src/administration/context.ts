// What components see of the administration of the server.
import { createContext } from 'svelte';
import type { AdministrationEvents } from './events';
import type { AdministrationLoader } from './loader';

export const [useAdministration, provideAdministration] =
  createContext<Pick<AdministrationLoader, 'load' | 'checklist'>>();

export const [useAdministrationEvents, provideAdministrationEvents] =
  createContext<Pick<AdministrationEvents, 'listen'>>();
