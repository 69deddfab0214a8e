// What matters asks for a fresh proof: it is asked for once, and what was wanted is done then.
import { signInServicesSchema, nothingSchema, type SignInServices } from '../contract/answers';
import type { Rest } from '../platform/rest';
import { Refusal } from '../platform/refusal';

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
    await this.rest.call(nothingSchema, 'PUT', '/sessions/current/proof', { password });
    this.answer?.(true);
  }

  /** How the person can prove who they are. */
  ways(): Promise<SignInServices> {
    return this.rest.call(signInServicesSchema, 'GET', '/me/sign-in-services');
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
