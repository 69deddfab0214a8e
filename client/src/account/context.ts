// What components see of the person's own account, and of the devices where it is signed in.
import { createContext } from 'svelte';
import type { CurrentAccount } from './current-account.svelte';
import type { AccountSecurity } from './security';
import type { Sessions } from './sessions';

export const [useAccount, provideAccount] =
  createContext<Pick<CurrentAccount, 'me' | 'self' | 'securityEvents' | 'signOut' | 'onClosed'>>();

export const [useSecurity, provideSecurity] =
  createContext<
    Pick<
      AccountSecurity,
      | 'changePassword'
      | 'changeEmail'
      | 'closeAccount'
      | 'events'
      | 'prove'
      | 'proofOptions'
      | 'proveByPasskey'
      | 'signInServices'
      | 'linkService'
      | 'unlinkService'
    >
  >();

export const [useSessions, provideSessions] =
  createContext<Pick<Sessions, 'list' | 'revoke' | 'history'>>();
