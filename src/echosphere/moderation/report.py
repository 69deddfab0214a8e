"""Reports a user, or one of their messages, to those who run the server."""

from echosphere.accounts import tell_staff
from echosphere.core.errors import Invalid, NotFound, Refusal
from echosphere.database import CreateOnce, Provided, Transaction
from echosphere.messages import access_message
from echosphere.moderation import store
from echosphere.moderation.events import UserReported
from echosphere.moderation.wire import ReportCall
from echosphere.profiles import FindsInDirectory, access_profile

FINDS_IN_DIRECTORY: Provided[FindsInDirectory] = Provided("whom a viewer finds in the directory")


class ReportUser(CreateOnce):
    """Store a report.

    Raises:
        Invalid: The actor reports themselves, or a message without its conversation or seq.
        NotFound: The actor sees no such user, or no such message by them.
    """

    actor: str
    call: ReportCall

    def create(self, transaction: Transaction) -> None:
        """Store it."""
        if self.call.user == self.actor:
            raise Invalid("You cannot report yourself.")
        if self.call.conversation is None and self.call.seq is None:
            self._require_profile(transaction)
        else:
            try:
                _require_message_by_user(transaction, self.actor, self.call)
            except Refusal:
                self._require_profile(transaction)  # who may not know the user learns that first
                raise
        store.insert_report(transaction, self.actor, self.call)
        tell_staff(transaction, "reports", hidden_from=self.call.user, arrived=True)
        transaction.announce(UserReported(self.actor, self.call.user))

    def _require_profile(self, transaction: Transaction) -> None:
        finds = FINDS_IN_DIRECTORY.of(transaction)
        access_profile(finds, transaction, self.actor, self.call.user)


def _require_message_by_user(transaction: Transaction, actor: str, call: ReportCall) -> None:
    if call.conversation is None or call.seq is None:
        missing = "conversation" if call.conversation is None else "seq"
        problem = "is required too, because a message is identified by its conversation and number"
        raise Invalid(f"The field {missing!r} {problem}.", fields={missing: problem})
    _, message = access_message(transaction, actor, call.conversation, call.seq)
    if message.author != call.user:
        raise NotFound("This person did not write that message.")
