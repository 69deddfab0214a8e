// Names that were replaced by the field's standard terms do not come back.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';

/** Each old identifier, and the one that is used instead; sorted. */
const retired: Readonly<Record<string, string>> = {
  Actions: 'MessageActions, or the store of the feature',
  CatchUp: 'SyncScheduler',
  Desk: 'MessageListState',
  Doors: 'Callbacks',
  Fetching: 'ConversationApi',
  Held: 'ConversationState',
  InviteWish: 'InviteTerms',
  Keeping: 'Persister',
  Lasting: 'ExpiringStatus',
  OwnWish: 'MemberSettingsChange',
  ReadingPlace: 'ReadingPosition',
  Recount: 'Debouncer',
  ReportWish: 'Report',
  Talk: 'ConversationStore',
  TalkDoors: 'ConversationStoreCallbacks',
  Told: 'OwnFieldsGuard',
  Tray: 'PendingAttachments',
  catchUp: 'syncScheduler',
  closeDoor: 'forgetSession',
  closedByBack: 'closeOnBack',
  desk: 'listState',
  doors: 'callbacks',
  eachOf: 'runEach',
  heldFrom: 'fromServer',
  isAttentive: 'isPageFocused',
  isLiving: 'isActionable',
  keepNow: 'flush',
  lasting: 'persistent',
  nextTurn: 'yieldToMain',
  provideMessenger: 'provideContexts',
  reachOfAll: 'receiptProgressOf',
  searchIn: 'search.within',
  stray: 'outOfRangeRows',
  stuck: 'pinnedToBottom',
  talk: 'store',
  useDesk: 'useMessageListState',
  useMessenger: 'the context of the feature',
};

const root = join(import.meta.dirname, '../src');
const texts = join(root, 'texts');
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(?:ts|svelte)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((file) => !file.startsWith(texts));

/** The identifiers of a file, without those in comments, strings and styles. */
function identifiers(source: string): Set<string> {
  const code = source
    .replaceAll(/<!--[\s\S]*?-->|<style[\s\S]*<\/style>|\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(?<!:)\/\/.*|'[^'\n]*'|"[^"\n{]*"/g, '');
  return new Set(code.match(/(?<![\w$-])[A-Za-z]\w*(?![\w-])/g));
}

test('no retired name comes back', () => {
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) =>
    [...identifiers(readFileSync(file, 'utf8'))]
      .filter((name) => Object.hasOwn(retired, name))
      .map((name) => `${basename(file)}: ${name}, use ${retired[name] ?? ''}`),
  );
  expect(found).toEqual([]);
});

test('the retired names are sorted', () => {
  const names = Object.keys(retired);
  expect(names).toEqual([...names].sort());
});
