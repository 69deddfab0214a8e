// The service worker: opens the app without a network, and shows what is pushed.
//
// Only files of the build and the page around them are kept, nothing of any person.
import { isMessengerPath, isOfContact, isOver, pushedFrom, shownFrom, type Pushed } from './pushed';

declare const self: ServiceWorkerGlobalScope;
/** Addresses of the build's files, and a name for this build: both written in by the build. */
declare const __FILES__: readonly string[];
declare const __BUILD__: string;

const prefix = 'echosphere-';
const shell = '/shell';
const assets = '/static/client/assets/';
const api = '/api/v1/notifications';
/** A network that does not answer for so long is none. */
const patience = 3_000;
const answerTime = 500;

self.addEventListener('install', (event) => {
  event.waitUntil(fetchAll().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([tidyUp(), withdrawExpired()]).then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate' && isMessengerPath(pathname)) {
    event.respondWith(pageOrShell(request));
  } else if (pathname.startsWith(assets)) {
    event.respondWith(keptOrFetched(request));
  }
});

self.addEventListener('push', (event) => {
  event.waitUntil(show(pushedFrom(event.data?.text() ?? null)));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openAt(shownFrom(event.notification.data).url));
});

self.addEventListener('pushsubscriptionchange', (event) => {
  event.waitUntil(resubscribe(event).catch(() => undefined));
});

async function fetchAll(): Promise<void> {
  const cache = await caches.open(prefix + __BUILD__);
  await Promise.all([fetchShell(cache), ...__FILES__.map((file) => take(cache, file))]);
}

async function fetchShell(cache: Cache): Promise<void> {
  const response = await fetch(shell, { cache: 'no-store', redirect: 'error' });
  if (!response.ok) throw new Error(`${shell}: ${response.status}`);
  await cache.put(shell, response);
}

/** Names change with the content: what an earlier build had need not be fetched again. */
async function take(cache: Cache, file: string): Promise<void> {
  const known = await caches.match(file);
  if (known === undefined) await cache.add(file);
  else await cache.put(file, known);
}

/** Pages of the build before this one may still be open and ask for their files. */
async function tidyUp(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(prefix));
  const older = names.filter((name) => name !== prefix + __BUILD__);
  await Promise.all(older.slice(0, -1).map((name) => caches.delete(name)));
}

async function keptOrFetched(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

/** The server's own page where it answers; it knows who is signed in. */
async function pageOrShell(request: Request): Promise<Response> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), patience));
  const fetched = fetch(request);
  const answer = await Promise.race([fetched.catch(() => null), late]);
  if (answer !== null && answer.status < 500) return answer;
  const cache = await caches.open(prefix + __BUILD__);
  return (await cache.match(shell)) ?? answer ?? fetched;
}

/** Nothing wakes the worker when a message disappears: it looks whenever something else does. */
async function withdrawExpired(): Promise<void> {
  for (const notification of await self.registration.getNotifications()) {
    if (isOver(shownFrom(notification.data), Date.now())) notification.close();
  }
}

async function show(pushed: Pushed): Promise<void> {
  const { conversation, title, body, icon, url, tag, expiresAt } = pushed;
  await withdrawExpired();
  if (isOver(pushed, Date.now())) return;
  if (conversation !== null && (await isBeforeTheEyes(conversation))) return;
  // An open page tells of requests itself.
  if (isOfContact(tag) && (await visibleWindows()).length > 0) return;
  await self.registration.showNotification(title, {
    body,
    data: { url, expiresAt },
    icon: icon ?? '/static/client/icon-192.png',
    ...(tag === null ? {} : { tag, renotify: true }),
  });
}

async function windows(): Promise<readonly WindowClient[]> {
  return self.clients.matchAll({ type: 'window', includeUncontrolled: true });
}

async function visibleWindows(): Promise<readonly WindowClient[]> {
  return (await windows()).filter((page) => page.visibilityState === 'visible');
}

async function isBeforeTheEyes(conversation: string): Promise<boolean> {
  const open = await Promise.all((await visibleWindows()).map(openConversation));
  return open.includes(conversation);
}

function openConversation(page: WindowClient): Promise<unknown> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<{ open?: unknown }>) => resolve(data.open);
    setTimeout(() => resolve(null), answerTime);
    page.postMessage({ ask: 'open' }, [port2]);
  });
}

async function openAt(path: string): Promise<void> {
  const pages = await windows();
  const page = pages.find(({ focused }) => focused) ?? pages[0];
  const messenger = page !== undefined && isMessengerPath(new URL(page.url).pathname);
  if (!messenger) {
    await self.clients.openWindow(path);
    return;
  }
  await page.focus();
  page.postMessage({ ask: 'go', path });
}

/** The browser's push service gave a new address to this device: the server has to know it. */
async function resubscribe(event: PushSubscriptionChangeEvent): Promise<void> {
  const renewed = event.newSubscription ?? (await subscribed(event));
  const { endpoint, keys } = renewed.toJSON();
  await fetch(`${api}/subscriptions`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ endpoint, keys: { p256dh: keys?.['p256dh'], auth: keys?.['auth'] } }),
  });
}

async function subscribed({
  oldSubscription,
}: PushSubscriptionChangeEvent): Promise<PushSubscription> {
  const known = oldSubscription?.options.applicationServerKey ?? null;
  return self.registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: known ?? (await keyOfServer()),
  });
}

async function keyOfServer(): Promise<string> {
  const answer = (await (await fetch(`${api}/key`)).json()) as { key: string };
  return answer.key;
}
