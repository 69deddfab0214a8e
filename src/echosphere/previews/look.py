"""Looks where a link leads: one page, at most one picture, ten seconds."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic
from urllib.parse import unquote

from echosphere.attachments import PORTRAYED, PageLook, Previews, type_of
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
from echosphere.previews.link import (
    MAX_DESCRIPTION,
    MAX_SITE,
    MAX_TITLE,
    Found,
    Picture,
    cleaned,
)

SECONDS = 10.0
"""For the page, its picture and looking at both."""

MAX_PAGE = 1024 * 1024
MAX_PICTURE = 5 * 1024 * 1024
MAX_SIDE = 720
"""Pixels of the longer side of what we keep."""

REMEMBERED_FOR = 24 * 60 * 60.0
FAILURE_REMEMBERED_FOR = 10 * 60.0
MISSED_REMEMBERED_FOR = 20.0
"""Seconds for a preview whose picture this server had no time for: less than until the next try."""

MAX_REMEMBERED = 500
MAX_REMEMBERED_BYTES = 8 * 1024 * 1024

PAGES = frozenset({"text/html", "application/xhtml+xml"})
WANTED = "text/html,application/xhtml+xml,image/*;q=0.5"

log = logging.getLogger(__name__)


class Looker:
    """Looks at links, and remembers for a day what it saw.

    Args:
        http_client: Fetches pages and pictures.
        previews: Looks into strangers' pages and pictures, in processes of their own.
        folder: Where these processes find the files.
        clock: Seconds that never go back.
        seconds: How long one link may take.
    """

    def __init__(
        self,
        http_client: SafeHttpClient,
        previews: Previews,
        folder: Path,
        *,
        clock: Callable[[], float] = monotonic,
        seconds: float = SECONDS,
    ) -> None:
        self._http_client = http_client
        self._previews = previews
        self._folder = folder
        self._clock = clock
        self._seconds = seconds
        self._seen: OrderedDict[str, tuple[Found | None, float]] = OrderedDict()
        self._bytes = 0

    async def look(self, url: str) -> Found | None:
        """Return what a link leads to, or None if that is nothing to show.

        Raises:
            Unavailable: This server is too busy to look.
        """
        known = self._seen.get(url)
        if known is not None and self._clock() < known[1]:
            return known[0]
        deadline = asyncio.get_running_loop().time() + self._seconds
        try:
            async with asyncio.timeout_at(deadline):
                found = await self._look(url, deadline - self._seconds / 10)
        except Unavailable:
            raise
        except (HttpClientError, Refusal, TimeoutError) as error:
            log.info("A link has no preview: %s", error or type(error).__name__)
            found = None
        self._remember(url, found)
        return found

    async def _look(self, url: str, deadline: float) -> Found | None:
        page = await self._http_client.get(
            parse_url(url),
            accept=WANTED,
            max_bytes=MAX_PAGE,
            timeout_seconds=self._seconds,
            truncate=True,
        )
        if page.status != 200:
            return None
        kind, _, rest = page.headers.get("content-type", "").partition(";")
        kind = kind.strip().lower()
        if kind in PAGES:
            return await self._page(url, page, _encoding(rest), deadline)
        if kind.startswith("image/"):
            picture = await self._picture(page.url, deadline)
            name = unquote(page.url.target.partition("?")[0].rpartition("/")[2])
            title = cleaned(name, MAX_TITLE) or site_of(page.url)
            return Found(url, title, "", site_of(page.url), picture) if picture else None
        return None

    async def _page(self, url: str, page: Response, encoding: str, deadline: float) -> Found | None:
        seen = await self._read(page.body, encoding)
        if seen is None:
            return None
        site = site_of(page.url)
        title = cleaned(seen.title, MAX_TITLE) or site
        found = Found(url, title, cleaned(seen.description, MAX_DESCRIPTION), site)
        if not seen.picture:
            return found
        try:
            picture = await self._picture(resolve_reference(page.url, seen.picture), deadline)
            return replace(found, picture=picture)
        except Unavailable as error:
            log.info("A link has no picture yet: %s", error)
            return replace(found, missed=True)
        except (HttpClientError, Refusal) as error:
            log.info("A link has no picture: %s", error)
            return found

    async def _read(self, content: bytes, encoding: str) -> PageLook | None:
        path = self._folder / f"{new_id()}.part"
        try:
            await asyncio.to_thread(path.write_bytes, content)
            return await self._previews.read_page(path, encoding)
        finally:
            await asyncio.to_thread(remove_leftovers, path)

    async def _picture(self, url: TargetUrl, deadline: float) -> Picture | None:
        """Fetch a picture and paint it anew; what was sent is not kept.

        Raises:
            Unavailable: Nobody had the time to look at it before the deadline, on the loop's clock.
        """
        answer = await self._http_client.get(
            url, accept="image/*", max_bytes=MAX_PICTURE, timeout_seconds=self._seconds
        )
        kind = type_of(answer.body[:8_192])
        if answer.status != 200 or kind not in PORTRAYED:
            return None
        path = self._folder / f"{new_id()}.part"
        try:
            await asyncio.to_thread(path.write_bytes, answer.body)
            async with before(deadline):
                seen = await self._previews.look(path, kind, opaque=True)
            if seen is None or seen.thumbnail is None:
                return None
            content = await asyncio.to_thread(seen.thumbnail.read_bytes)
        finally:
            await asyncio.to_thread(remove_leftovers, path)
        width, height = seen.shown_size()
        scale = min(1.0, MAX_SIDE / max(width, height))
        return Picture(content, max(1, round(width * scale)), max(1, round(height * scale)))

    def _remember(self, url: str, found: Found | None) -> None:
        self._forget(url)
        self._seen[url] = (found, self._clock() + lasts_for(found))
        self._bytes += _size(found)
        while len(self._seen) > MAX_REMEMBERED or self._bytes > MAX_REMEMBERED_BYTES:
            self._forget(next(iter(self._seen)))

    def _forget(self, url: str) -> None:
        known = self._seen.pop(url, None)
        if known is not None:
            self._bytes -= _size(known[0])


@asynccontextmanager
async def before(deadline: float) -> AsyncIterator[None]:
    """Raise `Unavailable` when a block is not left by a time on the loop's clock."""
    try:
        async with asyncio.timeout_at(deadline):
            yield
    except TimeoutError:
        raise Unavailable("The file cannot be checked just now. Try again soon.") from None


def lasts_for(found: Found | None) -> float:
    """Return for how many seconds it is remembered what was seen."""
    if found is None:
        return FAILURE_REMEMBERED_FOR
    return MISSED_REMEMBERED_FOR if found.missed else REMEMBERED_FOR


def site_of(url: TargetUrl) -> str:
    """Return where a page is from: its host, for what it calls itself may be another's name."""
    return cleaned(url.host.removeprefix("www."), MAX_SITE)


def remove_leftovers(path: Path) -> None:
    """Remove a file and what was made of it."""
    for suffix in (".part", ".thumbnail", ".cleaned"):
        path.with_suffix(suffix).unlink(missing_ok=True)


def _size(found: Found | None) -> int:
    return len(found.picture.content) if found and found.picture else 0


def _encoding(parameters: str) -> str:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'")[:40]
    return ""
