// Shapes of what the server sends. Newer servers may send more.

export interface User {
  readonly id: string;
  /** Empty if the bot may not see it. */
  readonly name: string;
  readonly kind: string;
}

export interface FileData {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly url: string;
}

export interface MessageData {
  readonly conversation: string;
  readonly seq: number;
  readonly author: string;
  readonly body: string;
  readonly created_at: number;
  readonly reply_to: number | null;
  readonly attachments: readonly FileData[];
  readonly mentions: readonly { readonly user: string | null; readonly text: string }[];
  readonly automated?: boolean;
}

/** Something that happened; `id` is the same whenever it is sent. */
export interface Event {
  readonly id: string;
  readonly type: string;
  readonly at: number;
  readonly conversation: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Page {
  readonly events: readonly Event[];
  readonly cursor: string;
}

export interface Button {
  readonly id: string;
  readonly label: string;
  readonly style?: 'primary' | 'danger';
  /** What comes along with a press. */
  readonly value?: string;
  /** Where it leads; then no press is heard of. */
  readonly url?: string;
  /** What is asked before a press counts. */
  readonly confirm?: string;
}

/** Buttons, or rows of them. */
export type Actions = readonly (Button | readonly Button[])[];

const ROW = 5;

/** Returns buttons in rows, of which there may be five of five. */
export function rowsOf(actions: Actions | undefined): Button[][] | undefined {
  if (actions === undefined) return undefined;
  const rows: Button[][] = [];
  let isOpen = false;
  for (const one of actions) {
    const last = rows.at(-1);
    if (isRow(one)) rows.push([...one]);
    else if (isOpen && last !== undefined && last.length < ROW) last.push(one);
    else rows.push([one]);
    isOpen = !isRow(one);
  }
  if (rows.length > ROW || rows.some((row) => row.length > ROW)) {
    throw new RangeError('A message has at most 5 rows of 5 buttons.');
  }
  return rows;
}

function isRow(one: Button | readonly Button[]): one is readonly Button[] {
  return Array.isArray(one);
}
