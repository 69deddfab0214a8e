"""A product with settings of its own, and what is pressed and seen on its pages."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.house.serving import free_port
from tests.served import Served


@contextmanager
def product(folder: Path, **settings: str) -> Iterator[Served]:
    """The product with settings of its own; its links name its port."""
    given = {"PORT": str(free_port())} | settings
    served = Served(folder / "data", **{f"ECHOSPHERE_{name}": one for name, one in given.items()})
    served.start()
    try:
        yield served
    finally:
        served.stop()
    assert "Traceback" not in served.log, served.log


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def opens(page: Page) -> None:
    expect(page.get_by_role("button", name="Your menu")).to_be_visible()


def press(page: Page, name: str, role: str = "button") -> None:
    page.get_by_role(role, name=name).press("Enter")  # type: ignore[arg-type]


def grown_old(served: Served) -> None:
    """Let every proof of who someone is grow old."""
    with sqlite3.connect(served.data / "app.db") as database:
        database.execute("UPDATE sessions SET proved_at = 0")
