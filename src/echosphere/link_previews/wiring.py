"""Puts link previews together."""

from echosphere.attachments import Previews, Storage
from echosphere.http_client import SafeHttpClient
from echosphere.jobs import JobRunner
from echosphere.link_previews.jobs import LinkPreviews
from echosphere.link_previews.web import PreviewImagesApi
from echosphere.platform import Platform


def install(
    platform: Platform,
    storage: Storage,
    previews: Previews,
    http_client: SafeHttpClient,
    preview_jobs: JobRunner,
) -> LinkPreviews:
    """Add previews to messages; what waits for other servers is run by `preview_jobs`."""
    link_previews = LinkPreviews(
        platform.database,
        storage,
        http_client,
        previews,
        platform.rate_limiter,
        base_url=platform.settings.base_url,
        enabled=platform.settings.link_previews,
    )
    link_previews.register(platform.jobs, preview_jobs)
    PreviewImagesApi(platform.database, storage).serve(platform.api)
    return link_previews
