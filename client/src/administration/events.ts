// What changes on the server while somebody looks: who listens asks again, at most once a second.
const pause = 1_000;

export interface Change {
  readonly topic: string;
  /** Whom it is about, where it is about one person. */
  readonly user: string | null;
}

interface Listener {
  readonly topic: string;
  readonly act: (users: ReadonlySet<string | null>) => void;
  readonly users: Set<string | null>;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export class AdministrationEvents {
  readonly #listeners = new Set<Listener>();

  /**
   * Calls `act` with whom the changes of a topic are about; null where that is not one person.
   *
   * Several that come together are one. Returns what ends it.
   */
  listen(topic: string, act: Listener['act']): () => void {
    const listener: Listener = { topic, act, users: new Set(), timer: undefined };
    this.#listeners.add(listener);
    return () => {
      clearTimeout(listener.timer);
      this.#listeners.delete(listener);
    };
  }

  receive({ topic, user }: Change): void {
    for (const listener of this.#listeners) {
      if (listener.topic === topic) this.#note(listener, user);
    }
  }

  /** After a connection was lost, anything may have changed. */
  onConnected(): void {
    for (const listener of this.#listeners) this.#note(listener, null);
  }

  #note(listener: Listener, user: string | null): void {
    listener.users.add(user);
    listener.timer ??= setTimeout(() => {
      const users = new Set(listener.users);
      listener.timer = undefined;
      listener.users.clear();
      listener.act(users);
    }, pause);
  }
}
