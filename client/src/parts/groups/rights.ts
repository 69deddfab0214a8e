// What one member of a group may do with it and with another; the server decides alike.
import type { Role } from '../../contract/objects';
import type { Held } from '../../state/held.state';

export function roleOf(held: Held, user: string): Role {
  return held.members.get(user)?.role ?? 'member';
}

/** Owner and admins add people, rename and invite. */
export function mayManage(held: Held, me: string): boolean {
  return held.kind === 'group' && roleOf(held, me) !== 'member';
}

export function mayRemove(held: Held, me: string, other: string): boolean {
  if (!mayManage(held, me) || other === me) return false;
  const own = roleOf(held, me);
  const theirs = roleOf(held, other);
  return own === 'owner' || theirs === 'member';
}

/** The roles that one may give to another, beside the one they have. */
export function rolesToGive(held: Held, me: string, other: string): readonly Role[] {
  if (held.kind !== 'group' || roleOf(held, me) !== 'owner' || other === me) return [];
  const all: readonly Role[] = ['member', 'admin', 'owner'];
  return all.filter((role) => role !== roleOf(held, other));
}
