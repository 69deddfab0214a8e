"""Tells a client what changed since the versions it holds: the truth behind every push."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from echosphere.attachments import Attachment
from echosphere.conversations import access_conversation
from echosphere.database import Snapshot, quick, resolve_epoch
from echosphere.memberships.inbox.list import (
    ConversationView,
    ViewerPermissions,
    load_view,
    viewer_permissions,
)
from echosphere.memberships.store import inbox as inbox_store
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

MAX_BYTES = 256 * 1024
"""Bytes after which an answer takes no further conversation; the client asks again for the rest.

With the largest page and the members of the largest group it stays below what a socket holds.
"""

MEMBER_BYTES = 300
"""About what one member takes on the wire."""

MAX_CONVERSATIONS = 100
"""Conversations of one answer at most."""


@dataclass(frozen=True, slots=True)
class ConversationChanges:
    """What changed in one conversation.

    Attributes:
        reset: The messages are the latest page and replace what the client holds.
    """

    conversation: ConversationView
    messages: Sequence[Message]
    attachments: dict[int, list[Attachment]]
    reset: bool


@dataclass(frozen=True, slots=True)
class SyncResult:
    """The answer to a catch-up.

    Attributes:
        gone: Conversations that the client named and the person may not see (any longer).
        more: There is more; the client applies this and asks again.
        epoch: The one that runs. All versions that the client holds now are of it, but for those
            of what is outdated and not among the differences.
        outdated: Conversations of whose versions the client got at least one that a restored
            database never gave, or not to this: they are to be asked for as if unknown.
    """

    conversations: list[ConversationChanges]
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
) -> SyncResult:
    """Return what changed in all of a person's conversations since the versions held.

    A version above the server's own, or above what it was when the epoch after the given one began
    (an older backup was restored), is answered like an unknown one: by a reset. So is what the
    person cleared more or less often than a client says that knows of clearing.
    """
    current = inbox_store.versions_of(snapshot, viewer)
    current_epoch, client_epoch = resolve_epoch(snapshot, epoch)
    outdated: list[str] = []
    if client_epoch is not None:
        outdated = [
            one
            for one, version in held.items()
            if one in current and current[one].contradicts(version, client_epoch)
        ]
    known = {one: version for one, version in held.items() if one not in set(outdated)}
    if clearings is not None:
        for one in [one for one in known if one in current]:
            if clearings.get(one, 0) != current[one].clear_version:
                del known[one]
    changed = [one for one, now in current.items() if known.get(one) != now.version]
    permissions = viewer_permissions(snapshot, viewer)
    conversations: list[ConversationChanges] = []
    size = 0
    for conversation in changed[:MAX_CONVERSATIONS]:
        changes = _changes_in(snapshot, permissions, conversation, known.get(conversation))
        conversations.append(changes)
        size += _bytes_of(changes)
        if size >= MAX_BYTES:
            break
    gone = [one for one in held if one not in current]
    more = len(conversations) < len(changed)
    return SyncResult(conversations, gone, more, current_epoch, outdated)


def _changes_in(
    snapshot: Snapshot, permissions: ViewerPermissions, conversation: str, version: int | None
) -> ConversationChanges:
    access = access_conversation(snapshot, permissions.viewer, conversation)
    # What somebody held who left and came back may lie before what they see now.
    reset = version is None or not access.sees_after <= version <= access.conversation.version
    found: Sequence[Message] = ()
    if version is not None and not reset:
        found = changed_since(snapshot, access, version, PAGE + 1)
        reset = len(found) > PAGE or len(fit_to_size(found)) < len(found)
    if reset:
        found = latest_page(snapshot, access, PAGE)
    # A group may have a thousand members, of whom none changed.
    view = load_view(snapshot, permissions, conversation, 0 if reset else version or 0)
    files = attachments_of_page(snapshot, conversation, found)
    return ConversationChanges(view, found, files, reset)


def _bytes_of(changes: ConversationChanges) -> int:
    view = changes.conversation
    last = view.entry.last_message
    shown = changes.messages if last is None else [*changes.messages, last]
    return sum(map(size_of, shown)) + MEMBER_BYTES * len(view.members or ())
