// Every list in a component has keys that are identities: two rows with one key blank the whole pane,
// and a key that another row takes over gives that row what belonged to the first.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { en } from '../src/texts/en';
import { shortcutGroups } from '../src/help/shortcuts';

/** Why a key can never come twice in its list. */
const given = 'an id or a number that the server or this browser gave to it, once';
const fixed = 'a list that stands in the code, of different values';
const placed =
  'its place is all that it is: it has no state of its own, and is drawn anew as a whole';

const reasons: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'api-keys/ApiKeySettings.svelte': {
    'key.id': given,
    one: fixed,
    scope: fixed,
  },
  'bots/BotDialog.svelte': {
    'key.id': given,
    scope: fixed,
  },
  'bots/BotSettings.svelte': {
    'bot.id': given,
  },
  'bots/GroupBots.svelte': {
    'bot.id': given,
  },
  'webhooks/Apps.svelte': {
    'webhook.id': given,
  },
  'account/AccountHistory.svelte': {
    index: placed,
  },
  'account/Devices.svelte': {
    'session.id': given,
  },
  'account/ProveDialog.svelte': {
    'one.name': given,
  },
  'administration/Administration.svelte': {
    name: fixed,
  },
  'administration/AnnouncementForm.svelte': {
    one: fixed,
  },
  'administration/Announcements.svelte': {
    'one.id': given,
  },
  'administration/Approvals.svelte': {
    'one.id': given,
  },
  'administration/AuditLog.svelte': {
    'entry.number': given,
  },
  'administration/Checklist.svelte': {
    'check.name': given,
    name: given,
  },
  'administration/Conversations.svelte': {
    'size.id': given,
  },
  'administration/DecideReport.svelte': {
    'message.seq': given,
    one: fixed,
    span: fixed,
  },
  'administration/Examination.svelte': {
    'finding.name': fixed,
  },
  'administration/Health.svelte': {
    'figure.name': fixed,
    'job.id': given,
  },
  'administration/ManagePerson.svelte': {
    one: fixed,
  },
  'administration/People.svelte': {
    'person.id': given,
  },
  'administration/QuotaDialog.svelte': {
    one: fixed,
  },
  'administration/Reports.svelte': {
    'report.id': given,
  },
  'administration/ServerSettingRow.svelte': {
    choice: fixed,
  },
  'administration/Storage.svelte': {
    one: fixed,
    'person.id': given,
  },
  'administration/ServerSettings.svelte': {
    'group.name': fixed,
    'setting.name': given,
    name: given,
  },
  'announcements/Banner.svelte': {
    index: placed,
  },
  'announcements/Banners.svelte': {
    'announcement.id': given,
  },
  'attachments/Files.svelte': {
    'file.id': given,
  },
  'attachments/MediaGrid.svelte': {
    'item.id': given,
  },
  'attachments/PendingFiles.svelte': {
    'file.id': given,
  },
  'attachments/ViewerActions.svelte': {
    icon: fixed,
  },
  'ui/CheckList.svelte': {
    id: given,
  },
  'ui/Segments.svelte': {
    id: fixed,
  },
  'ui/Skeleton.svelte': {
    index: placed,
  },
  'composer/Completion.svelte': {
    'option.key': 'an emoji or the id of a member: each fits once',
  },
  'composer/TrayFiles.svelte': {
    'file.id': given,
  },
  'contacts/BlockedList.svelte': {
    'user.id': given,
  },
  'contacts/Directory.svelte': {
    'user.id': given,
  },
  'contacts/ContactList.svelte': {
    'contact.user.id': given,
    'request.id': given,
  },
  'messages/HoverBar.svelte': {
    emoji: fixed,
  },
  'messages/InfoDialog.svelte': {
    title: 'three headings, compared below',
    user: given,
  },
  'conversation/HeldBar.svelte': {
    'one.id': given,
  },
  'conversation/MessageList.svelte': {
    'row.key': 'made of the number or the key of a message, and the kind of the row',
  },
  'messages/MessageMenu.svelte': {
    emoji: fixed,
  },
  'pins/PinnedBar.svelte': {
    'pin.seq': given,
  },
  'reactions/Reactions.svelte': {
    emoji: 'the server counts by emoji',
  },
  'reactions/ReactionsDialog.svelte': {
    '`${emoji} ${user}`': 'a person reacts with an emoji once',
  },
  'messages/VersionsDialog.svelte': {
    number: 'versions are only added: the place in their order is their number',
  },
  'conversations/ConversationList.svelte': {
    'conversation.id': given,
    one: fixed,
  },
  'conversations/MuteDialog.svelte': {
    span: fixed,
  },
  'details/Expiry.svelte': {
    span: fixed,
  },
  'details/Details.svelte': {
    'member.user.id': given,
  },
  'details/Person.svelte': {
    role: fixed,
  },
  'details/SharedFiles.svelte': {
    'attachment.id': given,
    one: fixed,
  },
  'emoji/EmojiPanel.svelte': {
    column: placed,
    index: placed,
    'section.key': fixed,
  },
  'emoji/GroupTabs.svelte': {
    key: fixed,
  },
  'emoji/SkinTone.svelte': {
    hand: fixed,
  },
  'groups/Description.svelte': {
    index: placed,
  },
  'groups/BannedPeople.svelte': {
    'ban.user.id': given,
  },
  'groups/GroupRules.svelte': {
    days: fixed,
    pause: fixed,
  },
  'groups/HeldDialog.svelte': {
    'one.id': given,
  },
  'groups/LeaveDialog.svelte': {
    'user.id': given,
  },
  'groups/RemoveDialog.svelte': {
    span: fixed,
  },
  'help/HelpSheet.svelte': {
    does: 'compared below',
    'group.title': 'compared below',
    index: placed,
  },
  'invites/InviteFile.svelte': {
    'person.line': given,
    line: given,
  },
  'invites/InvitedPeople.svelte': {
    id: given,
  },
  'invites/ServerInvites.svelte': {
    'invite.id': given,
  },
  'invites/TermsFields.svelte': {
    one: fixed,
  },
  'invites/InviteLinks.svelte': {
    'invite.id': given,
    one: fixed,
  },
  'pdf/PdfPage.svelte': {
    index: placed,
  },
  'pdf/PdfReader.svelte': {
    index: placed,
  },
  'moderation/ReportDialog.svelte': {
    one: fixed,
  },
  'profile/StatusForm.svelte': {
    one: fixed,
    'one.name': fixed,
  },
  'switcher/QuickSwitcher.svelte': {
    'place.id': given,
  },
  'richtext/Blocks.svelte': {
    index: placed,
    number: placed,
  },
  'richtext/CodeBlock.svelte': {
    index: placed,
  },
  'richtext/InlineText.svelte': {
    index: placed,
  },
  'saved/SavedMessages.svelte': {
    '`${saved.message.conversation}/${saved.message.seq}`': given,
  },
  'search/Hit.svelte': {
    'file.id': given,
  },
  'search/Marked.svelte': {
    index: placed,
  },
  'search/SearchPane.svelte': {
    '`${result.message.conversation}/${result.message.seq}`': given,
    id: given,
    kind: fixed,
    'user.id': given,
  },
  'security/Passkeys.svelte': {
    'passkey.id': given,
  },
  'security/RememberedDevices.svelte': {
    'device.id': given,
  },
  'security/SecurityEvents.svelte': {
    'event.id': given,
  },
  'settings/StorageSettings.svelte': {
    'file.attachment.id': given,
  },
  'settings/SignInServices.svelte': {
    'one.name': given,
  },
  'settings/Choice.svelte': {
    option: fixed,
  },
  'settings/Settings.svelte': {
    one: fixed,
  },
  'app/OwnMenu.svelte': {
    one: fixed,
  },
  'notices/Toasts.svelte': {
    'notice.id': given,
  },
  'sending/UnsentDialog.svelte': {
    'file.id': given,
    'one.id': given,
  },
  'voice/VoiceRecorder.svelte': {
    index: placed,
  },
  'voice/Waveform.svelte': {
    index: placed,
  },
};

