"""Gives an account another role, and keeps the server from losing its last owner."""

from echosphere.accounts import store
from echosphere.accounts.events import OwnAccountChanged, SecurityEvent
from echosphere.accounts.permissions import Action, require_permission
from echosphere.accounts.roles import AccountRole
from echosphere.accounts.sessions import end_sessions
from echosphere.accounts.wire import OwnUser
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict
from echosphere.database import Transaction

LAST_OWNER = "This is the server's last owner. Make someone else an owner first."


def change_role(
    transaction: Transaction, caller: Caller, user_id: str, role: AccountRole
) -> OwnUser:
    """Give an account another role; its sessions end, so that nothing of the old role is left.

    Raises:
        NotFound: The caller may not, or there is no such open account.
        Forbidden: The account has, or would get, a role that is not below the caller's.
        Conflict: It is the last owner.
    """
    require_permission(caller, Action.CHANGE_ROLE)
    user = store.get_own_user(transaction, user_id)
    for one in (user.role, role):
        require_permission(caller, Action.CHANGE_ROLE, one)
    return set_account_role(transaction, user_id, role, caller.user_id)


def set_account_role(
    transaction: Transaction, user_id: str, role: AccountRole, actor_id: str | None = None
) -> OwnUser:
    """Store another role of an account, end its sessions, and have its owner told.

    Raises:
        NotFound: There is no such open account.
        Conflict: It is the last owner.
    """
    if role is AccountRole.OWNER:
        store.lock_ownership(transaction)
    else:
        require_another_owner(transaction, user_id)
    if store.get_own_user(transaction, user_id).role != role:
        store.update_user(transaction, user_id, role=role.value)
        end_sessions(transaction, user_id, reason="role")
        transaction.announce(SecurityEvent(user_id, "role_changed", actor_id=actor_id))
        transaction.announce(OwnAccountChanged(store.get_own_user(transaction, user_id)))
    return store.get_own_user(transaction, user_id)


def require_another_owner(transaction: Transaction, user_id: str) -> None:
    """Refuse what would take the last owner away; others that ask this wait until the commit.

    Raises:
        Conflict: This account is the only owner who is not kept out.
    """
    if store.lock_owners(transaction) == {user_id}:
        raise Conflict(LAST_OWNER)
