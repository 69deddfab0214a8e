"""`python -m bench.plot LINES.jsonl PICTURE.svg`: draws cost against size from printed results."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Line = dict[str, Any]
INK = "#5b6270"
COLOURS = ("#3b6fd4", "#c2571a")


@dataclass(frozen=True, slots=True)
class Panel:
    """One plot: a workload's size from left to right, and what it costs upwards."""

    workload: str
    title: str
    size: str
    """The parameter that grows; its name is written below the plot."""
    unit: str
    curves: tuple[tuple[str, Callable[[Line], float]], ...]


def _of(*path: str) -> Callable[[Line], float]:
    """Return what reads a figure that may lie deeper in a line."""

    def read(line: Line) -> float:
        found: Any = line
        for name in path:
            found = found[name]
        return float(found)

    return read


def _on_both(*path: str) -> tuple[tuple[str, Callable[[Line], float]], ...]:
    """Return the curves of a figure on both databases."""
    return (
        ("SQLite", _of("sqlite", *path)),
        ("PostgreSQL", _of("postgresql", *path)),
    )


PANELS = (
    Panel(
        "group",
        "A message in a group",
        "members",
        "µs of processor time a delivery",
        (("", _of("cpu_us_per_delivery")),),
    ),
    Panel(
        "direct",
        "Direct messages",
        "pairs",
        "µs of processor time a message",
        (("", _of("cpu_us_per_message")),),
    ),
    Panel(
        "connections",
        "Connecting",
        "count",
        "µs of processor time a connect",
        (("", _of("cpu_us_per_connect")),),
    ),
    Panel("connections", "Idle connections", "count", "kB of memory each", (("", _of("kb_each")),)),
    Panel(
        "history",
        "A page of history",
        "messages",
        "µs of processor time a page",
        (("socket", _of("socket", "cpu_us_each")), ("REST", _of("rest", "cpu_us_each"))),
    ),
    Panel(
        "search",
        "Searching for part of a word",
        "messages",
        "ms until the answer",
        (("half of all", _of("p50_ms")), ("99 of 100", _of("p99_ms"))),
    ),
    *(
        Panel("large", title, "messages", unit, _on_both(*path))
        for title, unit, path in (
            ("Part of a word, half of all answers", "ms until the answer", ("search", "p50_ms")),
            ("Part of a word, 99 of 100", "ms until the answer", ("search", "p99_ms")),
            ("Two letters, half of all", "ms until the answer", ("search_two_letters", "p50_ms")),
            ("A page of history", "µs of processor time", ("history", "cpu_us_each")),
            ("The list", "ms until the answer", ("list", "p50_ms")),
            ("Catching up at once", "seconds until all are", ("catchup", "seconds")),
        )
    ),
)


def draw(lines: list[Line]) -> Figure:
    """Return the picture of all panels for which there are results.

    Raises:
        ValueError: There are none.
    """
    panels = [panel for panel in PANELS if _points(panel, lines)]
    if not panels:
        raise ValueError("none of the lines is a result of a workload that is drawn")
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    figure = Figure(figsize=(4 * columns, 3 * rows), layout="constrained")
    places = list(figure.subplots(rows, columns, squeeze=False).flat)
    for place in places:
        place.set_visible(False)
    for panel, place in zip(panels, places, strict=False):
        _draw(panel, _points(panel, lines), place)
    return figure


def _points(panel: Panel, lines: list[Line]) -> list[Line]:
    """Return the results of a panel by size; of two of the same size the later one."""
    newest = {line[panel.size]: line for line in lines if line["workload"] == panel.workload}
    return [newest[size] for size in sorted(newest)]


def _draw(panel: Panel, points: list[Line], place: Axes) -> None:
    place.set_visible(True)
    sizes = [line[panel.size] for line in points]
    for (label, read), colour in zip(panel.curves, COLOURS, strict=False):
        place.plot(sizes, [read(line) for line in points], "o-", label=label, color=colour)
    place.set_xscale("log")
    place.set_xticks(sizes, labels=[f"{size:,}" for size in sizes])
    place.set_xticks([], minor=True)
    place.set_ylim(0, 1.08 * place.get_ylim()[1])
    place.set_title(panel.title, loc="left", color=INK)
    place.set_xlabel("connections" if panel.size == "count" else panel.size, color=INK)
    place.set_ylabel(panel.unit, color=INK)
    place.tick_params(colors=INK, which="both")
    place.grid(visible=True, color=INK, alpha=0.2)
    place.spines[:].set_color(INK)
    place.spines[["top", "right"]].set_visible(False)
    if len(panel.curves) > 1:
        place.legend(frameon=False, labelcolor=INK)


def main(given: list[str]) -> int:
    """Draw a file of results into another file; return the exit code."""
    if len(given) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    source, target = map(Path, given)
    lines = [json.loads(line) for line in source.read_text().splitlines()]
    # The same results give the same file: no date, no random names; text stays text.
    mpl.rcParams["svg.hashsalt"] = "echosphere"
    mpl.rcParams["svg.fonttype"] = "none"
    mpl.rcParams["font.family"] = "sans-serif"
    draw(lines).savefig(target, format="svg", metadata={"Date": None}, transparent=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
