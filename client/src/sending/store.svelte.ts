// What is on its way: messages in the outbox and files being uploaded, with their progress.
import type { SocketClient } from '../platform/socket-client';
import type { LocalDatabase } from '../platform/local-database';
import { Refusal, Unreachable } from '../platform/refusal';
import type { Rest } from '../platform/rest';
import { OutboxSender } from '../platform/outbox-sender';
import { Uploads } from '../platform/uploads';
import type * as v from 'valibot';
import { postAnswerSchema } from '../contract/answers';
import type { Attachment, Message } from '../contract/objects';
import { newKey } from '../platform/idempotency-key';
import type { Pending, PendingFile } from '../platform/outbox';

interface Callbacks {
  readonly rest: Rest;
  readonly socketClient: SocketClient;
  /** Nobody else has signed in in this browser meanwhile. */
  isStillHere(): Promise<boolean>;
  onPosted(message: Message): void;
  /** The filter of a group holds what was sent there. */
  onHeld(conversation: string): void;
}

export class Sending {
  outbox = $state.raw<readonly Pending[]>([]);
  /** The uploaded share of a file, from 0 to 1. */
  progress = $state.raw<ReadonlyMap<string, number>>(new Map());
  readonly #uploads: Uploads;
  #sender: OutboxSender | null = null;

  constructor(private readonly callbacks: Callbacks) {
    this.#uploads = new Uploads(
      (file, share) => (this.progress = new Map(this.progress).set(file, share)),
      () => callbacks.rest.onUnauthorized(),
    );
  }

  /** Shows what waits and takes in more, before it is certain that the person is signed in. */
  async open(person: string, local: LocalDatabase): Promise<void> {
    this.#sender = new OutboxSender(person, {
      database: local,
      locks: (navigator as { locks?: LockManager }).locks,
      post: (pending, attachments) => this.#post(pending, attachments),
      upload: (file) => this.upload(file),
      onChanged: (outbox) => (this.outbox = outbox),
      onPosted: (message) => this.callbacks.onPosted(message),
    });
    await this.#sender.open();
  }

  /** The person is signed in: what waits is sent. */
  async start(): Promise<void> {
    await this.#sender?.start();
  }

  stop(): void {
    this.#sender?.stop();
  }

  wake(): void {
    this.#sender?.wake();
  }

  async send(
    conversation: string,
    body: string,
    files: readonly PendingFile[],
    reply_to: number | null = null,
  ): Promise<void> {
    await this.#sender?.add({
      key: newKey(),
      conversation,
      body,
      files,
      reply_to,
      created_at: Date.now(),
      failed: null,
    });
  }

  retry(pending: Pending, asItIs = false): Promise<void> {
    return this.#sender?.retry(pending, asItIs) ?? Promise.resolve();
  }

  async discard(pending: Pending): Promise<void> {
    await this.#sender?.discard(pending);
    for (const { id } of pending.files) this.#uploads.cancel(id);
  }

  async upload(file: PendingFile): Promise<Attachment> {
    try {
      return await this.#uploads.upload(file);
    } finally {
      const progress = new Map(this.progress);
      progress.delete(file.id);
      this.progress = progress;
    }
  }

  cancelUpload(file: string): void {
    this.#uploads.cancel(file);
  }

  /** Answers null where the filter of a group holds it. */
  async #post(pending: Pending, attachments: readonly string[]): Promise<Message | null> {
    const { message } = await this.#answered(pending, attachments);
    if (message === null) this.callbacks.onHeld(pending.conversation);
    return message;
  }

  /** Over the socket, and where that gives no answer over HTTP: the key makes it one message. */
  async #answered(
    pending: Pending,
    attachments: readonly string[],
  ): Promise<v.InferOutput<typeof postAnswerSchema>> {
    const { conversation, key, body, reply_to } = pending;
    const content = {
      key,
      body,
      ...(reply_to == null ? {} : { reply_to }),
      ...(attachments.length > 0 ? { attachments } : {}),
    };
    try {
      const call = { conversation, ...content };
      return await this.callbacks.socketClient.call(postAnswerSchema, 'post', call);
    } catch (error) {
      if (error instanceof Refusal || !(error instanceof Unreachable)) throw error;
    }
    // The socket is this person's or none; a request goes out with whatever cookie there is.
    if (!(await this.callbacks.isStillHere())) throw new Unreachable('post');
    const path = `/conversations/${encodeURIComponent(conversation)}/messages`;
    return this.callbacks.rest.call(postAnswerSchema, 'POST', path, content);
  }
}
