// The Socket.IO transport: one socket, its connection state, and calls with acknowledgements.
import type { Socket } from 'socket.io-client';
import * as v from 'valibot';
import { acknowledgementSchema } from '../contract/answers';
import { Refusal, Unreachable } from './refusal';

export type ConnectionState = 'connecting' | 'online' | 'offline';

export interface SocketHandlers {
  /** The user of this page, if known: the server refuses a session of another user. */
  person: () => string | null;
  onState: (state: ConnectionState) => void;
  onEvent: (name: string, payload: unknown) => void;
  onUnauthorized: () => void;
  /** The page or the machine woke up with a socket that looks alive: sync to be sure. */
  onWake: () => void;
}

const connectTimeout = 5_000;
const callTimeout = 10_000;
/** Browsers slow the timers of hidden pages to one a minute; a longer pause means sleep. */
const sleepGap = 90_000;

const fetchRetry = 3_000;

export class SocketClient {
  #socket: Socket | null = null;
  #creating: Promise<Socket> | null = null;
  /** `open` was called, and `close` was not called since. */
  #wanted = false;
  readonly #handlers: SocketHandlers;
  #failures = 0;
  #lastTick = Date.now();

  constructor(handlers: SocketHandlers) {
    this.#handlers = handlers;
    this.#watchForWake();
  }

  get online(): boolean {
    return this.#socket?.connected ?? false;
  }

  open(): void {
    this.#wanted = true;
    this.#handlers.onState(navigator.onLine ? 'connecting' : 'offline');
    void this.#connect();
  }

  close(): void {
    this.#wanted = false;
    this.#socket?.disconnect();
  }

  async call<Schema extends v.GenericSchema>(
    schema: Schema,
    event: string,
    argument: unknown,
  ): Promise<v.InferOutput<Schema>> {
    const socket = this.#socket;
    if (socket?.connected !== true) throw new Unreachable(event);
    const answer: unknown = await socket
      .timeout(callTimeout)
      .emitWithAck(event, argument)
      .catch((error: unknown) => {
        throw new Unreachable(event, { cause: error });
      });
    return parsedAnswer(schema, event, answer);
  }

  /** The library is not needed for the first view: it is fetched when the socket is first wanted. */
  async #connect(): Promise<void> {
    try {
      const socket = await (this.#creating ??= this.#createSocket());
      if (this.#wanted) socket.connect();
    } catch {
      this.#creating = null;
      if (!this.#wanted) return;
      this.#handlers.onState('offline');
      setTimeout(() => this.#wanted && void this.#connect(), fetchRetry);
    }
  }

  async #createSocket(): Promise<Socket> {
    const { io } = await import('socket.io-client');
    const socket = io({
      autoConnect: false,
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      timeout: connectTimeout,
      reconnectionDelay: 500,
      reconnectionDelayMax: 8_000,
      randomizationFactor: 0.5,
      auth: (give) => give({ user: this.#handlers.person() ?? undefined }),
    });
    this.#socket = socket;
    this.#listen(socket);
    return socket;
  }

  #listen(socket: Socket): void {
    socket.on('connect', () => {
      this.#failures = 0;
      this.#handlers.onState('online');
    });
    socket.on('disconnect', (reason) => {
      this.#handlers.onState(navigator.onLine ? 'connecting' : 'offline');
      // The client library does not come back by itself when the server closed the namespace.
      if (reason === 'io server disconnect') setTimeout(() => socket.connect(), 1_000);
    });
    socket.on('connect_error', (error) => this.#onConnectError(socket, error));
    socket.onAny((name: string, payload: unknown) => this.#handlers.onEvent(name, payload));
  }

  #onConnectError(socket: Socket, error: Error): void {
    this.#failures += 1;
    if (error.message === 'unauthorized') {
      this.#handlers.onUnauthorized();
      return;
    }
    // One failure may be the transport's; the state changes when the other transport fails, too.
    this.#handlers.onState(this.#failures > 1 || !navigator.onLine ? 'offline' : 'connecting');
    this.#preferOtherTransport(socket);
    // A refusal of the namespace (not of the connection) ends the library's own attempts.
    if (!socket.active) setTimeout(() => socket.connect(), 3_000);
  }

  /** Some proxies swallow WebSocket upgrades without an answer: then polling is tried first. */
  #preferOtherTransport(socket: Socket): void {
    const pollingFirst = this.#failures % 2 === 1;
    socket.io.opts.transports = pollingFirst ? ['polling', 'websocket'] : ['websocket', 'polling'];
  }

  #watchForWake(): void {
    addEventListener('online', () => this.#wake());
    addEventListener('offline', () => this.#handlers.onState('offline'));
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.#wake();
    });
    setInterval(() => {
      const slept = Date.now() - this.#lastTick > sleepGap;
      this.#lastTick = Date.now();
      if (slept) this.#reconnect();
    }, 5_000);
  }

  #wake(): void {
    const slept = Date.now() - this.#lastTick > sleepGap;
    this.#lastTick = Date.now();
    if (slept || !this.online) {
      this.#reconnect();
      return;
    }
    this.#handlers.onState('online');
    this.#handlers.onWake();
  }

  /** Connects at once instead of waiting for the next attempt or for a missing heartbeat. */
  #reconnect(): void {
    if (!this.#wanted) return;
    this.#handlers.onState('connecting');
    if (this.#socket === null) void this.#connect();
    else this.#socket.disconnect().connect();
  }
}

function parsedAnswer<Schema extends v.GenericSchema>(
  schema: Schema,
  event: string,
  answer: unknown,
): v.InferOutput<Schema> {
  const acknowledgement = v.safeParse(acknowledgementSchema, answer);
  if (!acknowledgement.success) throw new Refusal('unavailable', `${event}: unexpected answer`);
  if (!acknowledgement.output.ok) {
    const { code, detail, retry_after, fields } = acknowledgement.output.error;
    throw new Refusal(code ?? 'unavailable', detail ?? '', retry_after ?? null, fields);
  }
  const parsed = v.safeParse(schema, acknowledgement.output);
  if (!parsed.success) throw new Refusal('unavailable', `${event}: unexpected answer`);
  return parsed.output;
}
