// What components see of the download of one's own data.
import { createContext } from 'svelte';
import type { DataExports } from './data-exports';

export const [useDataExports, provideDataExports] =
  createContext<Pick<DataExports, 'show' | 'ask' | 'remove'>>();
