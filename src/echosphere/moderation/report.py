"""Reports a user, or one of their messages, to those who run the server."""

from echosphere.core.errors import Invalid, NotFound
from echosphere.database import Transaction
from echosphere.messages import access_message
from echosphere.moderation import store
from echosphere.moderation.wire import ReportCall
from echosphere.profiles import FindsInDirectory, access_profile


def report_user(
    finds_in_directory: FindsInDirectory, transaction: Transaction, actor: str, call: ReportCall
) -> None:
    """Store a report.

    Raises:
        Invalid: The actor reports themselves, or a message without its conversation or seq.
        NotFound: The actor sees no such user, or no such message by them.
    """
    if call.user == actor:
        raise Invalid("You cannot report yourself.")
    access_profile(finds_in_directory, transaction, actor, call.user)
    if call.conversation is not None or call.seq is not None:
        _require_message_by_user(transaction, actor, call)
    store.insert_report(transaction, actor, call)


def _require_message_by_user(transaction: Transaction, actor: str, call: ReportCall) -> None:
    if call.conversation is None or call.seq is None:
        missing = "conversation" if call.conversation is None else "seq"
        problem = "is needed too, because a message is found by its conversation and its number"
        raise Invalid(f"The field {missing!r} {problem}.", fields={missing: problem})
    _, message = access_message(transaction, actor, call.conversation, call.seq)
    if message.author != call.user:
        raise NotFound("There is no such message of this person.")
