"""Reports a person, or a message of theirs, to those who run the server."""

from echosphere.core.errors import Invalid, NotFound
from echosphere.database import Transaction
from echosphere.messages import access_message
from echosphere.people import store
from echosphere.people.show import Finds, access_person
from echosphere.people.wire import ReportCall


def report(finds: Finds, transaction: Transaction, reporter: str, given: ReportCall) -> None:
    """Keep a report until somebody who runs the server looks at it.

    Raises:
        Invalid: Nobody reports themselves; a message needs its conversation and its number.
        NotFound: The reporter sees no such person, or no such message of theirs.
    """
    if given.user == reporter:
        raise Invalid("You cannot report yourself.")
    access_person(finds, transaction, reporter, given.user)
    if given.conversation is not None or given.seq is not None:
        _access_reported(transaction, reporter, given)
    store.insert_report(
        transaction,
        reporter=reporter,
        user=given.user,
        conversation=given.conversation,
        seq=given.seq,
        reason=given.reason,
        text=given.text.strip(),
    )


def _access_reported(transaction: Transaction, reporter: str, given: ReportCall) -> None:
    if given.conversation is None or given.seq is None:
        missing = "conversation" if given.conversation is None else "seq"
        problem = "is needed too, because a message is found by its conversation and its number"
        raise Invalid(f"The field {missing!r} {problem}.", fields={missing: problem})
    _, message = access_message(transaction, reporter, given.conversation, given.seq)
    if message.author != given.user:
        raise NotFound("There is no such message of this person.")
