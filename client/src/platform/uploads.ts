// Uploads files with progress and cancelling; a second call for the same file joins its upload.
import * as v from 'valibot';
import { attachmentAnswerSchema } from '../contract/answers';
import type { Attachment } from '../contract/objects';
import type { PendingFile } from './outbox';
import { queryString } from './api-client';
import { Refusal, Unreachable, refusalFrom } from './refusal';
import { apiRoot } from './rest';

/** Milliseconds. A network that drops everything may never report an error. */
const stallTimeout = 120_000;

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

  /** A cancelled upload rejects with `Unreachable`. */
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
      let stallTimer: ReturnType<typeof setTimeout> | undefined;
      const onActivity = (): void => {
        clearTimeout(stallTimer);
        stallTimer = setTimeout(() => request.abort(), stallTimeout);
      };
      onActivity();
      request.upload.onprogress = ({ loaded, total }) => {
        onActivity();
        this.onProgress(id, total === 0 ? 0 : loaded / total);
      };
      request.onloadend = () => clearTimeout(stallTimer);
      // A folder, or a file that was changed or removed since, fails like a broken network.
      request.onerror = () => {
        void isReadable(blob).then((readable) =>
          readable ? unreachable() : reject(new Refusal('unreadable', '')),
        );
      };
      request.onabort = unreachable;
      request.ontimeout = unreachable;
      request.onload = () => {
        const result = parseResponse(request);
        if (!(result instanceof Refusal)) resolve(result);
        else {
          if (result.code === 'unauthorized') this.onUnauthorized();
          reject(result);
        }
      };
      const form = new FormData();
      form.append('file', blob ?? new Blob(), name);
      const query = queryString({ key: id, duration, waveform, as_it_is });
      request.open('POST', `${apiRoot}/attachments${query}`);
      request.setRequestHeader('accept', 'application/json');
      request.send(form);
    });
  }
}

/** Whether the browser can still read the first and the last byte. */
export async function isReadable(blob: Blob | null): Promise<boolean> {
  try {
    await blob?.slice(0, 1).arrayBuffer();
    await blob?.slice(-1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

function parseResponse(request: XMLHttpRequest): Attachment | Refusal {
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
