"""Checks the right to see a preview's image: those who may see its message may."""

from echosphere.core.errors import NotFound
from echosphere.database import Snapshot
from echosphere.link_previews import store
from echosphere.messages import access_message

UNKNOWN = "Picture not found."


def access_image(snapshot: Snapshot, viewer: str, image_id: str) -> str:
    """Return the id of an image that the viewer may see.

    Raises:
        NotFound: It does not exist, or the viewer may not see its message.
    """
    message = store.find_message_of(snapshot, image_id)
    try:
        if message is not None:
            access_message(snapshot, viewer, message.conversation, message.seq)
            return image_id
    except NotFound:
        pass
    raise NotFound(UNKNOWN)
