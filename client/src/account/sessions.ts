// Where the person is signed in, and what others decided about the account.
import { nothingSchema, sessionsSchema } from '../contract/answers';
import type { Session } from '../contract/objects';
import type { Rest } from '../platform/rest';
import { fetchHistory, type Act } from './history';

export class Sessions {
  constructor(private readonly rest: Rest) {}

  async list(): Promise<readonly Session[]> {
    return (await this.rest.call(sessionsSchema, 'GET', '/sessions')).sessions;
  }

  async revoke(session: Session): Promise<void> {
    await this.rest.call(nothingSchema, 'DELETE', `/sessions/${encodeURIComponent(session.id)}`);
  }

  /** What others decided about the account. */
  history(): Promise<readonly Act[]> {
    return fetchHistory(this.rest);
  }
}
