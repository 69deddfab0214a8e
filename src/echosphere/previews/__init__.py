"""Link previews: what the first link of a message leads to, looked up after delivery."""

from echosphere.previews.preview import LinkPreviews
from echosphere.previews.web import PreviewsApi

__all__ = ["LinkPreviews", "PreviewsApi"]
