"""Who acts on the accounts of others, as the audit log has it."""

from echosphere.accounts.fresh_proof import require_fresh_proof
from echosphere.accounts.roles import AccountRole
from echosphere.audit import COMMAND_LINE, Actor
from echosphere.core.caller import Caller
from echosphere.database import Snapshot

OPERATOR = Caller(COMMAND_LINE.id, "", AccountRole.OWNER)
"""Whoever runs `echosphere` on the server itself; they may do what its owner may."""


def actor_of(caller: Caller) -> Actor:
    """Return a caller with the network address from which they act."""
    return Actor(caller.user_id, caller.address)


def proven_actor(snapshot: Snapshot, caller: Caller) -> Actor:
    """Return a caller who has proved lately who they are, for what matters to others.

    Raises:
        ProofNeeded: The proof is too old; the command line needs none.
    """
    if caller is not OPERATOR:
        require_fresh_proof(snapshot, caller)
    return actor_of(caller)
