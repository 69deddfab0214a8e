"""Blocks and unblocks users: a blocked user can neither send requests nor write."""

from collections.abc import Callable
from enum import Enum, auto

from echosphere.accounts import find_own_user, get_own_user
from echosphere.contacts import store
from echosphere.contacts.answer_request import decline_requests_from
from echosphere.contacts.events import BlockChanged
from echosphere.contacts.remove_contact import remove_pair
from echosphere.contacts.withdraw_request import close_requests
from echosphere.core.errors import Invalid, NotFound
from echosphere.database import Command, Provided, Snapshot, Transaction


class Acquaintance(Enum):
    """How a user knows another."""

    NONE = auto()
    FOUND = auto()
    """By the directory alone."""
    MET = auto()


AcquaintanceOf = Callable[[Snapshot, str, str], Acquaintance]
"""How a viewer knows a user; `profiles/`, which knows who was ever connected, has it."""

ACQUAINTANCE_OF: Provided[AcquaintanceOf] = Provided("how a viewer knows a user")


class BlockUser(Command[None]):
    """Block a user: they are no contact any more, and requests between the two are closed.

    Raises:
        Invalid: The actor names themselves.
        NotFound: The actor may not know of such a user.
    """

    actor: str
    user_id: str

    def run(self, transaction: Transaction) -> None:
        """Block them."""
        if self.user_id == self.actor:
            raise Invalid("You cannot block yourself.")
        acquaintance = ACQUAINTANCE_OF.of(transaction)(transaction, self.actor, self.user_id)
        if acquaintance is Acquaintance.NONE:
            raise NotFound("Person not found.")
        remove_pair(transaction, self.actor, self.user_id)
        _close_requests(transaction, self.actor, self.user_id)
        is_stranger = acquaintance is Acquaintance.FOUND
        name = get_own_user(transaction, self.user_id).name if is_stranger else None
        store.insert_block(transaction, self.actor, self.user_id, name)
        transaction.announce(BlockChanged(self.actor, self.user_id, on=True))


class UnblockUser(Command[None]):
    """Unblock a user; nothing happens if they were not blocked."""

    actor: str
    user_id: str

    def run(self, transaction: Transaction) -> None:
        """Unblock them."""
        store.delete_block(transaction, self.actor, self.user_id)
        transaction.announce(BlockChanged(self.actor, self.user_id, on=False))


def _close_requests(transaction: Transaction, actor: str, user_id: str) -> None:
    """Withdraw the actor's requests, and decline the other's, which does not show to them."""
    email = get_own_user(transaction, actor).email
    other = find_own_user(transaction, user_id)
    sent = store.requests_between(transaction, actor, user_id, other.email if other else None)
    close_requests(transaction, sent)
    decline_requests_from(transaction, user_id, actor, email)
