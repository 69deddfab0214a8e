// What those who run the server announce to everybody, until it ends or the person puts it away.
import { announcementsSchema, nothingSchema } from '../contract/answers';
import type { Announcement } from '../contract/objects';
import type { Rest } from '../platform/rest';

/** Timers of browsers count no further: they are set again. */
const longestTimer = 2 ** 31 - 1;

export interface AnnouncementEvent {
  readonly announcement?: Announcement | undefined;
  readonly again: boolean;
  readonly gone?: string | undefined;
}

export class Announcements {
  #list = $state.raw<readonly Announcement[]>([]);
  #now = $state(Date.now());
  /** The newest first. */
  readonly shown = $derived(
    this.#list.filter(({ ends_at }) => ends_at === null || ends_at > this.#now),
  );
  #changes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly rest: Rest) {}

  async load(): Promise<void> {
    const before = this.#changes;
    const found = await this.rest.call(announcementsSchema, 'GET', '/announcements');
    // What changed while the answer was on its way is in no old answer.
    if (this.#changes !== before) return this.load();
    this.#set(found.announcements);
  }

  onEvent({ announcement, again, gone }: AnnouncementEvent): void {
    this.#changes += 1;
    if (gone !== undefined) this.#set(this.#list.filter(({ id }) => id !== gone));
    if (announcement === undefined) return;
    const known = this.#list.some(({ id }) => id === announcement.id);
    // Who has put it away is not shown that a word of it is another now.
    if (known)
      this.#set(this.#list.map((one) => (one.id === announcement.id ? announcement : one)));
    else if (again) this.#set([announcement, ...this.#list]);
  }

  /** It is gone at once, and comes back if the server was not told. */
  async dismiss(announcement: Announcement): Promise<void> {
    this.#changes += 1;
    const before = this.#list;
    this.#set(before.filter(({ id }) => id !== announcement.id));
    const path = `/announcements/${encodeURIComponent(announcement.id)}/dismissed`;
    try {
      await this.rest.call(nothingSchema, 'PUT', path);
    } catch (error) {
      if (!this.#list.some(({ id }) => id === announcement.id)) {
        this.#set([announcement, ...this.#list]);
      }
      throw error;
    }
  }

  #set(list: readonly Announcement[]): void {
    this.#list = [...list].sort((one, other) => other.created_at - one.created_at);
    this.#tick();
  }

  /** Looks again when the next one ends. */
  #tick(): void {
    clearTimeout(this.#timer);
    this.#now = Date.now();
    const ends = this.shown.flatMap(({ ends_at }) => ends_at ?? []);
    if (ends.length === 0) return;
    const pause = Math.min(Math.max(Math.min(...ends) - this.#now, 0) + 1, longestTimer);
    this.#timer = setTimeout(() => this.#tick(), pause);
  }
}
