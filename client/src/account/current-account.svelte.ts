// Who is here: the account is shown once there is something to show to them.
import type { OwnUser } from '../contract/objects';
import type { Profile } from '../profile/store.svelte';

interface Callbacks {
  readonly profile: Pick<Profile, 'me'>;
  signOut(): Promise<void>;
  onClosed(): Promise<void>;
}

export class CurrentAccount {
  #ready = $state(false);
  /** How often something happened to the security of the account since the page was opened. */
  securityEvents = $state(0);

  constructor(private readonly callbacks: Callbacks) {}

  /** What this browser knows, or what the server told, can be shown. */
  onReady(): void {
    this.#ready = true;
  }

  get me(): OwnUser | null {
    return this.#ready ? this.callbacks.profile.me : null;
  }

  /** The person, once known; screens are only shown then. */
  get self(): OwnUser {
    if (this.me === null) throw new Error('the messenger has not started');
    return this.me;
  }

  /** Ends this session and leaves nothing of the person in this browser. */
  signOut(): Promise<void> {
    return this.callbacks.signOut();
  }

  /** The account is closed: nothing of the person stays in this browser. */
  onClosed(): Promise<void> {
    return this.callbacks.onClosed();
  }
}
