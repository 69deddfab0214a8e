// What is open on the page of bots, and what was told just now, which is shown only once: both stay until
// the settings are closed, whatever the width of the page.
import type { CreatedKey } from '../api-keys/store';
import type { EndpointWithSecret } from '../contract/endpoints';
import type { CreatedBot } from './store';

export class OpenedBots {
  /** The bot, and the endpoint of it, whose pages are open. */
  bot = $state<string | null>(null);
  endpoint = $state<string | null>(null);
  createdBot = $state.raw<CreatedBot | null>(null);
  createdKey = $state.raw<CreatedKey | null>(null);
  newSecret = $state.raw<EndpointWithSecret | null>(null);

  close(): void {
    this.bot = this.endpoint = this.createdKey = this.newSecret = null;
  }
}
