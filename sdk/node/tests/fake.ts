// What the tests need of a server. The SDK as a whole is tested in tests/sdk of the repository, against the
// product and against the fake server of the SDK for Python.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
}

/** How the next requests with this in their path are answered: `lost` does it and breaks the connection. */
export interface Fault {
  readonly path: string;
  readonly status: number | 'lost';
  readonly headers?: Record<string, string>;
  times: number;
}

const ECHO = { id: 'echo', name: 'Echo', kind: 'bot' };
const ADA = { id: 'ada', name: 'Ada', kind: 'person' };

export class Fake {
  readonly asked: Asked[] = [];
  readonly posted = new Map<string, Record<string, unknown>>();
  readonly faults: Fault[] = [];
  readonly events: Record<string, unknown>[] = [];
  log = 'a';
  url = '';
  private readonly server = createServer((request, response) => {
    void this.serve(request, response);
  });
  private waiting: (() => void)[] = [];

  async start(): Promise<this> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.wake();
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  get texts(): unknown[] {
    return [...this.posted.values()].map((one) => one['body'] ?? one['text'] ?? one['notice']);
  }

  tell(type: string, data: object, conversation = 'garden'): void {
    const id = `event-${this.events.length}`;
    this.events.push({ id, type, at: 0, conversation, data });
    this.wake();
  }

  say(body: string, more: object = {}): void {
    const seq = this.events.length + 1;
    const mentions = body.includes('@Echo') ? [{ user: 'echo', text: 'Echo' }] : [];
    this.tell('message.posted', { message: { ...messageOf(seq, 'ada', body), mentions, ...more } });
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const one of waiting) one();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    const isJson = request.headers['content-type'] === 'application/json';
    const body = (isJson ? JSON.parse(Buffer.concat(chunks).toString()) : {}) as Asked['body'];
    const { authorization } = request.headers;
    const method = request.method ?? '';
    const fault = this.faults.find((one) => one.times > 0 && pathname.includes(one.path));
    if (fault !== undefined) fault.times -= 1;
    if (typeof fault?.status === 'number') {
      response.writeHead(fault.status, fault.headers ?? {}).end('{"detail": "It failed."}');
      return;
    }
    this.asked.push({ method, path: pathname, authorization, body });
    const [status, answer] = await this.answer(method, pathname, searchParams, body);
    if (fault?.status === 'lost') request.socket.destroy();
    else
      response
        .writeHead(status, { 'Content-Type': 'application/json' })
        .end(JSON.stringify(answer));
  }

  private async answer(
    method: string,
    path: string,
    query: URLSearchParams,
    body: Asked['body'],
  ): Promise<[number, unknown]> {
    if (path === '/api/v1/me') return [200, { user: ECHO }];
    if (path === '/api/v1/users/ada') return [200, { user: ADA }];
    if (path.startsWith('/api/v1/users/')) return [404, { code: 'not_found', detail: 'No such.' }];
    if (path === '/api/v1/conversations/garden') {
      return [200, { conversation: { members: [{ user: { ...ADA, id: 'gone', name: 'Gus' } }] } }];
    }
    if (path === '/api/v1/events') return this.after(query);
    if (path.startsWith('/api/v1/respond/')) return this.once(body, {});
    if (method === 'POST' && path.endsWith('/messages')) {
      return this.once(body, { message: messageOf(99, 'echo', body['body'] as string) });
    }
    if (path.startsWith('/api/v1/attachments')) return [201, { attachment: { id: 'file' } }];
    return [200, { message: messageOf(99, 'echo', 'changed') }];
  }

  private once(body: Asked['body'], answer: object): [number, unknown] {
    const key = body['key'] as string;
    const isNew = !this.posted.has(key);
    if (isNew) this.posted.set(key, body);
    return [isNew ? 201 : 200, answer];
  }

  private async after(query: URLSearchParams): Promise<[number, unknown]> {
    const after = query.get('after');
    if (after === null) return [200, { events: [], cursor: `${this.log}.${this.events.length}` }];
    const [log, number] = after.split('.');
    if (log !== this.log) return [410, { code: 'gone', detail: 'Too old.' }];
    if (this.events.length <= Number(number) && query.get('wait') !== '0') {
      await new Promise<void>((woken) => this.waiting.push(woken));
    }
    const events = this.events.slice(Number(number));
    return [200, { events, cursor: `${this.log}.${this.events.length}` }];
  }
}

function messageOf(seq: number, author: string, body: string) {
  return {
    conversation: 'garden',
    seq,
    author,
    body,
    created_at: 0,
    reply_to: null,
    attachments: [],
    mentions: [],
  };
}

/** Waits until something is true. */
export async function until(isTrue: () => boolean): Promise<void> {
  for (let waited = 0; !isTrue(); waited += 5) {
    if (waited > 20_000) throw new Error(`It does not become true: ${isTrue.toString()}`);
    await new Promise((later) => setTimeout(later, 5));
  }
}
