"""Tells a client what changed since the versions it holds: the truth behind every push."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from echosphere.attachments import Attachment
from echosphere.conversations import access_conversation
from echosphere.database import Snapshot, quick, resolve_epoch
from echosphere.memberships.inbox.list import Described, Sight, describe, sight_of
from echosphere.memberships.store import inbox as store
from echosphere.messages import (
    Message,
    attachments_of_page,
    changed_since,
    fit_to_size,
    latest_page,
    size_of,
)

PAGE = 50
"""Messages of a conversation at most; a larger difference is answered by the latest page."""

ENOUGH = 256 * 1024
"""Bytes after which an answer takes no further conversation; the client asks again for the rest.

With the largest page and the members of the largest group it stays below what a socket holds.
"""

MEMBER_BYTES = 300
"""About what one member takes on the wire."""

MAX_CONVERSATIONS = 100
"""Conversations of one answer at most."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in one conversation.

    Attributes:
        reset: The messages are the latest page and replace what the client holds.
    """

    conversation: Described
    messages: Sequence[Message]
    attachments: dict[int, list[Attachment]]
    reset: bool


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """The answer to a catch-up.

    Attributes:
        gone: Conversations that the client named and the person may not see (any longer).
        more: There is more; the client applies this and asks again.
        epoch: The one that runs. All versions that the client holds now are of it, but for those
            of what is outdated and not among the differences.
        outdated: Conversations of whose versions the client got at least one that a restored
            database never gave, or not to this: they are to be asked for as if unknown.
    """

    differences: list[Difference]
    gone: list[str]
    more: bool
    epoch: str = ""
    outdated: list[str] = field(default_factory=list)


@quick
def catch_up(
    snapshot: Snapshot,
    viewer: str,
    held: Mapping[str, int],
    epoch: str | None = None,
    clearings: Mapping[str, int] | None = None,
) -> CaughtUp:
    """Return what changed in all of a person's conversations since the versions held.

    A version above the server's own, or above what it was when the epoch after the given one began
    (an older backup was restored), is answered like an unknown one: by a reset. So is what the
    person cleared more or less often than a client says that knows of clearing.
    """
    current = store.versions_of(snapshot, viewer)
    running, earlier = resolve_epoch(snapshot, epoch)
    outdated: list[str] = []
    if earlier is not None:
        outdated = [
            one
            for one, version in held.items()
            if one in current and current[one].contradicts(version, earlier)
        ]
    true = {one: version for one, version in held.items() if one not in set(outdated)}
    if clearings is not None:
        for one in [one for one in true if one in current]:
            if clearings.get(one, 0) != current[one].clear_version:
                del true[one]
    changed = [one for one, now in current.items() if true.get(one) != now.version]
    sight = sight_of(snapshot, viewer)
    differences: list[Difference] = []
    size = 0
    for conversation in changed[:MAX_CONVERSATIONS]:
        difference = _difference(snapshot, sight, conversation, true.get(conversation))
        differences.append(difference)
        size += _bytes_of(difference)
        if size >= ENOUGH:
            break
    gone = [one for one in held if one not in current]
    more = len(differences) < len(changed)
    return CaughtUp(differences, gone, more, running, outdated)


def _difference(
    snapshot: Snapshot, sight: Sight, conversation: str, version: int | None
) -> Difference:
    access = access_conversation(snapshot, sight.viewer, conversation)
    # What somebody held who left and came back may lie before what they see now.
    reset = version is None or not access.sees_after <= version <= access.conversation.version
    found: Sequence[Message] = ()
    if version is not None and not reset:
        found = changed_since(snapshot, access, version, PAGE + 1)
        reset = len(found) > PAGE or len(fit_to_size(found)) < len(found)
    if reset:
        found = latest_page(snapshot, access, PAGE)
    # A group may have a thousand members, of whom none changed.
    described = describe(snapshot, sight, conversation, 0 if reset else version or 0)
    files = attachments_of_page(snapshot, conversation, found)
    return Difference(described, found, files, reset)


def _bytes_of(difference: Difference) -> int:
    described = difference.conversation
    last = described.entry.last_message
    shown = difference.messages if last is None else [*difference.messages, last]
    return sum(map(size_of, shown)) + MEMBER_BYTES * len(described.members or ())
