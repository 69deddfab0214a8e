"""Tells administrators and moderators that something changed in Administration.

Each topic goes to those alone whose role lets them see it at that moment: whoever had it before is not
among them.
"""

from typing import Literal

import msgspec

from echosphere.accounts import store
from echosphere.accounts.events import (
    AccountClosed,
    AccountCreated,
    OwnAccountChanged,
    SessionEnded,
)
from echosphere.accounts.permissions import RULES, Action
from echosphere.database import Database, Snapshot, Transaction

Topic = Literal["people", "invites", "approvals", "reports", "announcements", "health", "audit"]

TOPICS: dict[Topic, Action] = {
    "people": Action.VIEW_ADMINISTRATION,
    "invites": Action.INVITE_TO_SERVER,
    "approvals": Action.APPROVE_REGISTRATIONS,
    "reports": Action.SEE_REPORTS,
    "announcements": Action.ANNOUNCE,
    "health": Action.VIEW_ADMINISTRATION,
    "audit": Action.READ_AUDIT_LOG,
}
"""What someone must be allowed to do to be told of a topic."""


class StaffTold(msgspec.Struct, frozen=True):
    """Something of a topic changed; `user` is whom it is about, where it is about one user.

    `arrived` says that something new waits for those who are told.
    """

    topic: Topic
    user: str | None
    user_ids: frozenset[str]
    arrived: bool = False


def who_may(snapshot: Snapshot, action: Action) -> frozenset[str]:
    """Return the users whose role lets them take an action, and who are not kept out."""
    return store.users_with_role(snapshot, RULES[action].roles)


def tell_staff(
    transaction: Transaction,
    topic: Topic,
    user: str | None = None,
    *,
    hidden_from: str | None = None,
    arrived: bool = False,
) -> None:
    """Announce that something of a topic changed.

    Args:
        transaction: The transaction in which it changed.
        topic: What changed.
        user: Whom it is about.
        hidden_from: Who must not learn of it, although their role lets them.
        arrived: Whether something new waits for them.
    """
    hidden = frozenset(() if hidden_from is None else (hidden_from,))
    told = who_may(transaction, TOPICS[topic]) - hidden
    transaction.announce(StaffTold(topic, user, told, arrived))


def tell_of_accounts(database: Database) -> None:
    """Announce what happens to accounts."""
    database.in_same_transaction(AccountCreated, _tell_of_user)
    database.in_same_transaction(AccountClosed, _tell_of_user)
    database.in_same_transaction(SessionEnded, _tell_of_user)
    database.in_same_transaction(OwnAccountChanged, _tell_of_account)


def _tell_of_user(
    transaction: Transaction, event: AccountCreated | AccountClosed | SessionEnded
) -> None:
    tell_staff(transaction, "people", event.user_id)


def _tell_of_account(transaction: Transaction, event: OwnAccountChanged) -> None:
    tell_staff(transaction, "people", event.account.id)
