"""A message with a preview whose picture is stored, without a web site to take it from."""

from echosphere.core.ids import new_id
from echosphere.database import Transaction
from echosphere.link_previews import store
from tests.media.made import picture
from tests.product.conftest import Running


async def previewed(running: Running, conversation: str, seq: int) -> str:
    """Give a message a picture of a preview; return its id."""
    application, image = running.application, new_id()
    storage = application.storage.subfolder("previews")
    path = storage.incoming / f"{image}.part"
    path.write_bytes(picture())
    await storage.put(path, image)

    def enter(transaction: Transaction) -> None:
        store.add(transaction, image, conversation, seq)

    await application.database.write(enter)
    return image
