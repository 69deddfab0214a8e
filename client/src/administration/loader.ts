// The way into the administration room: what it asks of the server is fetched when it is entered.
import { checklistSchema, type Check } from '../contract/answers';
import type { Rest } from '../platform/rest';
import type { AdministrationApi } from './api';
import type { Proof } from '../account/proof.svelte';
import { AccountSecurity } from '../account/security';

export class AdministrationLoader {
  constructor(private readonly rest: Rest) {}

  async load(): Promise<{ api: AdministrationApi; proof: Proof }> {
    const [{ AdministrationApi }, { Proof }] = await Promise.all([
      import('./api'),
      import('../account/proof.svelte'),
    ]);
    const proof = new Proof(new AccountSecurity(this.rest));
    return { api: new AdministrationApi(this.rest, proof), proof };
  }

  /** What of the server is set; only an administrator is told. */
  async checklist(): Promise<readonly Check[]> {
    return (await this.rest.call(checklistSchema, 'GET', '/server/checklist')).checks;
  }
}
