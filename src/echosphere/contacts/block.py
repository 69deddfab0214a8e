"""Blocks and unblocks people: who is blocked can neither ask nor write."""

from echosphere.accounts import find_id_by_email, find_user, get_own_user
from echosphere.contacts import store
from echosphere.contacts.events import BlockChanged, RequestWithdrawn
from echosphere.contacts.remove import part
from echosphere.contacts.store import StoredRequest
from echosphere.database import Transaction
from echosphere.errors import Invalid, NotFound


def block(transaction: Transaction, caller: str, other: str) -> None:
    """Block somebody: they are no contact any more, and requests between the two are gone.

    Raises:
        Invalid: Nobody blocks themselves.
        NotFound: There is no such person.
    """
    if other == caller:
        raise Invalid("You cannot block yourself.")
    if find_user(transaction, other) is None:
        raise NotFound("There is no such person.")
    part(transaction, caller, other)
    _withdraw(transaction, caller, other)
    store.insert_block(transaction, caller, other)
    transaction.announce(BlockChanged(caller, other, on=True))


def unblock(transaction: Transaction, caller: str, other: str) -> None:
    """Let somebody ask and write again; nothing happens if they were not blocked."""
    store.delete_block(transaction, caller, other)
    transaction.announce(BlockChanged(caller, other, on=False))


def _withdraw(transaction: Transaction, caller: str, other: str) -> None:
    email = get_own_user(transaction, caller).email
    between = [
        (one, _asked(transaction, one, caller, email))
        for one in store.requests_concerning(transaction, caller, email)
    ]
    gone = [(one, asked) for one, asked in between if {one.from_user, asked} == {caller, other}]
    store.delete_requests(transaction, [one.id for one, _ in gone])
    for one, asked in gone:
        if asked is not None:
            transaction.announce(RequestWithdrawn(asked, one.id))


def _asked(transaction: Transaction, one: StoredRequest, caller: str, email: str) -> str | None:
    """Return whom a request asks."""
    return caller if one.to_email == email else find_id_by_email(transaction, one.to_email)
