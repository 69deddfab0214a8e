// The service worker and its push subscription, as the page sees them.

export interface PushKeys {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

const script = '/sw.js';
const maxIdleWait = 4_000;
const fallbackIdleWait = 1_500;

interface TypedScripts {
  createPolicy(
    name: string,
    rules: { createScriptURL: (address: string) => string },
  ): { createScriptURL(address: string): string };
}

/** Registers the worker for offline use and push; null where the browser allows none. */
export async function registerWorker(): Promise<ServiceWorkerRegistration | null> {
  if (!import.meta.env.PROD) return null;
  await firstViewShown();
  try {
    return await navigator.serviceWorker.register(scriptAddress(), { updateViaCache: 'none' });
  } catch {
    // Private windows and plain http have no workers: everything else works without.
    return null;
  }
}

/** The worker fetches all files of the build: the first view must not wait for them. */
function firstViewShown(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) {
      requestIdleCallback(() => resolve(), { timeout: maxIdleWait });
    } else setTimeout(resolve, fallbackIdleWait);
  });
}

/** Trusted Types require a policy for script URLs; it allows only the worker's. */
function scriptAddress(): string {
  const types = (globalThis as { trustedTypes?: TypedScripts }).trustedTypes;
  if (types === undefined) return script;
  const policy = types.createPolicy('echosphere-worker', {
    createScriptURL(address) {
      if (address !== script) throw new TypeError(`no worker is at ${address}`);
      return address;
    },
  });
  return policy.createScriptURL(script);
}

export async function currentSubscription(
  registration: ServiceWorkerRegistration,
): Promise<PushKeys | null> {
  return subscriptionKeys(await registration.pushManager.getSubscription());
}

/** Subscribes with the operator's public key; one made with another key is replaced. */
export async function subscribe(
  registration: ServiceWorkerRegistration,
  key: string,
): Promise<PushKeys | null> {
  const options = { userVisibleOnly: true, applicationServerKey: decodeBase64Url(key) };
  try {
    return subscriptionKeys(await registration.pushManager.subscribe(options));
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== 'InvalidStateError') throw error;
    await unsubscribe(registration);
    return subscriptionKeys(await registration.pushManager.subscribe(options));
  }
}

export async function unsubscribe(registration: ServiceWorkerRegistration): Promise<void> {
  await (await registration.pushManager.getSubscription())?.unsubscribe();
}

function subscriptionKeys(subscription: PushSubscription | null): PushKeys | null {
  const { endpoint, keys } = subscription?.toJSON() ?? {};
  const { p256dh, auth } = keys ?? {};
  if (endpoint === undefined || p256dh === undefined || auth === undefined) return null;
  return { endpoint, keys: { p256dh, auth } };
}

function decodeBase64Url(base64url: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
