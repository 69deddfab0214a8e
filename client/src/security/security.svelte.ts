// What a person signs in with beside the password: passkeys, an authenticator app, recovery codes.
import type { Proof } from '../account/proof.svelte';
import { makePasskey } from '../platform/passkeys';
import type { AppOffer, Factors, Passkey, RememberedDevice, SignInFactors } from './factors';

export type { AppOffer, Factors, Passkey, RememberedDevice } from './factors';
type Api = Pick<
  SignInFactors,
  | 'all'
  | 'passkeyOptions'
  | 'addPasskey'
  | 'renamePasskey'
  | 'removePasskey'
  | 'offerApp'
  | 'confirmApp'
  | 'removeApp'
  | 'renewCodes'
  | 'forgetDevice'
>;

export class Security {
  factors = $state.raw<Factors | null>(null);
  /** Recovery codes that were just made: they are shown once. */
  codes = $state.raw<readonly string[]>([]);

  constructor(
    private readonly api: Api,
    private readonly proof: Proof,
  ) {}

  async load(): Promise<void> {
    this.factors = await this.api.all();
  }

  /** Returns the id of the new one. */
  async addPasskey(name: string): Promise<string> {
    const options = await this.proof.run(() => this.api.passkeyOptions());
    const added = await this.api.addPasskey(await makePasskey(options), name);
    this.codes = added.codes;
    await this.load();
    return added.passkey;
  }

  async renamePasskey(passkey: Passkey, name: string): Promise<void> {
    await this.api.renamePasskey(passkey, name);
    await this.load();
  }

  removePasskey(passkey: Passkey): Promise<void> {
    return this.#change(() => this.api.removePasskey(passkey));
  }

  offerApp(): Promise<AppOffer> {
    return this.proof.run(() => this.api.offerApp());
  }

  async confirmApp(code: string): Promise<void> {
    this.codes = await this.proof.run(() => this.api.confirmApp(code));
    await this.load();
  }

  removeApp(): Promise<void> {
    return this.#change(() => this.api.removeApp());
  }

  async renewCodes(): Promise<void> {
    this.codes = await this.proof.run(() => this.api.renewCodes());
    await this.load();
  }

  forgetDevice(device: RememberedDevice): Promise<void> {
    return this.#change(() => this.api.forgetDevice(device));
  }

  async #change(change: () => Promise<void>): Promise<void> {
    await this.proof.run(change);
    await this.load();
  }
}
