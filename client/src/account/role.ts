/** What the roles of accounts on the server may do; the server decides, this only hides what it would refuse. */

/** Whether an account looks after the server. */
export function isAdministrator(role: string): boolean {
  return role === 'owner' || role === 'administrator';
}

/** Whether an account decides reports. */
export function isModerator(role: string): boolean {
  return role === 'moderator' || isAdministrator(role);
}

/** Whether an account is only in the groups to which it was invited. */
export function isGuest(role: string): boolean {
  return role === 'guest';
}
