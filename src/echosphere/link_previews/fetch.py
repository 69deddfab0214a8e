"""Fetches what a link leads to: one page, at most one image, ten seconds."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import NamedTuple
from urllib.parse import unquote

import msgspec

from echosphere.core.bounded_cache import BoundedCache
from echosphere.core.errors import Refusal, Unavailable
from echosphere.core.ids import new_id
from echosphere.http_client import (
    HttpClientError,
    Response,
    SafeHttpClient,
    TargetUrl,
    parse_url,
    resolve_reference,
)
from echosphere.link_previews.preview import (
    MAX_DESCRIPTION,
    MAX_SITE,
    MAX_TITLE,
    FetchedPreview,
    PreviewImage,
    clean_line,
)
from echosphere.media import (
    IMAGE_TYPES,
    PageMetadata,
    SandboxPool,
    delete_temp_files,
    detect_type,
)

TIMEOUT_SECONDS = 10.0
"""For the page, its image and the inspection of both."""

MAX_PAGE = 1024 * 1024
MAX_IMAGE = 5 * 1024 * 1024
MAX_SIDE = 720
"""Pixels of the longer side of an image that we keep."""

CACHE_SECONDS = 24 * 60 * 60.0
FAILURE_CACHE_SECONDS = 10 * 60.0
PENDING_CACHE_SECONDS = 20.0
"""For a preview whose image is pending: less than until the next try."""

MAX_CACHED = 500
MAX_CACHED_BYTES = 8 * 1024 * 1024

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
ACCEPT = "text/html,application/xhtml+xml,image/*;q=0.5"

log = logging.getLogger(__name__)


class CachedPreview(NamedTuple):
    """What a link led to; no preview if there was nothing to show."""

    preview: FetchedPreview | None


class PreviewFetcher:
    """Fetches previews and caches them for a day.

    Args:
        http_client: Fetches pages and images.
        sandbox: Parses untrusted pages and images, in sandboxed processes.
        folder: Where these processes find the files.
        clock: Monotonic seconds.
        timeout_seconds: Limit for one link.
    """

    def __init__(
        self,
        http_client: SafeHttpClient,
        sandbox: SandboxPool,
        folder: Path,
        *,
        clock: Callable[[], float] = monotonic,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._http_client = http_client
        self._sandbox = sandbox
        self._folder = folder
        self._clock = clock
        self._timeout_seconds = timeout_seconds
        self._cache: BoundedCache[str, CachedPreview] = BoundedCache(
            MAX_CACHED, max_size=MAX_CACHED_BYTES, size_of=_size
        )

    async def fetch(self, url: str) -> FetchedPreview | None:
        """Return the preview of a URL, or None if there is nothing to show.

        Raises:
            Unavailable: This server is too busy to inspect it.
        """
        cached = self._cache.get(url, self._clock())
        if cached is not None:
            return cached.preview
        deadline = asyncio.get_running_loop().time() + self._timeout_seconds
        try:
            async with asyncio.timeout_at(deadline):
                preview = await self._fetch(url, deadline - self._timeout_seconds / 10)
        except Unavailable:
            raise
        except (HttpClientError, Refusal, TimeoutError) as error:
            log.info("A link has no preview: %s", error or type(error).__name__)
            preview = None
        self._cache.put(url, CachedPreview(preview), self._clock(), _cache_seconds(preview))
        return preview

    async def _fetch(self, url: str, deadline: float) -> FetchedPreview | None:
        response = await self._http_client.get(
            parse_url(url),
            accept=ACCEPT,
            max_bytes=MAX_PAGE,
            timeout_seconds=self._timeout_seconds,
            truncate=True,
        )
        if response.status != 200:
            return None
        content_type, _, parameters = response.headers.get("content-type", "").partition(";")
        content_type = content_type.strip().lower()
        if content_type in PAGE_TYPES:
            return await self._preview_of_page(url, response, _charset(parameters), deadline)
        if content_type.startswith("image/"):
            return await self._preview_of_image(url, response.url, deadline)
        return None

    async def _preview_of_image(
        self, url: str, target: TargetUrl, deadline: float
    ) -> FetchedPreview | None:
        image = await self._image(target, deadline)
        file_name = unquote(target.target.partition("?")[0].rpartition("/")[2])
        title = clean_line(file_name, MAX_TITLE) or host_as_site_name(target)
        return FetchedPreview(url, title, "", host_as_site_name(target), image) if image else None

    async def _preview_of_page(
        self, url: str, response: Response, charset: str, deadline: float
    ) -> FetchedPreview | None:
        page = await self._parse_page(response.body, charset)
        if page is None:
            return None
        site = host_as_site_name(response.url)
        title = clean_line(page.title, MAX_TITLE) or site
        preview = FetchedPreview(url, title, clean_line(page.description, MAX_DESCRIPTION), site)
        if not page.image_url:
            return preview
        try:
            image_url = resolve_reference(response.url, page.image_url)
            return msgspec.structs.replace(preview, image=await self._image(image_url, deadline))
        except Unavailable as error:
            log.info("A link has no picture yet: %s", error)
            return msgspec.structs.replace(preview, is_image_pending=True)
        except (HttpClientError, Refusal) as error:
            log.info("A link has no picture: %s", error)
            return preview

    async def _parse_page(self, content: bytes, charset: str) -> PageMetadata | None:
        path = self._folder / f"{new_id()}.part"
        try:
            await asyncio.to_thread(path.write_bytes, content)
            return await self._sandbox.read_page_metadata(path, charset)
        finally:
            await asyncio.to_thread(delete_temp_files, path)

    async def _image(self, url: TargetUrl, deadline: float) -> PreviewImage | None:
        """Fetch an image and re-encode it; the original bytes are not kept.

        Raises:
            Unavailable: It could not be inspected before the deadline, on the loop's clock.
        """
        response = await self._http_client.get(
            url,
            accept="image/*",
            max_bytes=MAX_IMAGE,
            timeout_seconds=self._timeout_seconds,
        )
        content_type = detect_type(response.body[:8_192])
        if response.status != 200 or content_type not in IMAGE_TYPES:
            return None
        path = self._folder / f"{new_id()}.part"
        try:
            await asyncio.to_thread(path.write_bytes, response.body)
            async with _unavailable_after(deadline):
                inspected = await self._sandbox.inspect(path, content_type, opaque=True)
            if inspected is None or inspected.thumbnail is None:
                return None
            content = await asyncio.to_thread(inspected.thumbnail.read_bytes)
        finally:
            await asyncio.to_thread(delete_temp_files, path)
        width, height = inspected.displayed_size()
        scale = min(1.0, MAX_SIDE / max(width, height))
        return PreviewImage(content, max(1, round(width * scale)), max(1, round(height * scale)))


@asynccontextmanager
async def _unavailable_after(deadline: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout_at(deadline):
            yield
    except TimeoutError:
        raise Unavailable("The file cannot be checked right now. Try again in a moment.") from None


def _cache_seconds(preview: FetchedPreview | None) -> float:
    if preview is None:
        return FAILURE_CACHE_SECONDS
    return PENDING_CACHE_SECONDS if preview.is_image_pending else CACHE_SECONDS


def host_as_site_name(url: TargetUrl) -> str:
    """Return the host as a site name; a page's own `og:site_name` could be someone else's."""
    return clean_line(url.host.removeprefix("www."), MAX_SITE)


def _size(cached: CachedPreview) -> int:
    image = cached.preview.image if cached.preview else None
    return len(image.content) if image else 0


def _charset(parameters: str) -> str:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'")[:40]
    return ""
