// The keys of all lists in components, with the reason why each is an identity.

/** Why a key can never come twice in its list. */
const given = 'an id or a number that the server or this browser gave to it, once';
const fixed = 'a list that stands in the code, of different values';
const described = 'a name that is a key of an object in the API documents, too';
const placed =
  'its place is all that it is: it has no state of its own, and is drawn anew as a whole';

export const reasons: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'api-keys/ApiKeySettings.svelte': {
    'key.id': given,
    one: fixed,
  },
  'api-keys/KeyForm.svelte': {
    scope: fixed,
  },
  'bots/ActionButtons.svelte': {
    index: placed,
    'action.id': given,
  },
  'bots/Answers.svelte': {
    'one.key': given,
  },
  'bots/CommandBar.svelte': {
    'command.bot.id': given,
  },
  'bots/BotDialog.svelte': {
    'key.id': given,
    'command.name': 'of one bot, whose commands the server takes only if no name is there twice',
  },
  'bots/BotSettings.svelte': {
    'bot.id': given,
  },
  'endpoints/Deliveries.svelte': {
    'one.id': given,
  },
  'endpoints/EndpointWishes.svelte': {
    name: fixed,
  },
  'endpoints/Endpoints.svelte': {
    'endpoint.id': given,
  },
  'bots/GroupBots.svelte': {
    'bot.id': given,
  },
  'reference/Contents.svelte': {
    'group.id': described,
    'entry.id': described,
  },
  'reference/EntryView.svelte': {
    'answer.status': described,
    index: placed,
    'refusal.status': described,
    scope: described,
  },
  'reference/Fields.svelte': {
    'field.name': described,
  },
  'reference/Prose.svelte': {
    index: placed,
  },
  'reference/Reference.svelte': {
    'entry.id': described,
    'group.id': described,
    index: placed,
  },
  'reference/SampleView.svelte': {
    index: placed,
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
