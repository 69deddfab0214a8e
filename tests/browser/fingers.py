"""Touch input, as Chromium gets it from its own touch events: there is no mouse behind it."""

from collections.abc import Callable

from playwright.sync_api import CDPSession, Locator, expect

from tests.browser.people import Someone


class Finger:
    """One finger; it comes down on something, may move, and is lifted."""

    def __init__(self, person: Someone) -> None:
        self._session: CDPSession = person.page.context.new_cdp_session(person.page)
        self._at = (0.0, 0.0)

    def down(self, on: Locator) -> None:
        """Put the finger near the beginning of something that is in view."""
        box = on.bounding_box()
        assert box is not None
        self._touch("touchStart", box["x"] + 20, box["y"] + 12)

    def move(self, along: float) -> None:
        """Move it down the page by some pixels."""
        self._touch("touchMove", self._at[0], self._at[1] + along)

    def up(self) -> None:
        self._session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def _touch(self, kind: str, x: float, y: float) -> None:
        self._at = (x, y)
        points = [{"x": x, "y": y}]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def rest_on(person: Someone, on: Locator, until: Callable[[], None]) -> None:
    """Rest a finger on something until that shows, then lift it."""
    expect(on).to_be_visible()
    finger = Finger(person)
    finger.down(on)
    until()
    finger.up()
