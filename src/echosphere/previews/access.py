"""The one place where the right to see the picture of a preview is checked: it follows the message."""

from echosphere.core.errors import NotFound
from echosphere.database import Snapshot
from echosphere.messages import access_message
from echosphere.previews import store

UNKNOWN = "There is no such picture."


def access_picture(snapshot: Snapshot, viewer: str, image: str) -> str:
    """Return the id of a picture that this person may see.

    Raises:
        NotFound: It does not exist, or the person may not see its message.
    """
    belongs = store.find(snapshot, image)
    try:
        if belongs is not None:
            access_message(snapshot, viewer, belongs.conversation, belongs.seq)
            return image
    except NotFound:
        pass
    raise NotFound(UNKNOWN)