const root = join(import.meta.dirname, '../src');

function keysIn(source: string): string[] {
  return source.split('{#each ').slice(1).map(keyOf);
}

/** What stands in the last brackets of a block's head. */
function keyOf(rest: string): string {
  const head = rest.slice(0, endOf(rest, '{', '}')).trimEnd();
  if (!head.endsWith(')')) return 'no key';
  let depth = 0;
  for (let at = head.length - 1; at >= 0; at -= 1) {
    if (head[at] === ')') depth += 1;
    else if (head[at] === '(') depth -= 1;
    if (depth === 0) return head.slice(at + 1, -1);
  }
  return 'no key';
}

function endOf(text: string, open: string, close: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === open) depth += 1;
    else if (text[at] === close && depth === 0) return at;
    else if (text[at] === close) depth -= 1;
  }
  return text.length;
}

test('each key of each list is known, with the reason why it is an identity', () => {
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.svelte'))
    .map((name): [string, string[]] => [name, keysIn(readFileSync(join(root, name), 'utf8'))])
    .filter(([, keys]) => keys.length > 0);
  const known = Object.entries(reasons).map(([name, keys]) => [name, Object.keys(keys).sort()]);
  expect(
    Object.fromEntries(found.map(([name, keys]) => [name, [...new Set(keys)].sort()])),
  ).toEqual(Object.fromEntries(known));
  expect(Object.values(reasons).flatMap((one) => Object.values(one))).not.toContain('');
});

test('no key is a time', () => {
  const keys = Object.values(reasons).flatMap((one) => Object.keys(one));
  expect(keys.filter((key) => /created_at|edited_at|\bat\b|date|time/iu.test(key))).toEqual([]);
});

test('texts that are keys are different ones', () => {
  vi.stubGlobal('navigator', { platform: 'Linux' });
  const groups = shortcutGroups();
  vi.unstubAllGlobals();
  const titles = groups.map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
  for (const { shortcuts } of groups) {
    const does = shortcuts.map((one) => one.does);
    expect(new Set(does).size).toBe(does.length);
  }
  const { seenRead, seenDelivered, seenNot } = en.message;
  expect(new Set([seenRead, seenDelivered, seenNot]).size).toBe(3);
});
