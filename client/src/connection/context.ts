// What components see of the connection to the server.
import { createContext } from 'svelte';
import type { Connection } from './store.svelte';

export const [useConnection, provideConnection] = createContext<Readonly<Connection>>();
