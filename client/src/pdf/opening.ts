// Opens a PDF with pdf.js, which reads it in a worker of its own and fetches only what is looked at.
import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs';
import files from 'virtual:pdf-files';
import address from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';

export type {
  PageViewport,
  PDFDocumentProxy,
  PDFPageProxy,
  RenderTask,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
export { TextLayer } from 'pdfjs-dist/legacy/build/pdf.mjs';

export type Trouble = 'locked' | 'broken' | 'failed';

const piece = 256 * 1024;
const patience = 500;

interface TypedScripts {
  createPolicy(
    name: string,
    rules: { createScriptURL: (asked: string) => string },
  ): { createScriptURL(asked: string): string };
}

let vouched: string | undefined;

/** Trusted Types ask who vouches for an address of script: only this one is ever vouched for. */
function scriptAddress(): string {
  const types = (globalThis as { trustedTypes?: TypedScripts }).trustedTypes;
  // A policy can be made once; what it answered stays good.
  vouched ??=
    types === undefined
      ? address
      : types
          .createPolicy('echosphere-pdf', {
            createScriptURL(asked) {
              if (asked !== address) throw new TypeError(`no reader of PDFs is at ${asked}`);
              return asked;
            },
          })
          .createScriptURL(address);
  return vouched;
}

export interface Opened {
  readonly document: Promise<pdfjs.PDFDocumentProxy>;
  /** Stops the worker, whatever it is doing; all memory of the document goes with it. */
  close(): void;
}

export function openPdf(url: string): Opened {
  const thread = new Worker(scriptAddress(), { type: 'module' });
  const worker = pdfjs.PDFWorker.create({ port: thread });
  const loading = pdfjs.getDocument({
    url,
    worker,
    rangeChunkSize: piece,
    disableAutoFetch: true,
    disableStream: true,
    // Neither script in a document nor a form made of it is ever looked at.
    enableXfa: false,
    useWasm: false,
    cMapUrl: `${files}cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${files}standard_fonts/`,
    wasmUrl: `${files}wasm/`,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
  });
  return {
    document: loading.promise,
    close() {
      // Taking leave waits for the worker, which may be busy with a page that never ends.
      void loading.destroy();
      setTimeout(() => thread.terminate(), patience);
    },
  };
}

export function troubleOf(error: unknown): Trouble {
  const name = error instanceof Error ? error.name : '';
  if (name === 'PasswordException') return 'locked';
  return name === 'InvalidPDFException' ? 'broken' : 'failed';
}
