// The person's contacts, the requests that wait for an answer, and those that were sent.
import * as v from 'valibot';
import { queryString } from '../platform/api-client';
import type { Rest } from '../platform/rest';
import {
  blocksSchema,
  contactsSchema,
  directorySchema,
  nothingSchema,
  requestsSchema,
  sentRequestsSchema,
  type DirectoryPage,
} from '../contract/answers';
import { contactEventSchema, type ContactEvent } from '../contract/events';
import type { Contact, ContactRequest, SentRequest, User } from '../contract/objects';
import { lazy } from '../platform/lazy';
import type { Settings } from '../settings/model';
import { texts } from '../texts';
import type { Notices } from '../notices/store.svelte';

const loadedSchema = v.object({
  ...contactsSchema.entries,
  ...requestsSchema.entries,
  ...blocksSchema.entries,
  sent: v.optional(sentRequestsSchema.entries.requests, []),
});
type Loaded = v.InferOutput<typeof loadedSchema>;

interface Callbacks {
  readonly rest: Rest;
  readonly notices: Notices;
  settings(): Settings;
}

/** Several reasons to load them again become one. */
const gathering = 50;
const byName = lazy(() => new Intl.Collator(undefined, { sensitivity: 'base', numeric: true }));

export class Contacts {
  list = $state.raw<readonly Contact[]>([]);
  requests = $state.raw<readonly ContactRequest[]>([]);
  /** What the person asked, the newest first. */
  sent = $state.raw<readonly SentRequest[]>([]);
  blocked = $state.raw<readonly User[]>([]);
  /** Those whom the person has stopped blocking since the page was loaded. */
  released = $state.raw<ReadonlySet<string>>(new Set());
  loaded = $state(false);
  onLoaded: (loaded: Loaded) => void = () => undefined;
  readonly #rest: Rest;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts what changed, so that an answer from before an event does not undo it. */
  #changes = 0;

  constructor(private readonly callbacks: Callbacks) {
    this.#rest = callbacks.rest;
  }

  async load(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const changes = this.#changes;
      const [{ contacts }, { requests }, { blocks }, { requests: sent }] = await Promise.all([
        this.#rest.call(contactsSchema, 'GET', '/contacts'),
        this.#rest.call(requestsSchema, 'GET', '/contacts/requests'),
        this.#rest.call(blocksSchema, 'GET', '/blocks'),
        this.#rest.call(sentRequestsSchema, 'GET', '/contacts/sent-requests'),
      ]);
      if (changes !== this.#changes && tries < 3) continue;
      this.#show({ contacts, requests, blocks, sent });
      this.onLoaded({ contacts, requests, blocks, sent });
      return;
    }
  }

  /** Shows what this browser kept, until the server has answered. */
  restore(kept: unknown): void {
    const parsed = v.safeParse(loadedSchema, kept);
    if (parsed.success) this.#show(parsed.output);
  }

  #show({ contacts, requests, blocks, sent }: Loaded): void {
    this.blocked = blocks;
    this.list = contacts.toSorted((a, b) => byName().compare(a.user.name, b.user.name));
    this.requests = requests;
    this.sent = sent;
    this.loaded = true;
  }

  /** What happened is applied as it was told; what does not parse is fetched. */
  onEvent(event: unknown): void {
    const parsed = v.safeParse(contactEventSchema, event);
    if (!parsed.success || (parsed.output.blocked !== undefined && parsed.output.on)) {
      this.reloadSoon();
      return;
    }
    this.#changes += 1;
    this.#tell(parsed.output);
    this.#apply(parsed.output);
    this.onLoaded({
      contacts: [...this.list],
      requests: [...this.requests],
      blocks: [...this.blocked],
      sent: [...this.sent],
    });
  }

  #tell({ request, contact, accepted, invited }: ContactEvent): void {
    if (accepted && contact !== undefined) {
      const words = invited ? texts.contacts.acceptedInvite : texts.contacts.acceptedYours;
      this.callbacks.notices.good(words(contact.user.name));
    }
    if (request === undefined || this.requests.some(({ id }) => id === request.id)) return;
    const words = this.callbacks.settings().notify_content ? request.body : null;
    this.callbacks.notices.plain(texts.contacts.requestArrived(request.user.name, words));
  }

  #apply({ request, withdrawn, sent, unsent, contact, removed, blocked }: ContactEvent): void {
    const without = <T extends { id: string }>(list: readonly T[], id: string): readonly T[] =>
      list.filter((one) => one.id !== id);
    if (request !== undefined) {
      this.requests = [...without(this.requests, request.id), request].toSorted(
        (a, b) => a.created_at - b.created_at,
      );
    }
    if (withdrawn !== undefined) this.requests = without(this.requests, withdrawn);
    if (sent !== undefined) {
      this.sent = [sent, ...without(this.sent, sent.id)].toSorted(
        (a, b) => b.created_at - a.created_at,
      );
    }
    if (unsent !== undefined) this.sent = without(this.sent, unsent);
    if (contact !== undefined) {
      const others = this.list.filter(({ user }) => user.id !== contact.user.id);
      this.list = [...others, contact].toSorted((a, b) =>
        byName().compare(a.user.name, b.user.name),
      );
    }
    if (removed !== undefined) this.list = this.list.filter(({ user }) => user.id !== removed);
    if (blocked !== undefined) this.blocked = without(this.blocked, blocked);
  }

  reloadSoon(pause = gathering): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load().catch(() => undefined), pause);
  }

  async add(email: string): Promise<void> {
    await this.#rest.create(nothingSchema, '/contacts', { email });
    await this.load();
  }

  /** Asks somebody of a shared group or of the directory; the words are to be the first message. */
  async ask(user: Pick<User, 'id'>, body: string | null = null): Promise<void> {
    const first = body === null ? {} : { body };
    await this.#rest.create(nothingSchema, '/contacts', { user: user.id, ...first });
    await this.load();
  }

  /** A page of the people of this server whose names hold these words. */
  find(words: string, cursor: string | null): Promise<DirectoryPage> {
    const query = queryString({ q: words, cursor: cursor ?? undefined });
    return this.#rest.call(directorySchema, 'GET', `/directory${query}`);
  }

  async withdraw({ id }: SentRequest): Promise<void> {
    const path = `/contacts/sent-requests/${encodeURIComponent(id)}`;
    await this.#rest.call(nothingSchema, 'DELETE', path);
    this.sent = this.sent.filter((one) => one.id !== id);
  }

  async answer(request: ContactRequest, accept: boolean): Promise<void> {
    const path = `/contacts/requests/${encodeURIComponent(request.id)}`;
    await this.#rest.call(nothingSchema, 'POST', path, { accept });
    this.requests = this.requests.filter(({ id }) => id !== request.id);
    await this.load();
  }

  async remove(user: User): Promise<void> {
    await this.#rest.call(nothingSchema, 'DELETE', `/contacts/${encodeURIComponent(user.id)}`);
    await this.load();
  }

  async block(user: User, on: boolean): Promise<void> {
    const path = `/blocks/${encodeURIComponent(user.id)}`;
    await this.#rest.call(nothingSchema, on ? 'PUT' : 'DELETE', path);
    const others = [...this.released].filter((id) => id !== user.id);
    this.released = new Set(on ? others : [...others, user.id]);
    await this.load();
  }

  /** What was refused before would be taken now: no block is left on this side, or they said yes. */
  maySendAgain(user: string): boolean {
    return this.released.has(user) || this.list.some((contact) => contact.user.id === user);
  }
}
