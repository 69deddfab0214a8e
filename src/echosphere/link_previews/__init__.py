"""Link previews: title, text and image of a message's first link, fetched after delivery."""

from echosphere.link_previews.jobs import LinkPreviews
from echosphere.link_previews.wiring import install

__all__ = ["LinkPreviews", "install"]
