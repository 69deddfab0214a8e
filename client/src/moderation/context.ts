// How components report somebody to the moderators.
import { createContext } from 'svelte';
import type { Reports } from './reports';

export const [useReports, provideReports] = createContext<Pick<Reports, 'send'>>();
