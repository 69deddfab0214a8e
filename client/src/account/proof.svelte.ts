// What matters asks for a fresh proof: it is asked for once, and what was wanted is done then.
import type { SignInServices } from '../contract/answers';
import { askForPasskey, canUsePasskeys } from '../platform/passkeys';
import { Refusal } from '../platform/refusal';
import type { AccountSecurity } from './security';

type Proving = Pick<
  AccountSecurity,
  'prove' | 'proofOptions' | 'proveByPasskey' | 'signInServices'
>;

export class Proof {
  /** Goes on with what was wanted, or gives it up; null while nothing is asked. */
  answer = $state.raw<((proved: boolean) => void) | null>(null);

  constructor(private readonly security: Proving) {}

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
    await this.security.prove(password);
    this.answer?.(true);
  }

  /** How the person can prove who they are. */
  ways(): Promise<SignInServices> {
    return this.security.signInServices();
  }

  /** Whether the person has a passkey that works here. */
  async hasPasskey(): Promise<boolean> {
    if (!canUsePasskeys()) return false;
    return this.security.proofOptions().then(
      ({ passkeys }) => passkeys.length > 0,
      () => false,
    );
  }

  async proveByPasskey(): Promise<void> {
    const assertion = await askForPasskey(await this.security.proofOptions());
    await this.security.proveByPasskey(assertion);
    this.answer?.(true);
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
