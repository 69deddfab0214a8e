// The files beside a draft: added, uploaded ahead while the person still types, taken away again.
import { Refusal } from '../platform/refusal';
import { isReadable } from '../platform/uploads';
import { newKey } from '../platform/idempotency-key';
import type { PendingFile } from '../platform/outbox';
import { fileSize, texts } from '../texts';
import type { Drafts } from '../drafts/store.svelte';
import { isRefusedType, largestFile } from '../platform/limits';
import type { Notices } from '../notices/store.svelte';
import type { Sending } from '../sending/store.svelte';

export const maxFiles = 10;

export class PendingAttachments {
  /** Why a file was refused, by its id. */
  refused = $state.raw<ReadonlyMap<string, Refusal>>(new Map());

  constructor(
    private readonly drafts: Drafts,
    private readonly sending: Sending,
    private readonly notices: Notices,
  ) {}

  /** What was dropped or pasted; a folder cannot be sent. */
  bring(
    conversation: string,
    { files, folders }: { files: readonly File[]; folders: readonly string[] },
  ): void {
    for (const folder of folders) this.notices.bad(texts.composer.folder(folder));
    if (files.length > 0) this.add(conversation, files);
  }

  add(conversation: string, files: readonly File[]): void {
    const room = maxFiles - this.drafts.behind(conversation).files.length;
    if (files.length > room) this.notices.bad(texts.composer.tooManyFiles(maxFiles));
    const fitting = files.slice(0, Math.max(0, room)).filter((file) => this.#fits(file));
    this.#take(conversation, fitting.map(pendingFile));
    // They cannot be added to what was sent, and must not end the edit.
    const editing = this.drafts.mode(conversation)?.kind === 'edit';
    if (editing && fitting.length > 0) this.notices.plain(texts.composer.filesWait(fitting.length));
  }

  /** A recorded voice message; it is sent at once, without lying in the tray. */
  voice(file: File, duration: number, waveform: string): PendingFile | null {
    return this.#fits(file) ? { ...pendingFile(file), duration, waveform } : null;
  }

  #take(conversation: string, pending: readonly PendingFile[]): void {
    this.drafts.changeFiles(conversation, (known) => [...known, ...pending]);
    for (const file of pending) {
      void this.#measure(conversation, file);
      void this.#uploadAhead(conversation, file);
    }
  }

  remove(conversation: string, file: string): void {
    this.drafts.changeFiles(conversation, (known) => known.filter(({ id }) => id !== file));
    this.sending.cancelUpload(file);
    this.refused = new Map([...this.refused].filter(([id]) => id !== file));
  }

  /** The person was asked, and wants what the file may tell to be told. */
  sendAsItIs(conversation: string, file: PendingFile): void {
    const wanted = { ...file, as_it_is: true };
    this.#change(conversation, file.id, { as_it_is: true });
    this.refused = new Map([...this.refused].filter(([id]) => id !== file.id));
    void this.#uploadAhead(conversation, wanted);
  }

  /** Whether files beside a draft cannot be read any more; they are marked. */
  async findUnreadable(files: readonly PendingFile[]): Promise<boolean> {
    const waiting = files.filter(({ attachment }) => attachment === null);
    const readable = await Promise.all(waiting.map(({ blob }) => isReadable(blob)));
    const lost = waiting.filter((_, index) => readable[index] === false);
    const why = lost.map(({ id }): [string, Refusal] => [id, unreadable()]);
    this.refused = new Map([...this.refused, ...why]);
    return lost.length > 0;
  }

  #fits(file: File): boolean {
    const { name, size } = file;
    const largest = largestFile();
    if (isRefusedType(file)) {
      this.notices.bad(texts.composer.refusedType(name));
      return false;
    }
    if (size > largest) this.notices.bad(texts.composer.tooBig(name, fileSize(largest)));
    if (size === 0) this.notices.bad(texts.composer.emptyFile(name));
    return size > 0 && size <= largest;
  }

  async #measure(conversation: string, file: PendingFile): Promise<void> {
    const size = file.blob === null ? null : await imageSize(file.blob);
    if (size !== null) this.#change(conversation, file.id, size);
  }

  #change(conversation: string, file: string, fields: Partial<PendingFile>): void {
    this.drafts.changeFiles(conversation, (known) =>
      known.map((one) => (one.id === file ? { ...one, ...fields } : one)),
    );
  }

  async #uploadAhead(conversation: string, file: PendingFile): Promise<void> {
    if (file.blob === null) return;
    try {
      const attachment = await this.sending.upload(file);
      this.#change(conversation, file.id, { attachment });
    } catch (error) {
      // Anything passing is tried again when the message is sent.
      if (error instanceof Refusal && !error.isTemporary) {
        const lost = error.code === 'unreadable';
        const why = lost ? unreadable() : error;
        this.refused = new Map(this.refused).set(file.id, why);
      }
    }
  }
}

function unreadable(): Refusal {
  return new Refusal('unreadable', texts.failures.unreadable);
}

function pendingFile(file: File): PendingFile {
  return {
    id: newKey(),
    name: file.name === '' ? 'file' : file.name,
    type: file.type,
    size: file.size,
    width: null,
    height: null,
    blob: file,
    attachment: null,
  };
}

/** The size at which the picture will be shown: its place is kept while it is on its way. */
async function imageSize(blob: Blob): Promise<{ width: number; height: number } | null> {
  if (!blob.type.startsWith('image/')) return null;
  try {
    const bitmap = await createImageBitmap(blob);
    const { width, height } = bitmap;
    bitmap.close();
    return { width, height };
  } catch {
    return null;
  }
}
