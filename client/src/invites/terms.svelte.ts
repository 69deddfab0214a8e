// What an invitation is to do, as it is chosen in a form.
import { SvelteSet } from 'svelte/reactivity';
import type { Terms } from './server-invites';

const day = 86_400;
export const spans = { day, week: 7 * day, month: 30 * day, never: null } as const;
export const limits = { one: 1, ten: 10, hundred: 100, any: null } as const;
export type Span = keyof typeof spans;
export type Limit = keyof typeof limits;

export class TermsChoice {
  span = $state<Span>('week');
  limit = $state<Limit>('one');
  role = $state<'member' | 'guest'>('member');
  /** Who comes by an invitation finds nobody else at first. */
  contact = $state(true);
  readonly groups = new SvelteSet<string>();

  get terms(): Terms {
    return {
      expires_in: spans[this.span],
      role: this.role,
      contact: this.contact,
      groups: [...this.groups],
    };
  }
}
