// Who is here: the account is shown once there is something to show to them.
import type { OwnUser } from '../contract/objects';
import type { Profile } from '../profile/store.svelte';

interface Callbacks {
  readonly profile: Pick<Profile, 'me'>;
  signOut(): Promise<void>;
  close(password: string | null): Promise<void>;
}

export class CurrentAccount {
  #ready = $state(false);

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

  /** Closes the account for good; the password, null for who has none, proves who asks. */
  close(password: string | null): Promise<void> {
    return this.callbacks.close(password);
  }
}
