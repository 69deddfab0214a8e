"""The pages that the server renders: what they share, and the one around the messenger."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from quart import Quart, Response, redirect, render_template, request
from quart.typing import ResponseTypes as AnyResponse

from echosphere.core.errors import (
    STEPS_NEEDED,
    ConfirmationNeeded,
    FactorNeeded,
    NotFound,
    Unauthorized,
)
from echosphere.richtext import initials
from echosphere.settings import LiveSettings
from echosphere.web.api import PREFIX, Api
from echosphere.web.language import gettext, request_language
from echosphere.web.static import send_static
from echosphere.web.well_known import operator_links

STATIC = Path(__file__).parent / "static"
CLIENT = "client"
MANIFEST = Path(".vite") / "manifest.json"
CLIENT_MANIFEST = Path(__file__).parent / "static" / "client" / MANIFEST
"""Is there if the browser client is built."""

REVALIDATED = "private, no-cache"
"""For the messenger's page, which holds nothing but its person's id.

With `no-store` browsers would not keep it for the way back; the client closes what is open when it
is put away, and asks who is signed in when it is shown again.
"""

REFERENCE_MANIFEST = Path(".vite") / "reference.json"
"""The reference of the API is built apart from everything else."""

REFERENCE = "src/reference.ts"
MESSENGER, PAGES = "src/messenger.ts", "src/pages.ts"
CONVERSATION_VIEW = "src/conversation/Conversation.svelte"
"""What the messenger fetches by itself to show a conversation."""

TEXTS = "src/texts/{language}.ts"
WORKER = "sw.js"
COLOUR_COOKIE = "echosphere_colours"
COLOURS = ("light", "dark")
DENSITY_COOKIE = "echosphere_density"
WIDTH_COOKIE = "echosphere_side_width"
WIDTHS = range(240, 561)
"""Pixels that the list of conversations may be wide; those of the client's `side-width.ts`."""

# Browsers read a backslash as a slash and skip tabs and line breaks: `/\evil.org` leads away.
_LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*\Z")
MAX_PATH = 2_000
FACTOR_PAGE = FactorNeeded.page
CONFIRM_PAGE = ConfirmationNeeded.page


class Chunk(msgspec.Struct):
    """A file of the client's build in Vite's manifest."""

    file: str
    css: list[str] = []
    imports: list[str] = []


class Entry(msgspec.Struct, frozen=True):
    """The URLs that a page loads; they begin with `/static/`.

    Attributes:
        script: The page's module.
        styles: Its style sheets.
        preloads: Modules to preload.
        later_styles: Style sheets that the script will load by itself.
    """

    script: str
    styles: tuple[str, ...]
    preloads: tuple[str, ...]
    later_styles: tuple[str, ...] = ()


class ClientFiles:
    """Finds the files of the built client by the names of their sources.

    Args:
        static: The folder that is served under `/static`.
        manifest: Which of the two builds.
    """

    def __init__(self, static: Path = STATIC, manifest: Path = MANIFEST) -> None:
        self._manifest = static / CLIENT / manifest
        self._worker = static / CLIENT / WORKER
        self._read_at: int | None = None
        self._chunks: dict[str, Chunk] = {}

    def entry(self, source: str, *wanted: str) -> Entry | None:
        """Return the files of an entry of the client; None if the client has not been built.

        Args:
            source: The entry's source file.
            wanted: Source files that the script will import at once, to preload.
        """
        self._refresh()
        chunk = self._chunks.get(source)
        if chunk is None:
            return None
        first = self._with_imports(source)
        later = [one for name in wanted for one in self._with_imports(name) if one not in first]
        return Entry(
            _static_url(chunk.file),
            _styles(first),
            _unique(one.file for one in (*first, *later) if one is not chunk),
            _styles(later),
        )

    def icon(self) -> str | None:
        """Return the URL of the icon, if the client has been built."""
        self._refresh()
        return _static_url("icon.svg") if self._chunks else None

    def worker(self) -> Path | None:
        """Return the file of the service worker, if the client has been built."""
        return self._worker if self._worker.is_file() else None

    def _with_imports(self, source: str) -> list[Chunk]:
        """Return the chunks that a chunk imports, then the chunk."""
        names: dict[str, None] = {}
        waiting = [source]
        while waiting:
            name = waiting.pop(0)
            if name in self._chunks and name not in names:
                names[name] = None
                waiting.extend(self._chunks[name].imports)
        return [self._chunks[name] for name in [*list(names)[1:], *list(names)[:1]]]

    def _refresh(self) -> None:
        """Reload the manifest if a new build has replaced it."""
        try:
            changed_at = self._manifest.stat().st_mtime_ns
            if changed_at != self._read_at:
                chunks = msgspec.json.decode(self._manifest.read_bytes(), type=dict[str, Chunk])
                self._chunks, self._read_at = chunks, changed_at
        except (OSError, msgspec.DecodeError):
            self._chunks, self._read_at = {}, None


