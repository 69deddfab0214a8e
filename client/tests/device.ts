// One device of a person: the conversations behind its screens, with a server behind them.
import { ConversationStore } from '../src/conversations/store.svelte';
import type { ConversationState } from '../src/conversations/conversation';
import { defaultSettings, type Settings } from '../src/settings/model';
import { FakeApi } from './fake-api';
import { me, Server, type Event } from './server';

/** A conversation with a server behind it, as one device has it. */
export class Device {
  readonly fakeApi = new FakeApi();
  readonly gone: number[] = [];
  readonly arrived: number[] = [];
  readonly mentioned: number[] = [];
  readonly dropped: string[] = [];
  readonly went: (string | null)[] = [];
  hiddenAfter: number | null = null;
  settings: Settings = defaultSettings;
  readonly store: ConversationStore;

  constructor(readonly server: Server) {
    const { api, socket } = this.fakeApi;
    this.store = new ConversationStore({
      api,
      settings: () => this.settings,
      onDraft: () => undefined,
      onDraftChanged: () => undefined,
      onArrived: ({ seq }) => this.arrived.push(seq),
      onGone: (_conversation, seq) => this.gone.push(seq),
      onMentioned: ({ seq }) => this.mentioned.push(seq),
      onDropped: (conversation) => this.dropped.push(conversation),
      onReset: () => undefined,
      onUsers: () => undefined,
      onWatched: () => undefined,
      onStateChanged: () => undefined,
      onHiddenAfter: (after) => (this.hiddenAfter = after),
      go: (conversation) => {
        this.went.push(conversation);
        this.store.show(conversation);
      },
    });
    socket.set('history', (range) => page(server, range));
    type Asked = Record<'versions' | 'clearings', Record<string, number>>;
    socket.set('sync', ({ versions, clearings }: Asked) => {
      const item = server.sync(versions['c'], clearings['c'] ?? 0);
      return {
        conversations: item === null ? [] : [item],
        gone: [],
        more: false,
        epoch: '',
        outdated: [],
      };
    });
  }

  async start(): Promise<this> {
    this.#answer();
    await this.store.start(me);
    return this;
  }

  /** The connection is there: what was missed is asked for. */
  connect(): void {
    this.#answer();
    this.store.onConnected();
  }

  #answer(): void {
    const conversation = this.server.conversation();
    const members = [...this.server.members.values()];
    this.fakeApi.answers.push(
      ['GET', '/conversations/c/members', { members }],
      ['GET', '/conversations/c', { conversation }],
      ['GET', '/conversations', { conversations: [conversation] }],
    );
  }

  get state(): ConversationState {
    const state = this.store.get('c');
    if (state === undefined) throw new Error('the conversation is held');
    return state;
  }

  receive({ name, event }: Event): void {
    (this.store.handlers[name] as (event: unknown) => void)(event);
  }

  calls(event: string): unknown[] {
    return this.fakeApi.said.filter(([name]) => name === event).map(([, argument]) => argument);
  }
}

function page(server: Server, range: Partial<Record<string, number>>): unknown {
  const { before, after, around, limit } = range;
  if (before !== undefined) return server.before(before);
  if (after !== undefined) return server.after(after);
  return around === undefined ? server.latest(limit) : server.around(around);
}

export function talkative(count: number, size = 10): Server {
  const server = new Server(size);
  for (let said = 0; said < count; said += 1) server.post('ana', `said ${said}`);
  return server;
}

export async function opened(device: Device): Promise<Device> {
  device.store.show('c');
  await device.start();
  return device;
}
