"""Link previews: title, text and image of a message's first link, fetched after delivery."""

from echosphere.link_previews.jobs import LinkPreviews
from echosphere.link_previews.web import PreviewImagesApi

__all__ = ["LinkPreviews", "PreviewImagesApi"]
