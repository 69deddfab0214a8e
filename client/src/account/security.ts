// How the person signs in, and what happened to the security of the account.
import * as v from 'valibot';
import {
  emailChangeSchema,
  linkSchema,
  nothingSchema,
  securityEventsSchema,
  signInServicesSchema,
  type SecurityEvent,
  type SignInServices,
} from '../contract/answers';
import type { Assertion, AssertionOptions } from '../platform/passkeys';
import type { Rest } from '../platform/rest';

const proofOptionsSchema = v.object({
  challenge: v.string(),
  rp_id: v.string(),
  passkeys: v.array(v.object({ id: v.string(), transports: v.array(v.string()) })),
  user_verification: v.picklist(['required', 'preferred']),
});
const proofPath = '/sessions/current/proof';

export class AccountSecurity {
  constructor(private readonly rest: Rest) {}

  /** The current password is null for who has none. */
  async changePassword(current: string | null, wanted: string): Promise<void> {
    await this.rest.call(nothingSchema, 'PUT', '/me/password', { current, new: wanted });
  }

  /** Whether the address is changed; else a mail with a link is on its way to the new one. */
  async changeEmail(email: string, password: string | null): Promise<boolean> {
    const body = { email, password };
    return (await this.rest.call(emailChangeSchema, 'PUT', '/me/email', body)).changed;
  }

  /**
   * Closes the account for good; the password is null for who has none. What the person wrote stays
   * with the others, or is deleted for everybody.
   */
  async closeAccount(password: string | null, deleteMessages: boolean): Promise<void> {
    const body = { password, delete_messages: deleteMessages };
    await this.rest.call(nothingSchema, 'DELETE', '/me', body);
  }

  /** Proves who asks, for what matters. */
  async prove(password: string): Promise<void> {
    await this.rest.call(nothingSchema, 'PUT', proofPath, { password });
  }

  /** What the browser needs to ask for a passkey. */
  proofOptions(): Promise<AssertionOptions> {
    return this.rest.call(proofOptionsSchema, 'GET', proofPath);
  }

  async proveByPasskey(assertion: Assertion): Promise<void> {
    await this.rest.call(nothingSchema, 'PUT', proofPath, { assertion });
  }

  /** How the person can sign in. */
  signInServices(): Promise<SignInServices> {
    return this.rest.call(signInServicesSchema, 'GET', '/me/sign-in-services');
  }

  /** Begins to link a service; returns where the browser has to go. */
  async linkService(name: string): Promise<string> {
    return (await this.rest.call(linkSchema, 'POST', `/me/sign-in-services/${name}/link`)).url;
  }

  async unlinkService(name: string): Promise<void> {
    await this.rest.call(nothingSchema, 'DELETE', `/me/sign-in-services/${name}`);
  }

  /** The newest first. */
  async events(): Promise<readonly SecurityEvent[]> {
    return (await this.rest.call(securityEventsSchema, 'GET', '/me/security-events')).events;
  }
}
