"""Says whether and why somebody was notified of a message, or why not."""

from collections.abc import Callable

from echosphere.core.clock import MINUTE
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot
from echosphere.messages import access_message
from echosphere.notifications import store
from echosphere.notifications.circumstances import Person, person_of, said_of
from echosphere.notifications.content import Said
from echosphere.notifications.decide import Outcome
from echosphere.notifications.notify import KEPT
from echosphere.notifications.store import Notice


def why(
    snapshot: Snapshot,
    decision: Callable[[Said, Person, int], Outcome],
    viewer: str,
    conversation: str,
    seq: int,
) -> Notice | tuple[Outcome, None]:
    """Return what was decided, or if nothing was, what speaks against it now.

    Args:
        snapshot: The state to read.
        decision: What would be done about the message now.
        viewer: Who asks.
        conversation: Where the message is.
        seq: Its number.

    Raises:
        NotFound: The viewer may not see such a message.
    """
    _, message = access_message(snapshot, viewer, conversation, seq)
    person = person_of(snapshot, message, viewer)
    if person is None:
        raise NotFound("There is no such message.")
    notice = store.find_notice(snapshot, viewer, conversation, seq)
    if notice is not None:
        return notice
    outcome = decision(said_of(snapshot, message), person, snapshot.now)
    if not outcome.is_notified:
        return outcome, None
    # Nothing speaks against it, and yet nothing was sent: there was nowhere to send it then.
    since = message.created_at
    if outcome is Outcome.MENTION:  # perhaps since the edit only
        since = message.edited_at or since
    age = snapshot.now - since
    if age < MINUTE:
        return Outcome.PENDING, None
    return (Outcome.FORGOTTEN if age > KEPT else Outcome.NO_DEVICE), None
