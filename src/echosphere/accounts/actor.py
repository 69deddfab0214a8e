"""Who acts on the accounts of others, as recorded in the audit log."""

from echosphere.accounts.fresh_proof import require_fresh_proof
from echosphere.accounts.roles import AccountRole
from echosphere.audit import COMMAND_LINE, Actor
from echosphere.core.caller import Caller
from echosphere.database import Snapshot

OPERATOR = Caller(COMMAND_LINE.id, "", AccountRole.OWNER)
"""Whoever runs `echosphere` on the server itself; they may do what its owner may.

In place of a network address they have the name of their user on that machine.
"""


def is_operator(caller: Caller) -> bool:
    """Return whether someone acts by the command line; no account has its id."""
    return caller.user_id == COMMAND_LINE.id


def actor_of(caller: Caller) -> Actor:
    """Return a caller with where they act from: a network address, or a user of the machine."""
    return Actor(caller.user_id, caller.address)


def proven_actor(snapshot: Snapshot, caller: Caller) -> Actor:
    """Return a caller who has proved lately who they are, for what matters to others.

    Raises:
        ProofNeeded: The proof is too old; the command line needs none.
    """
    if not is_operator(caller):
        require_fresh_proof(snapshot, caller)
    return actor_of(caller)
