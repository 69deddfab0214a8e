// What is going on with the messages of one open conversation: which one is meant by the menu, by a
// dialog, by the keyboard, and which one was just jumped to.
import { getContext, setContext } from 'svelte';
import type { Message } from '../contract/objects';
import type { Pending } from '../platform/outbox';
import { Selecting } from './selecting.svelte';

export type Question =
  'delete' | 'forward' | 'info' | 'reactions' | 'versions' | 'why' | 'report' | 'react';

interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Callbacks {
  jump(seq: number): void;
  openPerson(user: string): void;
  findMessage(seq: number): Message | undefined;
  /** The person deleted it for themselves. */
  isHidden(seq: number): boolean;
  fetch(seq: number): Promise<Message | null>;
}

const flashFor = 2_200;

export class MessageListState {
  readonly selecting = new Selecting();
  /** The message whose actions are shown, stored or on its way, and where. */
  menu = $state.raw<{ about: Message | Pending; at: Place } | null>(null);
  /** The dialog that is open about a message. */
  asked = $state.raw<{ what: Question; message: Message } | null>(null);
  /** The row under the pointer, by its key. */
  hovered = $state<string | null>(null);
  /** The row that Tab leads to, by its key; the last one without. */
  active = $state<string | null>(null);
  /** The message that was jumped to lights up for a moment. */
  flashed = $state<number | null>(null);
  /** Messages that are quoted and not held; null where they cannot be seen. */
  #quoted = $state.raw<ReadonlyMap<number, Message | null>>(new Map());
  readonly #asking = new Set<number>();
  #flash: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly callbacks: Callbacks) {}

  jump(seq: number): void {
    this.callbacks.jump(seq);
  }

  openPerson(user: string): void {
    this.callbacks.openPerson(user);
  }

  /** A message that another one answers: undefined until it is fetched. */
  quoted(seq: number): Message | null | undefined {
    if (this.callbacks.isHidden(seq)) return null;
    return this.callbacks.findMessage(seq) ?? this.#quoted.get(seq);
  }

  /** Fetches a quoted message where it is not held. */
  async want(seq: number): Promise<void> {
    if (this.quoted(seq) !== undefined || this.#asking.has(seq)) return;
    this.#asking.add(seq);
    try {
      const message = await this.callbacks.fetch(seq);
      this.#quoted = new Map(this.#quoted).set(seq, message);
    } catch {
      // It is asked for again when it next comes into the page.
      this.#asking.delete(seq);
    }
  }

  openMenu(about: Message | Pending, at: Place): void {
    this.menu = { about, at };
  }

  ask(what: Question, message: Message): void {
    this.menu = null;
    this.asked = { what, message };
  }

  close(): void {
    clearTimeout(this.#flash);
  }

  flash(seq: number): void {
    clearTimeout(this.#flash);
    this.flashed = seq;
    this.#flash = setTimeout(() => (this.flashed = null), flashFor);
  }
}

const key = Symbol('desk');

export function provideMessageListState(listState: MessageListState): MessageListState {
  return setContext(key, listState);
}

export function useMessageListState(): MessageListState {
  return getContext<MessageListState>(key);
}
