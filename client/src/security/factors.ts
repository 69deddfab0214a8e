// What a person signs in with beside the password, as the server knows it.
import * as v from 'valibot';
import { nothingSchema } from '../contract/answers';
import type { MadePasskey, PasskeyOptions } from '../platform/passkeys';
import type { Rest } from '../platform/rest';

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
const offerSchema = v.object({ secret: v.string(), uri: v.string(), qr: v.string() });
const codesSchema = v.object({ codes: v.array(v.string()) });
const addedSchema = v.object({ passkey: v.string(), codes: v.array(v.string()) });

type Codes = readonly string[];
export type Passkey = v.InferOutput<typeof passkeySchema>;
export type RememberedDevice = v.InferOutput<typeof rememberedSchema>;
export type Factors = v.InferOutput<typeof factorsSchema>;
export type AppOffer = v.InferOutput<typeof offerSchema>;

const root = '/me/second-factor';

export class SignInFactors {
  constructor(private readonly rest: Rest) {}

  all(): Promise<Factors> {
    return this.rest.call(factorsSchema, 'GET', root);
  }

  passkeyOptions(): Promise<PasskeyOptions> {
    return this.rest.call(passkeyOptionsSchema, 'GET', '/me/passkey-options');
  }

  /** The codes are new ones where this is the first factor. */
  addPasskey(
    made: MadePasskey,
    name: string,
  ): Promise<{ readonly passkey: string; readonly codes: Codes }> {
    return this.rest.call(addedSchema, 'POST', '/me/passkeys', { ...made, name });
  }

  async renamePasskey({ id }: Passkey, name: string): Promise<void> {
    await this.rest.call(nothingSchema, 'PATCH', pathOf(id), { name });
  }

  async removePasskey({ id }: Passkey): Promise<void> {
    await this.rest.call(nothingSchema, 'DELETE', pathOf(id));
  }

  offerApp(): Promise<AppOffer> {
    return this.rest.call(offerSchema, 'POST', `${root}/app`, {});
  }

  async confirmApp(code: string): Promise<Codes> {
    return (await this.rest.call(codesSchema, 'PUT', `${root}/app`, { code })).codes;
  }

  async removeApp(): Promise<void> {
    await this.rest.call(nothingSchema, 'DELETE', `${root}/app`);
  }

  async renewCodes(): Promise<Codes> {
    return (await this.rest.call(codesSchema, 'POST', `${root}/recovery-codes`, {})).codes;
  }

  async forgetDevice({ id }: RememberedDevice): Promise<void> {
    const path = `${root}/devices/${encodeURIComponent(id)}`;
    await this.rest.call(nothingSchema, 'DELETE', path);
  }
}

function pathOf(passkey: string): string {
  return `/me/passkeys/${encodeURIComponent(passkey)}`;
}
