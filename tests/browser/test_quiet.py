"""An idle page asks the server for nothing, and one event causes hardly any requests."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, WebSocket

from tests.browser.cast import Cast
from tests.browser.conftest import note_faults
from tests.browser.panels import NO_PANEL, THEIRS, WAYS, bubble, components, furnish

AT_ONCE = 7
NAMES = sorted(WAYS)
BATCHES = [NAMES[first : first + AT_ONCE] for first in range(0, len(NAMES), AT_ONCE)]
# Pings and their answers, and the end of a handshake.
HEARTBEATS = ("2", "3", "2probe", "5", "6")
TELLS = re.compile(r'42\d*\["(read|delivered)"')
REST, EVENT = 10_000, 3_000


class Traffic:
    """What a page sends to the server from now on."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.calls: list[str] = []
        page.on("request", self._asked)
        page.on("websocket", self._connected)

    def forget(self) -> None:
        self.requests.clear()
        self.calls.clear()

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(("blob:", "data:")):
            self.requests.append(f"{request.method} {request.url}")

    def _connected(self, socket: WebSocket) -> None:
        def sent(frame: str | bytes) -> None:
            if frame not in HEARTBEATS:
                self.calls.append(str(frame))

        socket.on("framesent", sent)


def test_each_panel_of_the_messenger_is_among_those_whose_requests_are_counted() -> None:
    shown = {component for _, shows in WAYS.values() for component in shows}
    assert shown | set(NO_PANEL) == components()


@pytest.mark.parametrize("names", BATCHES, ids=lambda names: f"from {names[0]}")
def test_panels_are_quiet_at_rest_and_after_one_event(
    cast: Cast, image: Path, names: list[str]
) -> None:
    furnish(cast, image)
    pages = {name: opened(cast, *WAYS[name][:1]) for name in names}
    clock = next(iter(pages.values()))[0]
    settle(clock, [traffic for _, traffic in pages.values()])
    clock.wait_for_timeout(REST)
    assert {name: told.requests + told.calls for name, (_, told) in pages.items()} == {
        name: [] for name in names
    }
    cast.post(cast.ben, cast.group, "One more")
    clock.wait_for_timeout(EVENT)
    for name, (_, told) in pages.items():
        assert len(told.requests) <= 1, (name, told.requests)
        assert [one for one in told.calls if not TELLS.match(one)] == [], name


def opened(cast: Cast, way: Callable[[Page], None]) -> tuple[Page, Traffic]:
    """Open the group in a page of its own, and a panel in it."""
    page = cast.ada.page.context.new_page()
    faults: list[str] = []
    note_faults("Ada", page, faults)
    traffic = Traffic(page)
    page.goto(f"/c/{cast.group}")
    bubble(page, THEIRS).wait_for()
    way(page)
    assert faults == []
    return page, traffic


def settle(clock: Page, pages: list[Traffic], quiet: float = 2_000) -> None:
    """Wait until what the panels fetch on opening is there, and then see it as the beginning.

    Args:
        clock: A page that waits.
        pages: What the panels send.
        quiet: Milliseconds without a request after which nothing more is expected.
    """
    for _ in range(10):
        for traffic in pages:
            traffic.forget()
        clock.wait_for_timeout(quiet)
        if not any(traffic.requests or traffic.calls for traffic in pages):
            return
