"""Manages accounts: finds, creates, deactivates, signs out, and changes roles."""

from collections.abc import Callable, Collection
from typing import Protocol

import msgspec

from echosphere import accounts, audit
from echosphere.accounts import FOREVER, AccountRole, Action, proven_actor, require_permission
from echosphere.administration import wire
from echosphere.attachments import bytes_stored_by
from echosphere.contacts import make_contacts
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, Invalid, NotFound
from echosphere.database import Command, CreateOnce, Snapshot, Transaction
from echosphere.second_factor import remove_all_factors

PAGE = 30
UNKNOWN = "Account not found."

OnlineUsers = Callable[[Collection[str]], frozenset[str]]
"""Returns those of these users who are connected."""


class Connections(Protocol):
    """Knows who is connected, to whichever process of this instance."""

    def connected_of(self, user_ids: Collection[str]) -> frozenset[str]:
        """Return those of these users who are connected."""
        ...

    def connected(self) -> frozenset[str]:
        """Return all users who are."""
        ...


def nobody_known(_user_ids: Collection[str]) -> frozenset[str]:
    """Return no one: the command line does not know who is connected."""
    return frozenset()


def list_people(
    snapshot: Snapshot, caller: Caller, call: wire.PeopleCall, online: OnlineUsers = nobody_known
) -> wire.PeopleAnswer:
    """Return a page of the accounts that match a query; `online` says who is connected."""
    found = accounts.search_accounts(
        snapshot,
        call.query.strip(),
        offset=call.offset,
        limit=PAGE + 1,
        suspended=call.suspended,
    )
    people = [_shape(snapshot, caller, account) for account in found[:PAGE]]
    return wire.PeopleAnswer(_with_online(snapshot, people, online), len(found) > PAGE)


def show_person(
    snapshot: Snapshot, caller: Caller, user_id: str, online: OnlineUsers = nobody_known
) -> wire.PersonAnswer:
    """Return an account.

    Raises:
        NotFound: There is no such open account.
    """
    account = accounts.find_account(snapshot, user_id)
    if account is None:
        raise NotFound(UNKNOWN)
    [shape] = _with_online(snapshot, [_shape(snapshot, caller, account)], online)
    return wire.PersonAnswer(shape)


class CreatePerson(CreateOnce, own_transaction=True):
    """Create an account and return its id.

    Raises:
        Forbidden: The role is not below the caller's.
        Conflict: The address has an account already.
    """

    caller: Caller
    account: accounts.NewAccount
    hashed: str
    role: str
    contact: bool = False

    def create(self, transaction: Transaction) -> str:
        """Create it."""
        require_permission(self.caller, Action.MANAGE_USERS, self.role)
        actor = proven_actor(transaction, self.caller)
        user = accounts.create_user(
            transaction, self.account, self.hashed, AccountRole(self.role), confirmed=True
        )
        audit.record(transaction, actor, "user.created", user.id, role=self.role)
        if self.contact:
            make_contacts(transaction, self.caller.user_id, user.id, invited=True)
        return user.id


class DeactivateAccount(Command[None], own_transaction=True):
    """Keep someone out until a time or until it is lifted; their sessions end at once.

    Raises:
        NotFound: There is no such open account.
        Forbidden: Its role is not below the caller's.
        Invalid: There is no reason.
        Conflict: It is the caller's own account.
    """

    caller: Caller
    call: wire.DeactivateCall

    def run(self, transaction: Transaction) -> None:
        """Keep them out."""
        reason = self.call.reason.strip()
        if not reason:
            problem = "Give a reason: it is stored with the account."
            raise Invalid(problem, fields={"reason": problem})
        actor = _require_power(transaction, self.caller, self.call.user)
        if self.caller.user_id == self.call.user:
            raise Conflict("This is your own account. Ask someone else to do this.")
        until = FOREVER if self.call.until is None else self.call.until
        accounts.suspend(transaction, self.call.user, until, reason)
        action = "user.deactivated" if self.call.until is None else "user.suspended"
        audit.record(transaction, actor, action, self.call.user, until=self.call.until)


class ReactivateAccount(Command[None], own_transaction=True):
    """Let someone in again.

    Raises:
        NotFound: There is no such open account.
        Forbidden: Its role is not below the caller's.
    """

    caller: Caller
    user_id: str

    def run(self, transaction: Transaction) -> None:
        """Let them in."""
        actor = _require_power(transaction, self.caller, self.user_id)
        accounts.lift_suspension(transaction, self.user_id)
        audit.record(transaction, actor, "user.reactivated", self.user_id)


class SignOutAccount(Command[None], own_transaction=True):
    """Sign someone out on all devices, and end their API keys.

    Raises:
        NotFound: There is no such open account.
        Forbidden: Its role is not below the caller's.
    """

    caller: Caller
    user_id: str

    def run(self, transaction: Transaction) -> None:
        """End the sessions."""
        actor = _require_power(transaction, self.caller, self.user_id)
        accounts.end_sessions(transaction, self.user_id, None, "administrator")
        transaction.announce(accounts.SignedOutEverywhere(self.user_id))
        audit.record(transaction, actor, "user.signed_out", self.user_id)


class RemoveFactors(Command[None], own_transaction=True):
    """Let someone in by the password alone who lost their second factor; they are signed out.

    Raises:
        NotFound: There is no such open account.
        Forbidden: Its role is not below the caller's.
    """

    caller: Caller
    user_id: str

    def run(self, transaction: Transaction) -> None:
        """Remove the factors."""
        actor = _require_power(transaction, self.caller, self.user_id, Action.RESET_ACCESS)
        remove_all_factors(transaction, self.user_id, self.caller.user_id)
        audit.record(transaction, actor, "user.second_factor_removed", self.user_id)


class AssignRole(Command[None], own_transaction=True):
    """Give someone another role; their sessions end.

    Raises:
        NotFound: There is no such open account.
        Forbidden: Its role, or the new one, is not below the caller's.
        Conflict: It is the last owner.
    """

    caller: Caller
    call: wire.ChangeAccountRole

    def run(self, transaction: Transaction) -> None:
        """Give it."""
        actor = proven_actor(transaction, self.caller)
        before = accounts.get_own_user(transaction, self.call.user).role
        accounts.change_role(transaction, self.caller, self.call.user, AccountRole(self.call.role))
        audit.record(
            transaction,
            actor,
            "user.role_changed",
            self.call.user,
            role=self.call.role,
            before=before,
        )


def _require_power(
    transaction: Transaction, caller: Caller, user_id: str, action: Action = Action.MANAGE_USERS
) -> audit.Actor:
    """Return who acts, if they may do so to this account."""
    role = accounts.get_own_user(transaction, user_id).role
    require_permission(caller, action, role)
    return proven_actor(transaction, caller)


def _with_online(
    snapshot: Snapshot, people: list[wire.Account], online: OnlineUsers
) -> list[wire.Account]:
    """Say of accounts whether they are online; who is invisible is so to administrators as well."""
    connected = online([one.id for one in people])
    settings = accounts.settings_of_all(snapshot, connected)
    shown = {one for one in connected if one in settings and not settings[one].invisible}
    return [msgspec.structs.replace(one, online=one.id in shown) for one in people]


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
        second_factor=account.second_factor_at is not None,
        used=bytes_stored_by(snapshot, account.id),
        manageable=accounts.may(caller.role, Action.MANAGE_USERS, account.role)
        and account.id != caller.user_id,
    )
