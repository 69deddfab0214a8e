// Hands events to handlers: in order within a conversation, several conversations at a time.

import type { Log } from './log.js';
import type { Entry, ProgressKeeper } from './progress.js';
import type { Event } from './wire.js';

const MAX_PENDING = 1_000;

export class Dispatcher {
  private readonly lanes = new Map<string, [Event, Entry][]>();
  private readonly working = new Set<Promise<void>>();
  private waiting: (() => void)[] = [];
  private isEnding = false;

  constructor(
    private readonly handle: (event: Event) => Promise<void>,
    private readonly progress: ProgressKeeper,
    private readonly log: Log,
  ) {}

  /** Takes an event, unless it was received before; waits while there are too many. */
  async put(event: Event, cursor: string | null): Promise<void> {
    while (this.progress.pending >= MAX_PENDING) {
      await new Promise<void>((less) => this.waiting.push(less));
    }
    const entry = this.progress.receive(event.id, cursor);
    if (entry === null) return;
    const lane = this.lanes.get(event.conversation);
    if (lane !== undefined) {
      lane.push([event, entry]);
      return;
    }
    const begun: [Event, Entry][] = [[event, entry]];
    this.lanes.set(event.conversation, begun);
    const work = this.work(event.conversation, begun).finally(() => this.working.delete(work));
    this.working.add(work);
  }

  private async work(conversation: string, lane: [Event, Entry][]): Promise<void> {
    for (let next = lane[0]; next !== undefined && !this.isEnding; next = lane[0]) {
      const [event, entry] = next;
      try {
        await this.handle(event);
      } catch (error) {
        if (this.cutsOff(error)) return; // it is handled after the next start
        this.log('error', `An event could not be handled: ${event.id}`, error);
      }
      this.progress.finish(entry);
      lane.shift();
      const waiting = this.waiting;
      this.waiting = [];
      for (const less of waiting) less();
    }
    this.lanes.delete(conversation);
  }

  private cutsOff(error: unknown): boolean {
    return this.isEnding && error instanceof Error && error.name === 'AbortError';
  }

  /** Begins nothing more, and waits for what is being handled. */
  async drain(): Promise<void> {
    this.isEnding = true;
    await Promise.all(this.working);
  }
}
