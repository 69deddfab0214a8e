// Other people: their newest profiles, whether they are there, and who is typing.
import { queryString } from '../platform/api-client';
import type { SocketClient } from '../platform/socket-client';
import type { Rest } from '../platform/rest';
import { nothingSchema, presencesSchema, userAnswerSchema } from '../contract/answers';
import type { Presence, User } from '../contract/objects';
import {
  nextExpiry,
  ownStatus,
  typingChanged,
  typingExpired,
  withPresences,
  type Presences,
  type Typing,
} from './model';
import { isVisible } from '../platform/graphemes';
import type { Settings } from '../settings/model';

const askedAtOnce = 200;
const gathering = 60;
const renewTyping = 3_000;
const lookEvery = 15_000;
const hiddenPause = 3_000;

const nobody: ReadonlySet<string> = new Set();
const inputs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

interface Callbacks {
  readonly rest: Rest;
  readonly socketClient: SocketClient;
  settings(): Settings;
}

export class People {
  #users = $state.raw<ReadonlyMap<string, User>>(new Map());
  #presences = $state.raw<Presences>(new Map());
  #typing = $state.raw<Typing>(new Map());
  readonly #typingSets = $derived(
    new Map([...this.#typing].map(([id, people]) => [id, new Set(people.keys())])),
  );
  #expiry: ReturnType<typeof setTimeout> | undefined;
  readonly #wanted = new Set<string>();
  readonly #watched = new Set<string>();
  #asking: ReturnType<typeof setTimeout> | undefined;
  /** Where the others were last told that the person types, and when. */
  readonly #told = new Map<string, number>();
  /** What was typed last while nobody could be told, and when. */
  #untold: { conversation: string; at: number } | null = null;
  #touchedAt = Date.now();
  #saidStatus: 'online' | 'away' | null = null;

  constructor(private readonly callbacks: Callbacks) {}

  /** The newest profile that is known. */
  user(id: string): User | undefined {
    return this.#users.get(id);
  }

  /** The profile of a contact, or of somebody in one of the person's conversations. */
  async fetch(id: string): Promise<User> {
    const path = `/users/${encodeURIComponent(id)}`;
    return (await this.callbacks.rest.call(userAnswerSchema, 'GET', path)).user;
  }

  /** What was received last is the newest. */
  learn(users: readonly User[]): void {
    const changed = users.filter((user) => !same(this.#users.get(user.id), user));
    if (changed.length === 0) return;
    this.#users = new Map([
      ...this.#users,
      ...changed.map((user): [string, User] => [user.id, user]),
    ]);
  }

  /** Undefined while it is not known: offline, or somebody whose presence is not for us. */
  presence(user: string): Presence | undefined {
    return this.#presences.get(user);
  }

  /** Those whose presence is shown: asked for together, and again after each connection. */
  watch(users: readonly string[]): void {
    for (const user of users) {
      if (this.#watched.has(user)) continue;
      this.#watched.add(user);
      this.#wanted.add(user);
    }
    if (this.#wanted.size > 0) this.#askSoon();
  }

  onPresence(presence: Presence): void {
    this.#presences = withPresences(this.#presences, [presence]);
  }

  /** The ids of those who are typing there. */
  typing(conversation: string): ReadonlySet<string> {
    return this.#typingSets.get(conversation) ?? nobody;
  }

  onTyping(event: { conversation: string; user: string; on: boolean }): void {
    this.#typing = typingChanged(this.#typing, event, Date.now());
    this.#expireLater();
  }

  /** Whoever has said it types it no longer. */
  onSaid(conversation: string, user: string | null): void {
    if (user !== null) this.onTyping({ conversation, user, on: false });
  }

  /** The person types: the others are told at most every few seconds. */
  tellTyping(conversation: string, text: string): void {
    if (!this.callbacks.settings().typing) return;
    if (!this.callbacks.socketClient.online) {
      this.#untold = isVisible(text) ? { conversation, at: Date.now() } : null;
      return;
    }
    const told = this.#told.get(conversation);
    if (!isVisible(text)) {
      this.tellStopped(conversation);
    } else if (told === undefined || Date.now() - told >= renewTyping) {
      this.#told.set(conversation, Date.now());
      this.#say('typing', { conversation, on: true });
    }
  }

  /** What was typed was sent or taken back. */
  tellStopped(conversation: string): void {
    if (this.#untold?.conversation === conversation) this.#untold = null;
    const told = this.#told.get(conversation);
    if (told === undefined) return;
    this.#told.delete(conversation);
    // A message that arrives ends it by itself; so does silence.
    if (Date.now() - told < renewTyping * 2) this.#say('typing', { conversation, on: false });
  }

  /** Watches whether the person is at this device. */
  start(): void {
    const touched = (): void => {
      this.#touchedAt = Date.now();
      if (this.#saidStatus === 'away') this.#sayStatus();
    };
    for (const input of inputs) addEventListener(input, touched, { passive: true, capture: true });
    document.addEventListener('visibilitychange', () => {
      // Somebody who switches tabs for a moment has not left.
      if (document.visibilityState === 'visible') touched();
      else setTimeout(() => this.#sayStatus(), hiddenPause);
    });
    setInterval(() => this.#sayStatus(), lookEvery);
  }

  /** A new connection knows nothing of this device, and we know nothing of the others. */
  onConnected(): void {
    this.#saidStatus = null;
    this.#sayStatus();
    for (const user of this.#watched) this.#wanted.add(user);
    if (this.#wanted.size > 0) this.#askSoon();
    this.#tellUntold();
  }

  onDisconnected(): void {
    this.#presences = new Map();
    this.#typing = new Map();
    this.#told.clear();
  }

  /** Whoever typed a moment before the connection came still types. */
  #tellUntold(): void {
    const typed = this.#untold;
    this.#untold = null;
    if (typed === null || Date.now() - typed.at >= renewTyping) return;
    this.#told.set(typed.conversation, typed.at);
    this.#say('typing', { conversation: typed.conversation, on: true });
  }

  #sayStatus(): void {
    if (!this.callbacks.socketClient.online) return;
    const visible = document.visibilityState === 'visible';
    const status = ownStatus(visible, this.#touchedAt, Date.now());
    if (status === this.#saidStatus) return;
    this.#saidStatus = status;
    this.#say('presence', { status });
  }

  /** Nobody waits for these, and nobody repeats them. */
  #say(event: string, argument: unknown): void {
    this.callbacks.socketClient.call(nothingSchema, event, argument).catch(() => undefined);
  }

  #expireLater(): void {
    clearTimeout(this.#expiry);
    const next = nextExpiry(this.#typing);
    if (next === null) return;
    this.#expiry = setTimeout(
      () => {
        this.#typing = typingExpired(this.#typing, Date.now());
        this.#expireLater();
      },
      Math.max(0, next - Date.now()) + 10,
    );
  }

  #askSoon(): void {
    clearTimeout(this.#asking);
    this.#asking = setTimeout(() => void this.#ask(), gathering);
  }

  async #ask(): Promise<void> {
    while (this.#wanted.size > 0 && this.callbacks.socketClient.online) {
      const users = [...this.#wanted].slice(0, askedAtOnce);
      for (const user of users) this.#wanted.delete(user);
      try {
        const path = `/presence${queryString({ users: users.join(',') })}`;
        const { presence } = await this.callbacks.rest.call(presencesSchema, 'GET', path);
        this.#presences = withPresences(this.#presences, presence);
      } catch {
        // The next connection asks again; until then nothing is shown.
        return;
      }
    }
  }
}

function same(known: User | undefined, user: User): boolean {
  return known !== undefined && JSON.stringify(known) === JSON.stringify(user);
}
