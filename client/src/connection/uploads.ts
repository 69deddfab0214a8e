// Uploads of files with progress and cancelling; whoever asks twice for one file joins its upload.
import * as v from 'valibot';
import { attachmentAnswerSchema } from '../contract/answers';
import type { Attachment } from '../contract/objects';
import type { PendingFile } from '../state/outbox.state';
import { queryOf } from './calls';
import { Refusal, Unreachable, refusalFrom } from './refusal';
import { root } from './rest';

/** A network that swallows everything may never report an error. */
const longestSilence = 120_000;

interface Upload {
  readonly done: Promise<Attachment>;
  readonly request: XMLHttpRequest;
}

export class Uploads {
  readonly #running = new Map<string, Upload>();

  constructor(
    private readonly onProgress: (file: string, share: number) => void,
    private readonly onUnauthorized: () => void,
  ) {}

  /** Answers the attachment; a cancelled upload ends as `Unreachable`. */
  upload(file: PendingFile): Promise<Attachment> {
    const running = this.#running.get(file.id);
    if (running !== undefined) return running.done;
    const request = new XMLHttpRequest();
    const done = this.#send(request, file).finally(() => this.#running.delete(file.id));
    this.#running.set(file.id, { done, request });
    return done;
  }

  cancel(file: string): void {
    this.#running.get(file)?.request.abort();
  }

  #send(request: XMLHttpRequest, file: PendingFile): Promise<Attachment> {
    const { id, name, blob, duration, waveform, as_it_is } = file;
    return new Promise((resolve, reject) => {
      const unreachable = (): void => reject(new Unreachable(`upload of ${name}`));
      let silence: ReturnType<typeof setTimeout> | undefined;
      const heard = (): void => {
        clearTimeout(silence);
        silence = setTimeout(() => request.abort(), longestSilence);
      };
      heard();
      request.upload.onprogress = ({ loaded, total }) => {
        heard();
        this.onProgress(id, total === 0 ? 0 : loaded / total);
      };
      request.onloadend = () => clearTimeout(silence);
      // A file that was changed, moved or removed since, or a folder, looks like a broken network.
      request.onerror = () => {
        void isReadable(blob).then((readable) =>
          readable ? unreachable() : reject(new Refusal('unreadable', '')),
        );
      };
      request.onabort = unreachable;
      request.ontimeout = unreachable;
      request.onload = () => {
        const result = answered(request);
        if (!(result instanceof Refusal)) resolve(result);
        else {
          if (result.code === 'unauthorized') this.onUnauthorized();
          reject(result);
        }
      };
      const form = new FormData();
      form.append('file', blob ?? new Blob(), name);
      const query = queryOf({ key: id, duration, waveform, as_it_is });
      request.open('POST', `${root}/attachments${query}`);
      request.setRequestHeader('accept', 'application/json');
      request.send(form);
    });
  }
}

/** The browser lets the first and the last byte be read, where there are any. */
export async function isReadable(blob: Blob | null): Promise<boolean> {
  try {
    await blob?.slice(0, 1).arrayBuffer();
    await blob?.slice(-1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

function answered(request: XMLHttpRequest): Attachment | Refusal {
  const body = parsed(request.responseText);
  if (request.status < 200 || request.status > 299) {
    return refusalFrom(request.status, body, request.getResponseHeader('retry-after'));
  }
  const answer = v.safeParse(attachmentAnswerSchema, body);
  return answer.success
    ? answer.output.attachment
    : new Refusal('unavailable', 'unexpected answer to an upload');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
