// The person's own profile and status.
import type { Rest } from '../platform/rest';
import { meSchema, nothingSchema } from '../contract/answers';
import type { OwnUser, Status } from '../contract/objects';

export class Profile {
  /** Null until it is known who is here. */
  me = $state.raw<OwnUser | null>(null);
  onChanged: (user: OwnUser) => void = () => undefined;
  /** Changes go one after the other: an answer that comes late would undo what is newer. */
  #change: Promise<unknown> = Promise.resolve();

  constructor(private readonly rest: Rest) {}

  /** The account as it was fetched, or as another device of the person changed it. */
  learn(user: OwnUser): void {
    this.me = user;
    this.onChanged(user);
  }

  save(fields: { name?: string; about?: string }): Promise<void> {
    return this.patch(fields);
  }

  setStatus(status: Partial<Status> | null): Promise<void> {
    return this.patch({ status });
  }

  /** A picture, or null for none. */
  async setAvatar(picture: Blob | null): Promise<void> {
    if (picture === null) {
      await this.rest.call(nothingSchema, 'DELETE', '/me/avatar');
    } else {
      const form = new FormData();
      form.append('file', picture, 'avatar');
      await this.rest.call(nothingSchema, 'PUT', '/me/avatar', form);
    }
    // Uploading answers what others see; the own account is fetched with all it has.
    this.learn((await this.rest.call(meSchema, 'GET', '/me')).user);
  }

  /** Changes some fields of the account. */
  patch(change: unknown): Promise<void> {
    const changed = this.#change.then(async () => {
      this.learn((await this.rest.call(meSchema, 'PATCH', '/me', change)).user);
    });
    this.#change = changed.catch(() => undefined);
    return changed;
  }
}
