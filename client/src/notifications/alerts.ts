// Makes itself heard when a message arrives while the person looks elsewhere: sound, notice, badge.
import type { Message } from '../contract/objects';
import { isPageFocused } from '../platform/page-focus';
import type { CurrentAccount } from '../account/current-account.svelte';
import type { Route } from '../navigation/store.svelte';
import type { OwnSettings } from '../settings/store.svelte';
import { messagePath, type Notifications } from './store.svelte';
import type { ConversationState } from '../conversations/conversation';
import { texts } from '../texts';
import { lineOf, nameOf, pictureOf, titleOf } from '../conversations/summary';
import { ring } from './sound';

/** Two tabs of one person get the same message: one of them speaks, for this long. */
const speaking = 3_000;
/** Where it is read it needs no sound: the tab before the person's eyes is heard first. */
const deference = 250;

interface Contexts {
  readonly account: Pick<CurrentAccount, 'self'>;
  readonly route: Pick<Route, 'conversation'>;
  readonly settings: Pick<OwnSettings, 'current'>;
  readonly notifications: Pick<Notifications, 'onArrival' | 'show'>;
}

/** Listens until the returned function is called. */
export function alertOnArrival(contexts: Contexts): () => void {
  return contexts.notifications.onArrival((message, conversation) => {
    const name = `echosphere-alert-${conversation.id}-${message.seq}-${message.version}`;
    const read = contexts.route.conversation === conversation.id && isPageFocused();
    if (read) void aloneAmongTabs(name, () => undefined);
    else
      setTimeout(
        () => void aloneAmongTabs(name, () => speak(contexts, message, conversation)),
        deference,
      );
  });
}

function speak(contexts: Contexts, message: Message, conversation: ConversationState): void {
  const settings = contexts.settings.current;
  if (settings.notify_sound) ring();
  if (document.visibilityState === 'visible' && document.hasFocus()) return;
  const { title, body } = settings.notify_content
    ? described(contexts, message, conversation)
    : { title: texts.product, body: texts.alerts.hidden };
  const picture = pictureOf(conversation, contexts.account.self.id);
  const shown = contexts.notifications.show(title, {
    body,
    // A push for the same conversation replaces this notice: the person sees one.
    tag: conversation.id,
    path: messagePath(conversation.id, message.seq),
    expiresAt: message.expires_at,
    ...(picture === null ? {} : { icon: picture }),
  });
  // The title and the list tell of it, too.
  shown.catch(() => undefined);
}

function described(
  contexts: Contexts,
  message: Message,
  conversation: ConversationState,
): { title: string; body: string } {
  const title = titleOf(conversation, contexts.account.self.id);
  const line = lineOf(conversation, message);
  return {
    title,
    body: conversation.kind === 'group' ? `${nameOf(conversation, message.author)}: ${line}` : line,
  };
}

/** The number on the app's icon, where the system shows one. */
export function showBadge(count: number): void {
  const system = navigator as Partial<Pick<Navigator, 'setAppBadge' | 'clearAppBadge'>>;
  const done = count > 0 ? system.setAppBadge?.(count) : system.clearAppBadge?.();
  void done?.catch(() => undefined);
}

async function aloneAmongTabs(name: string, act: () => void): Promise<void> {
  const { locks } = navigator as { locks?: LockManager };
  if (locks === undefined) {
    act();
    return;
  }
  await locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock === null) return;
    act();
    await new Promise((resolve) => setTimeout(resolve, speaking));
  });
}
