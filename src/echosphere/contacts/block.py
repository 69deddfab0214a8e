"""Blocks and unblocks people: who is blocked can neither ask nor write."""

from collections.abc import Callable
from enum import Enum, auto

from echosphere.accounts import find_own_user, get_own_user
from echosphere.contacts import store
from echosphere.contacts.answer import decline
from echosphere.contacts.events import BlockChanged
from echosphere.contacts.remove import part
from echosphere.contacts.withdraw import close_requests
from echosphere.core.errors import Invalid, NotFound
from echosphere.database import Snapshot, Transaction


class Acquaintance(Enum):
    """How a person knows another."""

    NONE = auto()
    FOUND = auto()
    """By the directory alone."""
    MET = auto()


HowKnown = Callable[[Snapshot, str, str], Acquaintance]
"""How a person knows another; `people/`, which knows who has met whom, has it."""


def block(transaction: Transaction, caller: str, other: str, how_known: HowKnown) -> None:
    """Block somebody: they are no contact any more, and requests between the two are gone.

    Raises:
        Invalid: Nobody blocks themselves.
        NotFound: There is no such person for the caller.
    """
    if other == caller:
        raise Invalid("You cannot block yourself.")
    known = how_known(transaction, caller, other)
    if known is Acquaintance.NONE:
        raise NotFound("There is no such person.")
    part(transaction, caller, other)
    _withdraw(transaction, caller, other)
    found = known is Acquaintance.FOUND
    name = get_own_user(transaction, other).name if found else None
    store.insert_block(transaction, caller, other, name)
    transaction.announce(BlockChanged(caller, other, on=True))


def unblock(transaction: Transaction, caller: str, other: str) -> None:
    """Let somebody ask and write again; nothing happens if they were not blocked."""
    store.delete_block(transaction, caller, other)
    transaction.announce(BlockChanged(caller, other, on=False))


def _withdraw(transaction: Transaction, caller: str, other: str) -> None:
    """Remove what the caller asked of the other; for the other, what they asked waits as before."""
    email = get_own_user(transaction, caller).email
    asked = find_own_user(transaction, other)
    own = store.requests_between(transaction, caller, other, asked.email if asked else None)
    close_requests(transaction, own)
    decline(transaction, other, caller, email)
