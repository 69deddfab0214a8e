"""Installs link previews: routes and jobs."""

from echosphere.http_client import SafeHttpClient
from echosphere.jobs import JobRunner
from echosphere.link_previews.jobs import LinkPreviews
from echosphere.link_previews.web import PreviewImagesApi
from echosphere.media import SandboxPool, Storage
from echosphere.platform import Platform


def install(
    platform: Platform,
    storage: Storage,
    sandbox: SandboxPool,
    http_client: SafeHttpClient,
    preview_jobs: JobRunner,
) -> LinkPreviews:
    """Install the feature; `preview_jobs` runs what waits for other servers."""
    link_previews = LinkPreviews(
        platform.database,
        storage,
        http_client,
        sandbox,
        platform.rate_limiter,
        base_url=platform.settings.base_url,
        live=platform.live_settings,
    )
    link_previews.register(platform.jobs, preview_jobs)
    PreviewImagesApi(platform.database, storage).serve(platform.api)
    return link_previews
