// What a person signs in with beside the password: passkeys, an authenticator app, recovery codes.
import * as v from 'valibot';
import { makePasskey } from '../platform/passkeys';
import type { Rest } from '../platform/rest';
import { nothingSchema } from '../contract/answers';
import type { Proof } from '../account/proof.svelte';

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const nullable = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.optional(v.nullable(schema), null);

const passkeySchema = v.object({
  id: v.string(),
  name: v.string(),
  host: v.string(),
  works: v.boolean(),
  created_at: whole,
  used_at: nullable(whole),
});
const rememberedSchema = v.object({
  id: v.string(),
  device: v.string(),
  address: v.string(),
  expires_at: whole,
});
const factorsSchema = v.object({
  app_since: nullable(whole),
  recovery_codes: whole,
  devices: v.array(rememberedSchema),
  passkeys: v.array(passkeySchema),
  no_passkeys: nullable(v.string()),
});
const known = v.object({ id: v.string(), transports: v.array(v.string()) });
const passkeyOptionsSchema = v.object({
  challenge: v.string(),
  rp_id: v.string(),
  user_handle: v.string(),
  email: v.string(),
  display_name: v.string(),
  known: v.array(known),
});
const offerSchema = v.object({ secret: v.string(), qr: v.string() });
const codesSchema = v.object({ codes: v.array(v.string()) });
const addedSchema = v.object({ passkey: v.string(), codes: v.array(v.string()) });

export type Passkey = v.InferOutput<typeof passkeySchema>;
export type RememberedDevice = v.InferOutput<typeof rememberedSchema>;
export type Factors = v.InferOutput<typeof factorsSchema>;
export type AppOffer = v.InferOutput<typeof offerSchema>;

const root = '/me/second-factor';

export class Security {
  factors = $state.raw<Factors | null>(null);
  /** Recovery codes that were just made: they are shown once. */
  codes = $state.raw<readonly string[]>([]);

  constructor(
    private readonly rest: Rest,
    private readonly proof: Proof,
  ) {}

  async load(): Promise<void> {
    this.factors = await this.rest.call(factorsSchema, 'GET', root);
  }

  /** Returns the id of the new one. */
  async addPasskey(name: string): Promise<string> {
    const options = await this.proof.run(() =>
      this.rest.call(passkeyOptionsSchema, 'GET', '/me/passkey-options'),
    );
    const made = await makePasskey(options);
    const added = await this.rest.call(addedSchema, 'POST', '/me/passkeys', { ...made, name });
    this.codes = added.codes;
    await this.load();
    return added.passkey;
  }

  async renamePasskey({ id }: Passkey, name: string): Promise<void> {
    await this.rest.call(nothingSchema, 'PATCH', pathOf(id), { name });
    await this.load();
  }

  removePasskey({ id }: Passkey): Promise<void> {
    return this.#change('DELETE', pathOf(id));
  }

  offerApp(): Promise<AppOffer> {
    return this.proof.run(() => this.rest.call(offerSchema, 'POST', `${root}/app`, {}));
  }

  async confirmApp(code: string): Promise<void> {
    const path = `${root}/app`;
    const answer = await this.proof.run(() => this.rest.call(codesSchema, 'PUT', path, { code }));
    this.codes = answer.codes;
    await this.load();
  }

  removeApp(): Promise<void> {
    return this.#change('DELETE', `${root}/app`);
  }

  async renewCodes(): Promise<void> {
    const path = `${root}/recovery-codes`;
    this.codes = (await this.proof.run(() => this.rest.call(codesSchema, 'POST', path, {}))).codes;
    await this.load();
  }

  forgetDevice({ id }: RememberedDevice): Promise<void> {
    return this.#change('DELETE', `${root}/devices/${encodeURIComponent(id)}`);
  }

  async #change(method: 'DELETE', path: string): Promise<void> {
    await this.proof.run(() => this.rest.call(nothingSchema, method, path));
    await this.load();
  }
}

function pathOf(passkey: string): string {
  return `/me/passkeys/${encodeURIComponent(passkey)}`;
}
