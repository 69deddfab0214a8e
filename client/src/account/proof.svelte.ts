// What matters asks for a fresh proof: it is asked for once, and what was wanted is done then.
import * as v from 'valibot';
import { signInServicesSchema, nothingSchema, type SignInServices } from '../contract/answers';
import { askForPasskey, canUsePasskeys, type AssertionOptions } from '../platform/passkeys';
import type { Rest } from '../platform/rest';
import { Refusal } from '../platform/refusal';

const optionsSchema = v.object({
  challenge: v.string(),
  rp_id: v.string(),
  passkeys: v.array(v.object({ id: v.string(), transports: v.array(v.string()) })),
  user_verification: v.picklist(['required', 'preferred']),
});
const path = '/sessions/current/proof';

export class Proof {
  /** Goes on with what was wanted, or gives it up; null while nothing is asked. */
  answer = $state.raw<((proved: boolean) => void) | null>(null);

  constructor(private readonly rest: Rest) {}

  async run<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      const needed = error instanceof Refusal && error.code === 'proof_needed';
      if (!needed || !(await this.#ask())) throw error;
      return action();
    }
  }

  async prove(password: string): Promise<void> {
    await this.rest.call(nothingSchema, 'PUT', path, { password });
    this.answer?.(true);
  }

  /** How the person can prove who they are. */
  ways(): Promise<SignInServices> {
    return this.rest.call(signInServicesSchema, 'GET', '/me/sign-in-services');
  }

  /** Whether the person has a passkey that works here. */
  async hasPasskey(): Promise<boolean> {
    if (!canUsePasskeys()) return false;
    return this.#options().then(
      ({ passkeys }) => passkeys.length > 0,
      () => false,
    );
  }

  async proveByPasskey(): Promise<void> {
    const assertion = await askForPasskey(await this.#options());
    await this.rest.call(nothingSchema, 'PUT', path, { assertion });
    this.answer?.(true);
  }

  #options(): Promise<AssertionOptions> {
    return this.rest.call(optionsSchema, 'GET', path);
  }

  #ask(): Promise<boolean> {
    return new Promise((resolve) => {
      this.answer = (proved) => {
        this.answer = null;
        resolve(proved);
      };
    });
  }
}
