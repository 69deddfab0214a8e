// How components search.
import { createContext } from 'svelte';
import type { SearchApi } from './api';
import type { Search } from './store.svelte';

export const [useSearch, provideSearch] = createContext<Pick<Search, 'within'>>();

export const [useSearchApi, provideSearchApi] = createContext<Pick<SearchApi, 'find'>>();
