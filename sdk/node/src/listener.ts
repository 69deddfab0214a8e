// Receives events: over a socket, and by long polls where sockets do not get through.

import { io, type Socket } from 'socket.io-client';
import type { Api } from './api.js';
import type { Dispatcher } from './dispatcher.js';
import { ApiError } from './errors.js';
import type { Log } from './log.js';
import type { ProgressKeeper } from './progress.js';
import { pause, pauseAfter, type Retry } from './retry.js';
import { VERSION } from './version.js';
import type { Event, Page } from './wire.js';

const POLL_WAIT = 50;
const POLL_FOR = 300_000;
const CONNECT_TIMEOUT = 15_000;
const FAILED_SOCKETS = 2;
const MAX_QUEUED = 2_000;
/** Milliseconds without an event after which one poll brings a newer cursor, as old ones are not kept. */
const QUIET = 86_400_000;

type Pushed = Event & { readonly cursor: string };
interface Listening {
  readonly cursor: string;
  readonly gone: boolean;
}

export class Listener {
  private position = '';

  constructor(
    private readonly api: Api,
    private readonly key: string,
    private readonly progress: ProgressKeeper,
    private readonly dispatcher: Dispatcher,
    private readonly retry: Retry,
    private readonly usesSocket: boolean,
    private readonly log: Log,
    private readonly signal: AbortSignal,
  ) {}

  /** Finds out where to begin: where the bot stopped, or with what happens next. */
  async begin(): Promise<void> {
    if (this.progress.cursor === null) await this.beginAnew();
    else this.position = this.progress.cursor;
  }

  private async beginAnew(): Promise<void> {
    this.position = (await this.api.events(null, 0)).cursor;
    this.progress.beginAt(this.position);
  }

  /** Receives events until it is aborted. */
  async run(): Promise<void> {
    if (!this.usesSocket) await this.poll(Infinity);
    let failed = 0;
    for (;;) {
      failed = (await this.listen()) ? 0 : failed + 1;
      // Waits until the server is back, ends if it refuses the key, and brings a newer cursor.
      await this.read(0);
      if (failed >= FAILED_SOCKETS) {
        this.log('warning', 'The socket does not get through; polling instead.');
        await this.poll(POLL_FOR);
      }
      await pause(pauseAfter(this.retry, failed), this.signal);
    }
  }

  private async poll(milliseconds: number): Promise<void> {
    const ends = Date.now() + milliseconds;
    while (Date.now() < ends) {
      const began = Date.now();
      const found = await this.read(POLL_WAIT);
      // A server that is stopping, or a proxy, does not let it wait.
      if (!found && Date.now() - began < 1000) {
        await pause(pauseAfter(this.retry, 0), this.signal);
      }
    }
  }

  /** Takes what happened since; returns whether there was something. */
  private async read(wait: number): Promise<boolean> {
    let page: Page;
    try {
      page = await this.api.events(this.position, wait);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status >= 500) {
        this.log('error', `The server cannot say what happened: ${error.message}`);
        await pause(this.retry.longest, this.signal);
      } else if (error.status === 410) {
        this.warnOfGap();
        await this.beginAnew();
      } else throw error;
      return false;
    }
    for (const [number, event] of page.events.entries()) {
      const isLast = number === page.events.length - 1;
      await this.dispatcher.put(event, isLast ? page.cursor : null);
    }
    if (page.events.length === 0) this.progress.passTo(page.cursor);
    this.position = page.cursor;
    return page.events.length > 0;
  }

  private warnOfGap(): void {
    this.log(
      'warning',
      'The bot was away for too long: the server no longer has all that happened meanwhile. It goes on with what happens next.',
    );
  }

  /** Receives over a socket until it closes; returns false if none could be opened. */
  private async listen(): Promise<boolean> {
    const socket = new EventSocket(this.api.url, this.key, this.position, this.signal);
    try {
      const begun = await socket.begun;
      if (begun === null) return false;
      if (begun.gone) {
        this.warnOfGap();
        this.progress.beginAt(begun.cursor);
        this.position = begun.cursor;
      }
      for (let event = await socket.next(); event !== null; event = await socket.next()) {
        await this.dispatcher.put(event, event.cursor);
        this.position = event.cursor;
      }
      this.signal.throwIfAborted();
      return true;
    } finally {
      socket.close();
    }
  }
}

/** One connection by Socket.IO, whose events wait here in their order. */
class EventSocket {
  /** What the server says when it begins to send events; null if it does not. */
  readonly begun: Promise<Listening | null>;
  private readonly socket: Socket;
  private readonly queue: Pushed[] = [];
  private isClosed = false;
  private abandon: () => void = () => undefined;
  private readonly abort = () => {
    this.abandon();
    this.end();
  };
  private wake: (() => void) | null = null;

  constructor(
    url: string,
    key: string,
    after: string,
    private readonly signal: AbortSignal,
  ) {
    this.socket = io(url, {
      auth: { token: key, after },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      timeout: CONNECT_TIMEOUT,
      extraHeaders: { 'User-Agent': `echosphere-bot/${VERSION} (node)` },
    });
    this.begun = new Promise((done) => {
      const late = setTimeout(() => done(null), CONNECT_TIMEOUT);
      const end = (answer: Listening | null) => {
        clearTimeout(late);
        done(answer);
      };
      this.socket.once('listening', end);
      for (const bad of ['connect_error', 'disconnect', 'signed_out']) {
        this.socket.once(bad, () => {
          end(null);
          this.end();
        });
      }
      this.signal.addEventListener('abort', this.abort);
      this.abandon = () => end(null);
    });
    this.socket.on('event', (event: Pushed) => {
      if (this.queue.length >= MAX_QUEUED) this.end();
      if (!this.isClosed) this.queue.push(event);
      this.wake?.();
    });
  }

  /** Returns the next event; null when the connection has ended, or was quiet for a day. */
  async next(): Promise<Pushed | null> {
    if (this.queue.length === 0 && !this.isClosed) {
      await new Promise<void>((woken) => {
        const late = setTimeout(woken, QUIET);
        this.wake = () => {
          clearTimeout(late);
          woken();
        };
      });
    }
    return this.queue.shift() ?? null;
  }

  close(): void {
    this.end();
    this.signal.removeEventListener('abort', this.abort);
    this.socket.disconnect();
  }

  private end(): void {
    this.isClosed = true;
    this.wake?.();
  }
}
