// What was dropped or pasted: files that can be sent, folders that cannot, and text that comes with a
// picture of itself.

export interface Brought {
  readonly files: readonly File[];
  /** The names of folders. */
  readonly folders: readonly string[];
}

type Transfer = Pick<DataTransfer, 'files' | 'items' | 'getData'>;

/** Has to be asked while the event is handled: afterwards the browser has forgotten it. */
export function broughtBy(transfer: Transfer | null): Brought {
  const items = [...(transfer?.items ?? [])].filter(({ kind }) => kind === 'file');
  if (items.length === 0) return { files: [...(transfer?.files ?? [])], folders: [] };
  const entries = items.map((item) => ({ file: item.getAsFile(), entry: entryOf(item) }));
  const isFolder = ({ entry }: (typeof entries)[number]): boolean => entry?.isDirectory === true;
  return {
    files: entries.filter((one) => !isFolder(one)).flatMap(({ file }) => file ?? []),
    folders: entries.filter(isFolder).map(({ entry }) => entry?.name ?? ''),
  };
}

function entryOf(item: DataTransferItem): FileSystemEntry | null {
  const known = item as Partial<Pick<DataTransferItem, 'webkitGetAsEntry'>>;
  return known.webkitGetAsEntry === undefined ? null : item.webkitGetAsEntry();
}

/**
 * Cells of a table and words of a document come with a picture of themselves: the text is meant. A
 * copied file comes with its name or its path: the file is meant.
 */
export function meansText(transfer: Transfer | null, { files }: Brought): boolean {
  const lines = (transfer?.getData('text/plain') ?? '').trim().split(/\r?\n/u);
  if (lines.join('') === '' || !files.every(({ type }) => type.startsWith('image/'))) return false;
  const named = lines.every((line) => files.some(({ name }) => endsWithName(line.trim(), name)));
  return !named;
}

function endsWithName(line: string, name: string): boolean {
  return [name, encodeURIComponent(name)].some((one) => line === one || line.endsWith(`/${one}`));
}
