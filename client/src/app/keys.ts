// What the keyboard does wherever the focus is: switching conversations, reading, help.
import { overlays } from '../ui/back-navigation';
import type { Messenger } from './messenger.svelte';
import { visibleConversations } from '../conversations/model';
import { newestSeq } from '../conversations/conversation';
import { adjacentId } from '../ui/name-match';

/** Handles a key that was pressed anywhere; what belongs to a field or a dialog is left to it. */
export function pressed(messenger: Messenger, event: KeyboardEvent): void {
  if (event.defaultPrevented || messenger.me === null) return;
  const done =
    withCommand(messenger, event) || withAlt(messenger, event) || alone(messenger, event);
  if (done) event.preventDefault();
}

function withCommand({ route }: Messenger, event: KeyboardEvent): boolean {
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

function withAlt(messenger: Messenger, event: KeyboardEvent): boolean {
  if (!event.altKey || event.ctrlKey || event.metaKey || dialogIsOpen()) return false;
  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return false;
  const { store, route } = messenger;
  const all = visibleConversations(store.byId).filter(
    (conversation) => !event.shiftKey || store.unread(conversation) > 0,
  );
  const ids = all.map(({ id }) => id);
  const next = adjacentId(ids, route.conversation, event.key === 'ArrowDown' ? 1 : -1);
  if (next !== null) route.open(next);
  return true;
}

function alone(messenger: Messenger, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || dialogIsOpen()) return false;
  if (event.key === '?' && !typing(event.target)) {
    messenger.route.show('help');
    return true;
  }
  if (event.key !== 'Escape' || popoverIsOpen()) return false;
  return overlays.closeTop() || markRead(messenger);
}

/** Escape, when nothing else wants it, marks the open conversation as read. */
function markRead({ store, route }: Messenger): boolean {
  const conversation = route.conversation === null ? undefined : store.get(route.conversation);
  if (conversation === undefined || store.unread(conversation) === 0) return false;
  store.seen(conversation.id, newestSeq(conversation));
  store.reading.line = null;
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
