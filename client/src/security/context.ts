// What components see of that with which the person signs in beside the password.
import { createContext } from 'svelte';
import type { SignInFactors } from './factors';

export const [useSignInFactors, provideSignInFactors] =
  createContext<
    Pick<
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
    >
  >();
