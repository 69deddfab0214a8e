// The person's settings: what they chose, and defaults for the rest.
import type { Profile } from '../profile/store.svelte';
import { settingsOf, type Settings } from './model';

export class OwnSettings {
  readonly #profile: Pick<Profile, 'me' | 'patch'>;
  readonly current: Settings = $derived.by(() => settingsOf(this.#profile.me));

  constructor(profile: Pick<Profile, 'me' | 'patch'>) {
    this.#profile = profile;
  }

  /** Null forgets a choice: the default holds again. */
  change(change: { [Name in keyof Settings]?: Settings[Name] | null }): Promise<void> {
    return this.#profile.patch({ settings: change });
  }
}
