"""Approves and rejects registrations that are waiting."""

from echosphere import audit
from echosphere.accounts import AccountRole, NewAccount, actor_of, create_user, tell_staff
from echosphere.admission import store
from echosphere.admission.invite import APPROVAL_JOB
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.database import Command, Transaction

NOT_WAITING = "Registration not found. Someone else may have decided on it."


class ApproveRegistration(Command[None]):
    """Make an account of a registration that waits, and tell its address by `mail`.

    Raises:
        NotFound: There is none (any more).
        Conflict: The address has got an account meanwhile.
    """

    caller: Caller
    registration: str
    mail: bool

    def run(self, transaction: Transaction) -> None:
        """Approve it."""
        email, name, password = _take(transaction, self.registration)
        user = create_user(transaction, NewAccount(email, name, ""), password, AccountRole.MEMBER)
        audit.record(transaction, actor_of(self.caller), "registration.approved", user.id)
        if self.mail:
            transaction.enqueue(APPROVAL_JOB, {"email": email})


class RefuseRegistration(Command[None]):
    """Delete a registration that waits.

    Raises:
        NotFound: There is none (any more).
    """

    caller: Caller
    registration: str

    def run(self, transaction: Transaction) -> None:
        """Refuse it."""
        _take(transaction, self.registration)
        audit.record(transaction, actor_of(self.caller), "registration.refused", self.registration)


def _take(transaction: Transaction, registration: str) -> tuple[str, str, str]:
    taken = store.take_waiting(transaction, registration)
    if taken is None:
        raise NotFound(NOT_WAITING)
    tell_staff(transaction, "approvals")
    return taken
