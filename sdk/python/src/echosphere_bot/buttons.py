"""Buttons under a message."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Style = Literal["primary", "danger"]

ROW = 5
"""Buttons in a row; there may be as many rows."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button that people can press, or with `url` a link.

    Attributes:
        label: What stands on it.
        id: What `on_action` knows it by; made of the label if it is not given.
        value: What comes along with a press.
        url: Where it leads. Then no press is heard of.
        style: How it looks.
        confirm: What is asked before a press counts.
    """

    label: str
    id: str | None = None
    value: str | None = None
    url: str | None = None
    style: Style | None = None
    confirm: str | None = None

    def __post_init__(self) -> None:
        if self.url is not None and self.value is not None:
            raise ValueError("A button has a value or a url, not both.")


Actions = Iterable[Button | Sequence[Button]]
"""Buttons, or rows of them."""


def rows_of(actions: Actions | None) -> list[list[dict[str, Any]]] | None:
    """Return buttons as they are sent: single ones are put in rows.

    Raises:
        ValueError: There are too many, or two have the same id.
    """
    if actions is None:
        return None
    rows: list[list[Button]] = []
    is_open = False
    for one in actions:
        if not isinstance(one, Button):
            rows.append(list(one))
        elif is_open and len(rows[-1]) < ROW:
            rows[-1].append(one)
        else:
            rows.append([one])
        is_open = isinstance(one, Button)
    if len(rows) > ROW or any(len(row) > ROW for row in rows):
        raise ValueError(f"A message has at most {ROW} rows of {ROW} buttons.")
    shapes = [[_shape(button) for button in row] for row in rows if row]
    ids = [shape["id"] for row in shapes for shape in row]
    twice = {one for one in ids if ids.count(one) > 1}
    if twice:
        raise ValueError(f"Two buttons have the id {min(twice)!r}. Give each an id of its own.")
    return shapes


def _shape(button: Button) -> dict[str, Any]:
    optional = {
        "style": button.style,
        "url": button.url,
        "value": button.value,
        "confirm": button.confirm,
    }
    shape = {"id": button.id or id_of(button.label), "label": button.label}
    return shape | {name: value for name, value in optional.items() if value is not None}


def id_of(label: str) -> str:
    """Return the id of a button that has none: its label in small letters and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:32] or "button"
