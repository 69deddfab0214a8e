// Notifications: permission, this device's push subscription, and what is worth telling in the page.
import type { Rest } from '../platform/rest';
import {
  currentSubscription,
  registerWorker,
  subscribe,
  unsubscribe,
  type PushKeys,
} from './push-subscription';
import { nothingSchema, pushKeySchema, subscriptionSchema } from '../contract/answers';
import type { Message } from '../contract/objects';
import type { ConversationState } from '../conversations/conversation';
import { isWorthTelling } from './model';
import type { Settings } from '../settings/model';

export type ArrivalListener = (message: Message, state: ConversationState) => void;

const updateEvery = 60 * 60_000;

interface Callbacks {
  readonly rest: Rest;
  settings(): Settings;
  me(): string;
  /** The conversation before the person's eyes. */
  open(): string | null;
  /** A notification was chosen. */
  onOpen(path: string): void;
}

interface ShownOptions extends NotificationOptions {
  readonly path: string;
  /** When its message disappears, in milliseconds; null for never. */
  readonly expiresAt: number | null;
}

export class Notifications {
  /** `unsupported` where the browser has no notifications, or none without installing the app. */
  permission = $state<NotificationPermission | 'unsupported'>(permissionNow());
  /** This device is sent pushes. */
  subscribed = $state(false);
  /** This browser can receive pushes. */
  pushable = $state(false);
  #registering: Promise<ServiceWorkerRegistration | null> = Promise.resolve(null);
  #registration: ServiceWorkerRegistration | null = null;
  /** The id that the server gave to the subscription of this device. */
  #subscription: string | null = null;
  #connected = false;
  #updatedAt = Date.now();
  readonly #listeners = new Set<ArrivalListener>();

  constructor(private readonly callbacks: Callbacks) {}

  async start(): Promise<void> {
    if (!('serviceWorker' in navigator)) return;
    navigator.serviceWorker.addEventListener('message', (event: MessageEvent<unknown>) =>
      this.#answer(event),
    );
    navigator.serviceWorker.startMessages();
    this.#registering = registerWorker();
    this.#registration = await this.#registering;
    this.pushable = this.#registration !== null && 'pushManager' in this.#registration;
    if (this.#connected) await this.onConnected();
  }

  /** The server may have forgotten the subscription, with an older session of this device. */
  async onConnected(): Promise<void> {
    this.#connected = true;
    const registration = this.#registration;
    if (registration === null) return;
    void this.#update(registration);
    if (!this.pushable || this.subscribed || this.permission !== 'granted') return;
    const keys = await currentSubscription(registration);
    if (keys !== null) await this.#tell(keys);
  }

  /** Pages stay open for weeks: a newer build is fetched behind them, for their next opening. */
  async #update(registration: ServiceWorkerRegistration): Promise<void> {
    if (Date.now() - this.#updatedAt < updateEvery) return;
    this.#updatedAt = Date.now();
    await registration.update().catch(() => undefined);
  }

  /** Asks the person, then subscribes; answers whether this device is told from now on. */
  async enable(): Promise<'on' | 'denied' | 'unreachable'> {
    if (this.permission === 'unsupported') return 'denied';
    this.permission = await Notification.requestPermission();
    if (this.permission !== 'granted') return 'denied';
    const registration = await this.#registering;
    if (registration === null || !('pushManager' in registration)) return 'on';
    const { key } = await this.callbacks.rest.call(pushKeySchema, 'GET', '/notifications/key');
    // The browser asks a service of its maker, which some networks and some browsers do not reach.
    const keys = await subscribe(registration, key).catch(() => null);
    if (keys === null) return 'unreachable';
    await this.#tell(keys);
    return 'on';
  }

  /** The person signs out: the next one here gets none of theirs. */
  async stop(): Promise<void> {
    if (this.#registration === null) return;
    for (const shown of await this.#registration.getNotifications()) shown.close();
    await unsubscribe(this.#registration);
  }

  async disable(): Promise<void> {
    const subscription = this.#subscription;
    if (this.#registration !== null) await unsubscribe(this.#registration);
    this.subscribed = false;
    this.#subscription = null;
    if (subscription === null) return;
    const path = `/notifications/subscriptions/${encodeURIComponent(subscription)}`;
    await this.callbacks.rest.call(nothingSchema, 'DELETE', path);
  }

  /** Has the server send a notification to this person's devices. */
  async test(): Promise<void> {
    await this.callbacks.rest.call(nothingSchema, 'POST', '/notifications/test');
  }

  /** Calls back for each message that arrives and is worth telling; answers how to end it. */
  onArrival(listener: ArrivalListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** It came in, or an edit has `reworded` it so that it mentions the person. */
  arrived(message: Message, state: ConversationState, reworded = false): void {
    const moment = { me: this.callbacks.me(), now: Date.now(), reworded };
    if (!isWorthTelling(state, message, this.callbacks.settings(), moment)) return;
    for (const listener of this.#listeners) listener(message, state);
  }

  /** Shows it through the worker, which also works on phones. */
  async show(title: string, options: ShownOptions): Promise<void> {
    if (this.permission !== 'granted' || (await this.#registering) === null) return;
    const { path, expiresAt, ...shown } = options;
    // Just after the first visit the worker is still being installed: only an active one shows them.
    const registration = await navigator.serviceWorker.ready;
    await registration.showNotification(title, { ...shown, data: { url: path, expiresAt } });
  }

  /** A message was deleted or has disappeared: what was shown of it is taken away. */
  onGone(conversation: string, seq: number): void {
    void this.#withdraw(conversation, seq).catch(() => undefined);
  }

  async #withdraw(conversation: string, seq: number): Promise<void> {
    const path = messagePath(conversation, seq);
    const shown = await this.#registration?.getNotifications({ tag: conversation });
    for (const notification of shown ?? []) {
      const { url } = (notification.data ?? {}) as { url?: unknown };
      if (url === path) notification.close();
    }
  }

  /** Takes away what was shown of a conversation that is read now. */
  async clear(conversation: string): Promise<void> {
    const shown = await this.#registration?.getNotifications({ tag: conversation });
    for (const notification of shown ?? []) notification.close();
  }

  async #tell(keys: PushKeys): Promise<void> {
    const path = '/notifications/subscriptions';
    const { subscription } = await this.callbacks.rest.call(subscriptionSchema, 'POST', path, keys);
    this.#subscription = subscription.id;
    this.subscribed = true;
  }

  /** The worker asks what is open, hands over a chosen notification or a renewed subscription. */
  #answer({ data, ports }: MessageEvent<unknown>): void {
    if (typeof data !== 'object' || data === null || !('ask' in data)) return;
    if (data.ask === 'open') ports[0]?.postMessage({ open: this.callbacks.open() });
    if (data.ask === 'go' && 'path' in data && typeof data.path === 'string') {
      this.callbacks.onOpen(data.path);
    }
    if (data.ask === 'resubscribe') void this.enable().catch(() => undefined);
  }
}

/** Where a notification of a message leads, as the server writes it. */
export function messagePath(conversation: string, seq: number): string {
  return `/c/${encodeURIComponent(conversation)}?m=${seq}`;
}

function permissionNow(): NotificationPermission | 'unsupported' {
  return 'Notification' in globalThis ? Notification.permission : 'unsupported';
}
