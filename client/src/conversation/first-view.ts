// How many of the newest messages fill the screen: the first view draws these, and no more.
import type { Message } from '../contract/objects';

/** The size of the page. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
}

// Seldom more than a row has: a view that is too long is drawn a little later, one that is too short
// would be seen to fill up. In pixels, as the densest view has them.
const chrome = 110;
const row = 34;
const line = 20;
/** Between what one person says and what the next one does. */
const authorGap = 8;
const picture = 112;
const file = 44;
const quote = 40;
const reactions = 26;
const preview = 48;
const letter = 7;
const widestBubble = 608;
const shareOfWidth = 0.86;

export function rowsThatFill(messages: readonly Message[], viewport: Viewport): number {
  const height = viewport.height - chrome;
  let left = height;
  let rows = 0;
  let later: Message | undefined;
  for (const message of messages.toReversed()) {
    if (left <= 0) return rows;
    left -= leastHeight(message, viewport.width);
    if (later !== undefined && later.author !== message.author) left -= authorGap;
    later = message;
    rows += 1;
  }
  // All are in the view, and there is room for those that are yet to come.
  return Math.max(rows, Math.ceil(height / row));
}

function leastHeight(message: Message, width: number): number {
  if (message.deleted || message.system !== null) return row;
  let height = row + line * (linesOf(message.body, width) - 1);
  const [first] = message.attachments;
  if (first !== undefined) height += /^(?:image|video)\//.test(first.type) ? picture : file;
  if (message.reply_to !== null) height += quote;
  if (message.preview !== null) height += preview;
  if (message.reactions.length > 0) height += reactions;
  return height;
}

function linesOf(body: string, width: number): number {
  const letters = Math.max(1, Math.min(widestBubble, width * shareOfWidth) / letter);
  return body
    .split('\n')
    .reduce((lines, { length }) => lines + Math.max(1, Math.ceil(length / letters)), 0);
}
