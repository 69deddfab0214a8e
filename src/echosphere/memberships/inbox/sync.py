"""Tells a client what changed since the versions it holds, also what it missed while offline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from echosphere.attachments import Attachment
from echosphere.conversations import access_conversation
from echosphere.database import Snapshot, resolve_epoch, run_on_loop
from echosphere.memberships.inbox.conversation_version import ConversationVersion
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
    wire_size,
)

PAGE = 50
"""Messages of one conversation in an answer; if more changed, the latest page is sent."""

MAX_BYTES = 256 * 1024
"""Bytes after which no further conversation is added; the client asks again for the rest.

With the largest page and the members of the largest group, an answer still fits into the send
buffer of a socket.
"""

MEMBER_BYTES = 300
"""Bytes of one member on the wire, estimated."""

MAX_CONVERSATIONS = 100
"""Conversations in one answer."""


class ConversationChanges(msgspec.Struct, frozen=True):
    """What changed in one conversation.

    Attributes:
        reset: The messages are the latest page and replace those that the client holds.
    """

    conversation: ConversationView
    messages: Sequence[Message]
    attachments: dict[int, list[Attachment]]
    reset: bool


@dataclass(frozen=True, slots=True)
class SyncResult:
    """The answer to a sync.

    Attributes:
        gone: Conversations that the client named and the user may not see.
        more: There is more; the client applies this and asks again.
        epoch: The current one. All versions that the client now holds are of it, except those of
            `outdated` conversations that are not in `conversations`.
        outdated: Conversations of which the client holds a version that does not exist any more
            after a backup was restored: it must ask for them as if it did not know them.
    """

    conversations: list[ConversationChanges]
    gone: list[str]
    more: bool
    epoch: str = ""
    outdated: list[str] = field(default_factory=list)


@run_on_loop
def catch_up(
    snapshot: Snapshot,
    viewer: str,
    held: Mapping[str, int],
    epoch: str | None = None,
    clearings: Mapping[str, int] | None = None,
) -> SyncResult:
    """Return what changed in a user's conversations since the versions held.

    A conversation is sent as if unknown, with `reset`, if the held version is above the server's;
    if a restored backup does not contain it; or if the user cleared the conversation, or undid
    that, since the client learned `clearings`.
    """
    current = inbox_store.versions_of(snapshot, viewer)
    current_epoch, client_epoch = resolve_epoch(snapshot, epoch)
    outdated = [] if client_epoch is None else _outdated(current, held, client_epoch)
    known = {one: version for one, version in held.items() if one not in set(outdated)}
    if clearings is not None:
        for one in _cleared_since(current, clearings):
            known.pop(one, None)
    changed = [one for one, now in current.items() if known.get(one) != now.version]
    conversations = _load_changes(snapshot, viewer, changed[:MAX_CONVERSATIONS], known)
    gone = [one for one in held if one not in current]
    more = len(conversations) < len(changed)
    return SyncResult(conversations, gone, more, current_epoch, outdated)


def _outdated(
    current: Mapping[str, ConversationVersion], held: Mapping[str, int], client_epoch: int
) -> list[str]:
    return [
        one
        for one, version in held.items()
        if one in current and current[one].contradicts(version, client_epoch)
    ]


def _cleared_since(
    current: Mapping[str, ConversationVersion], clearings: Mapping[str, int]
) -> list[str]:
    return [one for one, now in current.items() if clearings.get(one, 0) != now.clear_version]


def _load_changes(
    snapshot: Snapshot, viewer: str, conversations: Sequence[str], known: Mapping[str, int]
) -> list[ConversationChanges]:
    """Return the changes of the first conversations, until they exceed `MAX_BYTES`."""
    permissions = viewer_permissions(snapshot, viewer)
    found: list[ConversationChanges] = []
    size = 0
    for conversation in conversations:
        changes = _changes_in(snapshot, permissions, conversation, known.get(conversation))
        found.append(changes)
        size += _bytes_of(changes)
        if size >= MAX_BYTES:
            break
    return found


def _changes_in(
    snapshot: Snapshot, permissions: ViewerPermissions, conversation: str, version: int | None
) -> ConversationChanges:
    access = access_conversation(snapshot, permissions.viewer, conversation)
    # A user who left and came back may hold messages from before the first one they see now.
    reset = version is None or not access.sees_after <= version <= access.conversation.version
    found: Sequence[Message] = ()
    if version is not None and not reset:
        found = changed_since(snapshot, access, version, PAGE + 1)
        reset = len(found) > PAGE or len(fit_to_size(found)) < len(found)
    if reset:
        found = latest_page(snapshot, access, PAGE)
    # Only changed members: a group may have a thousand.
    view = load_view(snapshot, permissions, conversation, 0 if reset else version or 0)
    files = attachments_of_page(snapshot, conversation, found)
    return ConversationChanges(view, found, files, reset)


def _bytes_of(changes: ConversationChanges) -> int:
    view = changes.conversation
    last = view.entry.last_message
    shown = changes.messages if last is None else [*changes.messages, last]
    return sum(map(wire_size, shown)) + MEMBER_BYTES * len(view.members or ())
