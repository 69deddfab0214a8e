"""Browser contexts that one test after another uses.

A new context costs more than what most tests do in it: a profile, a process for its pages, and the whole
client, which is fetched and compiled again. So a test gives its context back, emptied of cookies and
storage, and the next one with the same options opens a new page in it. Whatever a test did to its page is
gone with the page; a context to which it did what cannot be taken back is closed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, StorageState

REMAINS = (
    "add_init_script",
    "clock",
    "expose_binding",
    "expose_function",
    "on",
    "once",
    "route",
    "route_web_socket",
    "set_extra_http_headers",
    "set_geolocation",
)
"""What changes a context for good."""

IDLE = 8
"""Contexts that wait for a test; each holds about 60 MB."""

USES = 40
"""Tests after which a context is closed: what a page leaves behind in its process adds up."""

SECONDS = 1_000

Options = dict[str, Any]


class Contexts:
    """The contexts of a browser.

    Args:
        browser: The browser.
        lasting: Addresses that all tests share; only contexts for these are used again.
    """

    def __init__(self, browser: Browser, lasting: set[str]) -> None:
        self._browser = browser
        self._lasting = lasting
        self._idle: list[tuple[Options, BrowserContext]] = []
        self._lent: dict[BrowserContext, Options] = {}
        self._uses: dict[BrowserContext, int] = {}
        self._keepers: dict[BrowserContext, Page] = {}
        self._changed: set[BrowserContext] = set()

    def lend(self, options: Options, known: StorageState) -> BrowserContext:
        """Return a context with these options that has nothing but these cookies."""
        for at, (those, context) in enumerate(self._idle):
            if those == options:
                del self._idle[at]
                context.add_cookies([{**one} for one in known["cookies"]])  # type: ignore[typeddict-item]
                break
        else:
            context = self._browser.new_context(**options, storage_state=known)
        self._lent[context] = options
        self._uses[context] = self._uses.get(context, 0) + 1
        return context

    def take_back(self, context: BrowserContext) -> None:
        """Close the pages of a context, and the context, too, if no test should use it again."""
        options = self._lent.pop(context, None)
        if options is None:
            return  # two people shared it
        try:
            again = self._usable(context, options)
            if again:
                self._empty(context)
        except Error:
            again = False
        if not again:
            self._close(context)
            return
        self._idle.append((options, context))
        if len(self._idle) > IDLE:
            self._close(self._idle.pop(0)[1])

    def _close(self, context: BrowserContext) -> None:
        self._keepers.pop(context, None)
        self._uses.pop(context, None)
        self._changed.discard(context)
        context.close()

    def _usable(self, context: BrowserContext, options: Options) -> bool:
        return (
            options["base_url"] in self._lasting
            and options.get("service_workers") == "block"
            and "permissions" not in options
            and self._uses[context] < USES
            and context not in self._changed
        )

    def _empty(self, context: BrowserContext) -> None:
        context.set_offline(False)
        keeper = self._keeper(context)
        for page in context.pages:
            if page is not keeper:
                page.close()
        context.clear_permissions()
        context.clear_cookies()
        session = context.new_cdp_session(keeper)
        for origin in self._lasting:
            every = {"origin": origin, "storageTypes": "all"}
            session.send("Storage.clearDataForOrigin", every)
        session.detach()

    def _keeper(self, context: BrowserContext) -> Page:
        """Return a page that keeps the process of the site, and what it has compiled."""
        if context not in self._keepers:
            page = context.new_page()
            page.route("**", _nothing)
            page.goto("/", timeout=5 * SECONDS)
            self._keepers[context] = page
        return self._keepers[context]

    @contextmanager
    def watched(self) -> Iterator["Contexts"]:
        """Note which contexts are changed for good; the clock of a page is that of its context."""
        with pytest.MonkeyPatch.context() as patching:
            for name in REMAINS:
                patching.setattr(BrowserContext, name, self._noting(getattr(BrowserContext, name)))
            patching.setattr(Page, "clock", self._noting(Page.clock))
            yield self
        for _, context in self._idle:
            self._close(context)

    def _noting(self, what: Any) -> Any:
        if isinstance(what, property):
            assert what.fget is not None
            return property(self._noting(what.fget))

        def noting(this: BrowserContext | Page, *args: Any, **options: Any) -> Any:
            self._changed.add(this.context if isinstance(this, Page) else this)
            return what(this, *args, **options)

        return noting


def _nothing(route: Route) -> None:
    route.fulfill(body="", content_type="text/html")
