// The person's contacts and the requests that wait for an answer.
import * as v from 'valibot';
import type { Rest } from '../connection/rest';
import { blocksSchema, contactsSchema, nothingSchema, requestsSchema } from '../contract/answers';
import {
  contactRequestSchema,
  type Contact,
  type ContactRequest,
  type User,
} from '../contract/objects';
import { texts } from '../texts';
import type { Notices } from './notices.svelte';

const loadedSchema = v.object({
  ...contactsSchema.entries,
  ...requestsSchema.entries,
  ...blocksSchema.entries,
});

const byName = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });

export class Contacts {
  list = $state.raw<readonly Contact[]>([]);
  requests = $state.raw<readonly ContactRequest[]>([]);
  blocked = $state.raw<readonly User[]>([]);
  loaded = $state(false);
  onLoaded: (loaded: v.InferOutput<typeof loadedSchema>) => void = () => undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly rest: Rest,
    private readonly notices: Notices,
  ) {}

  async load(): Promise<void> {
    const [{ contacts }, { requests }, { blocks }] = await Promise.all([
      this.rest.call(contactsSchema, 'GET', '/contacts'),
      this.rest.call(requestsSchema, 'GET', '/contacts/requests'),
      this.rest.call(blocksSchema, 'GET', '/blocks'),
    ]);
    this.#show({ contacts, requests, blocks });
    this.onLoaded({ contacts, requests, blocks });
  }

  /** Shows what this browser kept, until the server has answered. */
  restore(kept: unknown): void {
    const parsed = v.safeParse(loadedSchema, kept);
    if (parsed.success) this.#show(parsed.output);
  }

  #show({ contacts, requests, blocks }: v.InferOutput<typeof loadedSchema>): void {
    this.blocked = blocks;
    this.list = contacts.toSorted((a, b) => byName.compare(a.user.name, b.user.name));
    this.requests = requests;
    this.loaded = true;
  }

  /** A push is a hint: what it announces is fetched. */
  onEvent(event: unknown): void {
    const arrived = v.safeParse(v.object({ request: contactRequestSchema }), event);
    const known =
      arrived.success && this.requests.some(({ id }) => id === arrived.output.request.id);
    if (arrived.success && !known) {
      this.notices.plain(texts.contacts.requestArrived(arrived.output.request.user.name));
    }
    this.reloadSoon();
  }

  reloadSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load().catch(() => undefined), 50);
  }

  async add(email: string): Promise<void> {
    await this.rest.create(nothingSchema, '/contacts', { email });
    await this.load();
  }

  async answer(request: ContactRequest, accept: boolean): Promise<void> {
    const path = `/contacts/requests/${encodeURIComponent(request.id)}`;
    await this.rest.call(nothingSchema, 'POST', path, { accept });
    this.requests = this.requests.filter(({ id }) => id !== request.id);
    await this.load();
  }

  async remove(user: User): Promise<void> {
    await this.rest.call(nothingSchema, 'DELETE', `/contacts/${encodeURIComponent(user.id)}`);
    await this.load();
  }

  async block(user: User, on: boolean): Promise<void> {
    const path = `/blocks/${encodeURIComponent(user.id)}`;
    await this.rest.call(nothingSchema, on ? 'PUT' : 'DELETE', path);
    await this.load();
  }
}
