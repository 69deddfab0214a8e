// What the keyboard does wherever the focus is: switching conversations, reading, help.
import { overlays } from '../ui/back-navigation';
import type { CurrentAccount } from '../account/current-account.svelte';
import type { ConversationStore } from '../conversations/store.svelte';
import type { Route } from '../navigation/store.svelte';
import { visibleConversations } from '../conversations/model';
import { newestSeq } from '../conversations/conversation';
import { adjacentId } from '../ui/name-match';

interface Contexts {
  readonly account: Pick<CurrentAccount, 'me'>;
  readonly route: Pick<Route, 'conversation' | 'panel' | 'open' | 'show' | 'hideDialog'>;
  readonly conversations: Pick<ConversationStore, 'byId' | 'get' | 'unread'>;
  readonly history: Pick<ConversationStore, 'seen' | 'reading'>;
}

/** Handles a key that was pressed anywhere; what belongs to a field or a dialog is left to it. */
export function pressed(contexts: Contexts, event: KeyboardEvent): void {
  if (event.defaultPrevented || contexts.account.me === null) return;
  const done = withCommand(contexts, event) || withAlt(contexts, event) || alone(contexts, event);
  if (done) event.preventDefault();
}

function withCommand({ route }: Contexts, event: KeyboardEvent): boolean {
  if (event.altKey || (!event.ctrlKey && !event.metaKey)) return false;
  const key = event.key.toLowerCase();
  if (key === 'k' && !event.shiftKey) {
    if (route.panel === 'switch') route.hideDialog();
    else route.show('switch');
    return true;
  }
  if (key === 'f' && event.shiftKey) {
    route.show('search');
    return true;
  }
  if (key === ',') {
    route.show('settings');
    return true;
  }
  return false;
}

function withAlt(contexts: Contexts, event: KeyboardEvent): boolean {
  if (!event.altKey || event.ctrlKey || event.metaKey || dialogIsOpen()) return false;
  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return false;
  const { conversations, route } = contexts;
  const all = visibleConversations(conversations.byId).filter(
    (conversation) => !event.shiftKey || conversations.unread(conversation) > 0,
  );
  const ids = all.map(({ id }) => id);
  const next = adjacentId(ids, route.conversation, event.key === 'ArrowDown' ? 1 : -1);
  if (next !== null) route.open(next);
  return true;
}

function alone(contexts: Contexts, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || dialogIsOpen()) return false;
  if (event.key === '?' && !typing(event.target)) {
    contexts.route.show('help');
    return true;
  }
  if (event.key !== 'Escape' || popoverIsOpen()) return false;
  return overlays.closeTop() || markRead(contexts);
}

/** Escape, when nothing else wants it, marks the open conversation as read. */
function markRead({ conversations, history, route }: Contexts): boolean {
  const conversation =
    route.conversation === null ? undefined : conversations.get(route.conversation);
  if (conversation === undefined || conversations.unread(conversation) === 0) return false;
  history.seen(conversation.id, newestSeq(conversation));
  history.reading.line = null;
  return true;
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/u.test(target.tagName);
}

function dialogIsOpen(): boolean {
  return document.querySelector('dialog[open]') !== null;
}

function popoverIsOpen(): boolean {
  return document.querySelector(':popover-open') !== null;
}
