// What a group allows its members, and how long messages of a conversation stay.
import type { MemberScope } from '../contract/objects';

export interface GroupRules {
  readonly posting: MemberScope;
  readonly reacting: MemberScope;
  readonly slow_seconds: number;
  readonly retention_days: number;
  readonly expire_seconds: number;
  readonly filtered: boolean;
}

export const openRules: GroupRules = {
  posting: 'all',
  reacting: 'all',
  slow_seconds: 0,
  retention_days: 0,
  expire_seconds: 0,
  filtered: false,
};

/** What is not told stays. */
export function rulesOf(told: Partial<GroupRules>, before: GroupRules): GroupRules {
  return {
    posting: told.posting ?? before.posting,
    reacting: told.reacting ?? before.reacting,
    slow_seconds: told.slow_seconds ?? before.slow_seconds,
    retention_days: told.retention_days ?? before.retention_days,
    expire_seconds: told.expire_seconds ?? before.expire_seconds,
    filtered: told.filtered ?? before.filtered,
  };
}
