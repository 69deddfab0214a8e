// The person's own profile, status and settings, and reports about others.
import type { Rest } from '../platform/rest';
import {
  checklistSchema,
  emailChangeSchema,
  meSchema,
  nothingSchema,
  linkSchema,
  securityEventsSchema,
  signInServicesSchema,
  storageSchema,
  userAnswerSchema,
  type Check,
  type SecurityEvent,
  type SignInServices,
  type Storage,
} from '../contract/answers';
import type { OwnUser, Status, User } from '../contract/objects';
import { settingsOf, type Settings } from '../settings/model';

export interface ReportWish {
  readonly reason: string;
  readonly text?: string;
  readonly conversation?: string;
  readonly seq?: number;
}

export class Profile {
  /** Null until it is known who is here. */
  me = $state.raw<OwnUser | null>(null);
  readonly settings: Settings = $derived(settingsOf(this.me));
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
    return this.#patch(fields);
  }

  setStatus(status: Partial<Status> | null): Promise<void> {
    return this.#patch({ status });
  }

  /** Null forgets a choice: the default holds again. */
  changeSettings(change: { [Name in keyof Settings]?: Settings[Name] | null }): Promise<void> {
    return this.#patch({ settings: change });
  }

  /** The current password is null for who has none. */
  async changePassword(current: string | null, wanted: string): Promise<void> {
    await this.rest.call(nothingSchema, 'PUT', '/me/password', { current, new: wanted });
  }

  /** Whether the address is changed; else a mail with a link is on its way to the new one. */
  async changeEmail(email: string, password: string | null): Promise<boolean> {
    const body = { email, password };
    return (await this.rest.call(emailChangeSchema, 'PUT', '/me/email', body)).changed;
  }

  /** What happened to the security of the account, the newest first. */
  async securityEvents(): Promise<readonly SecurityEvent[]> {
    return (await this.rest.call(securityEventsSchema, 'GET', '/me/security-events')).events;
  }

  /** How the person can sign in. */
  signInServices(): Promise<SignInServices> {
    return this.rest.call(signInServicesSchema, 'GET', '/me/sign-in-services');
  }

  /** Begins to link a service; returns where the browser has to go. */
  async linkService(name: string): Promise<string> {
    return (await this.rest.call(linkSchema, 'POST', `/me/sign-in-services/${name}/link`)).url;
  }

  async unlinkService(name: string): Promise<void> {
    await this.rest.call(nothingSchema, 'DELETE', `/me/sign-in-services/${name}`);
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

  /** The profile of a contact, or of somebody in one of the person's conversations. */
  async fetch(user: string): Promise<User> {
    const path = `/users/${encodeURIComponent(user)}`;
    return (await this.rest.call(userAnswerSchema, 'GET', path)).user;
  }

  async report(user: string, wish: ReportWish): Promise<void> {
    const path = `/users/${encodeURIComponent(user)}/reports`;
    await this.rest.create(nothingSchema, path, wish);
  }

  /** What of the server is set; only an administrator is told. */
  async checklist(): Promise<readonly Check[]> {
    return (await this.rest.call(checklistSchema, 'GET', '/server/checklist')).checks;
  }

  /** What the person's files take, and which of them take most. */
  async storage(): Promise<Storage> {
    return (await this.rest.call(storageSchema, 'GET', '/me/storage')).storage;
  }

  #patch(change: unknown): Promise<void> {
    const changed = this.#change.then(async () => {
      this.learn((await this.rest.call(meSchema, 'PATCH', '/me', change)).user);
    });
    this.#change = changed.catch(() => undefined);
    return changed;
  }
}
