// Whether the server can be reached.
import type { ConnectionState } from '../platform/socket-client';

export class Connection {
  state = $state<ConnectionState>('connecting');
}