def prepare_pages(
    app: Quart, live_settings: LiveSettings, files: ClientFiles | None = None
) -> None:
    """Set up the template environment and the variables of the layout."""
    client = files or ClientFiles()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.filters["initials"] = initials
    app.jinja_env.install_gettext_callables(gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]

    def shared() -> dict[str, Any]:
        colours, settings = _cookie(COLOUR_COOKIE), live_settings.current
        return {
            "entry_of": client.entry,
            "icon": client.icon(),
            "language": request_language(),
            "colours": colours if colours in COLOURS else None,
            "compact": _cookie(DENSITY_COOKIE) == "compact",
            "side_width": _side_width(),
            "operator_links": operator_links(settings),
            "local_passwords": settings.local_passwords,
            "largest_file": settings.max_attachment,
            "has_directory": settings.directory,
            "allowed_files": " ".join(settings.allowed_files),
            "refused_files": " ".join(settings.refused_files),
        }

    app.context_processor(shared)


def _cookie(name: str) -> str | None:
    return request.cookies.get(name) if request else None


def _side_width() -> int | None:
    given = _cookie(WIDTH_COOKIE) or ""
    width = int(given) if re.fullmatch("[0-9]{3}", given) else 0
    return width if width in WIDTHS else None


def _ngettext(one: str, several: str, count: int) -> str:
    return gettext(one if count == 1 else several)


def serve_messenger(app: Quart, api: Api, files: ClientFiles | None = None) -> None:
    """Add the routes of the messenger and the redirects from old URLs."""
    client = files or ClientFiles()

    async def messenger(**_place: str) -> AnyResponse:
        try:
            caller = await api.caller(request)
        except (Unauthorized, *STEPS_NEEDED) as refusal:
            return redirect(_way_in(refusal))
        return await page(person=caller.user_id, notices=True)

    async def page(*, person: str | None, notices: bool) -> Response:
        entry = client.entry(MESSENGER, *_preloaded_sources())
        if entry is None:
            return Response(await render_template("unbuilt.html"), status=503)
        given = {"entry": entry, "person": person, "notices": notices}
        rendered = await render_template("messenger.html", **given)
        return Response(rendered, headers={"cache-control": REVALIDATED})

    async def shell() -> Response:
        # The same for all users: browsers cache it to open the app offline.
        return await page(person=None, notices=False)

    async def worker() -> Response:
        script = client.worker()
        if script is None:
            raise NotFound("The client has not been built.")
        response = await send_static(script)
        response.headers["cache-control"] = "no-cache"
        response.expires = None
        return response

    async def add_contact() -> AnyResponse:
        return redirect("/?add-contact")

    async def messages(conversation: str) -> AnyResponse:
        return redirect(f"/c/{quote(conversation, safe='')}")

    app.add_url_rule("/", "messenger", messenger)
    app.add_url_rule("/c/<conversation>", "conversation", messenger)
    app.add_url_rule("/admin", "administration", messenger)
    app.add_url_rule("/admin/<page>", "administration-page", messenger)
    app.add_url_rule("/shell", "shell", shell)
    app.add_url_rule(f"/{WORKER}", "worker", worker)
    app.add_url_rule("/contacts/add", "add-contact", add_contact)
    app.add_url_rule("/messages/<conversation>", "messages", messages)
    serve_reference(app)


def serve_reference(app: Quart, files: ClientFiles | None = None) -> None:
    """Add the page that shows the API documents, which everyone may read, as these."""
    client = files or ClientFiles(manifest=REFERENCE_MANIFEST)

    async def reference() -> Response:
        entry = client.entry(REFERENCE)
        if entry is None:
            return Response(await render_template("unbuilt.html"), status=503)
        return Response(await render_template("reference.html", entry=entry))

    app.add_url_rule(f"{PREFIX}/docs", "reference", reference)


def _way_in(refusal: Unauthorized | FactorNeeded | ConfirmationNeeded) -> str:
    """Return the page that leads to the messenger."""
    if isinstance(refusal, STEPS_NEEDED):
        return refusal.page
    return sign_in_url(_requested_path())


def sign_in_url(wanted: str) -> str:
    """Return the URL of the sign-in page that redirects to a path afterwards."""
    return "/login" if wanted == "/" else f"/login?{urlencode({'next': wanted})}"


def local_path(given: str | None) -> str:
    """Return a path to redirect to if it is on this server, else `/`."""
    if given and len(given) <= MAX_PATH and _LOCAL_PATH.match(given):
        return given
    return "/"


def _requested_path() -> str:
    query = request.query_string.decode("ascii", "replace")
    return local_path(f"{request.path}?{query}" if query else request.path)


def _preloaded_sources() -> list[str]:
    """Return the sources that the messenger will import at once on this page."""
    texts = TEXTS.format(language=request_language())
    return [CONVERSATION_VIEW, texts] if request.path.startswith("/c/") else [texts]


def _styles(chunks: list[Chunk]) -> tuple[str, ...]:
    return _unique(style for one in chunks for style in one.css)


def _unique(files: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_static_url, files)))


def _static_url(file: str) -> str:
    return f"/static/{CLIENT}/{file}"
