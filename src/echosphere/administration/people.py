"""Looks after accounts: finds, creates, deactivates, signs out, and gives roles."""

from echosphere import accounts, audit
from echosphere.accounts import FOREVER, AccountRole, Action, proven_actor, require_permission
from echosphere.administration import wire
from echosphere.attachments import bytes_stored_by
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, Invalid, NotFound
from echosphere.database import Snapshot, Transaction, alone

PAGE = 30
UNKNOWN = "There is no such account."


def list_people(snapshot: Snapshot, caller: Caller, call: wire.PeopleCall) -> wire.PeopleAnswer:
    """Return a page of the accounts that match a query."""
    found = accounts.search_accounts(
        snapshot,
        call.query.strip(),
        offset=call.offset,
        limit=PAGE + 1,
        suspended=call.suspended,
    )
    people = [_shape(snapshot, caller, account) for account in found[:PAGE]]
    return wire.PeopleAnswer(people, len(found) > PAGE)


def show_person(snapshot: Snapshot, caller: Caller, user_id: str) -> wire.PersonAnswer:
    """Return an account.

    Raises:
        NotFound: There is no such open account.
    """
    account = accounts.find_account(snapshot, user_id)
    if account is None:
        raise NotFound(UNKNOWN)
    return wire.PersonAnswer(_shape(snapshot, caller, account))


@alone
def create_person(
    transaction: Transaction, caller: Caller, account: accounts.NewAccount, hashed: str, role: str
) -> str:
    """Create an account and return its id.

    Raises:
        Forbidden: The role is not below the caller's.
        Conflict: The address has an account already.
    """
    require_permission(caller, Action.MANAGE_USERS, role)
    actor = proven_actor(transaction, caller)
    user = accounts.create_user(transaction, account, hashed, AccountRole(role))
    audit.record(transaction, actor, "user.created", user.id, role=role)
    return user.id


@alone
def deactivate(transaction: Transaction, caller: Caller, call: wire.DeactivateCall) -> None:
    """Keep somebody out until a time or until it is lifted; their sessions end at once.

    Raises:
        NotFound: There is no such open account.
        Forbidden: Its role is not below the caller's.
        Invalid: There is no reason.
        Conflict: It is the caller's own account.
    """
    reason = call.reason.strip()
    if not reason:
        problem = "Say why: the reason is kept with the account."
        raise Invalid(problem, fields={"reason": problem})
    actor = _require_power(transaction, caller, call.user)
    if caller.user_id == call.user:
        raise Conflict("This is your own account. Let somebody else do this.")
    until = FOREVER if call.until is None else call.until
    accounts.suspend(transaction, call.user, until, reason)
    action = "user.deactivated" if call.until is None else "user.suspended"
    audit.record(transaction, actor, action, call.user, until=call.until)


@alone
def reactivate(transaction: Transaction, caller: Caller, user_id: str) -> None:
    """Let somebody in again.

    Raises:
        NotFound: There is no such open account.
        Forbidden: Its role is not below the caller's.
    """
    actor = _require_power(transaction, caller, user_id)
    accounts.lift_suspension(transaction, user_id)
    audit.record(transaction, actor, "user.reactivated", user_id)


@alone
def sign_out(transaction: Transaction, caller: Caller, user_id: str) -> None:
    """Sign somebody out on all devices.

    Raises:
        NotFound: There is no such open account.
        Forbidden: Its role is not below the caller's.
    """
    actor = _require_power(transaction, caller, user_id)
    accounts.end_sessions(transaction, user_id, None, "administrator")
    audit.record(transaction, actor, "user.signed_out", user_id)


@alone
def assign_role(transaction: Transaction, caller: Caller, call: wire.ChangeRole) -> None:
    """Give somebody another role; their sessions end.

    Raises:
        NotFound: There is no such open account.
        Forbidden: Its role, or the new one, is not below the caller's.
        Conflict: It is the last owner.
    """
    actor = proven_actor(transaction, caller)
    before = accounts.get_own_user(transaction, call.user).role
    accounts.change_role(transaction, caller, call.user, AccountRole(call.role))
    audit.record(transaction, actor, "user.role_changed", call.user, role=call.role, before=before)


def _require_power(transaction: Transaction, caller: Caller, user_id: str) -> audit.Actor:
    """Return who acts, if they may do so to this account."""
    role = accounts.get_own_user(transaction, user_id).role
    require_permission(caller, Action.MANAGE_USERS, role)
    return proven_actor(transaction, caller)


def _shape(snapshot: Snapshot, caller: Caller, account: accounts.Account) -> wire.Account:
    until = account.suspended_until
    suspended = until is not None and until > snapshot.now
    return wire.Account(
        id=account.id,
        name=account.name,
        email=account.email,
        role=account.role,
        avatar_url=account.avatar_url,
        created_at=account.created_at,
        last_seen=account.last_seen,
        suspended_until=until if suspended else None,
        suspension_reason=account.suspension_reason if suspended else None,
        devices=account.sessions,
        used=bytes_stored_by(snapshot, account.id),
        manageable=accounts.may(caller.role, Action.MANAGE_USERS, account.role)
        and account.id != caller.user_id,
    )
