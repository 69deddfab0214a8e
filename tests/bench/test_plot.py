"""Printed results become a picture: each workload with its sizes, and nothing invented."""

import json
from pathlib import Path

import numpy as np
import pytest
from bench.plot import draw, main

LINES = [
    {"workload": "group", "members": 100, "cpu_us_per_delivery": 7.0},
    {"workload": "group", "members": 10, "cpu_us_per_delivery": 30.0},
    {"workload": "group", "members": 100, "cpu_us_per_delivery": 6.0},
    {"workload": "connections", "count": 100, "cpu_us_per_connect": 600, "kb_each": 40.0},
    {"workload": "start", "seconds": 1.5},
]


def test_each_plot_has_the_figures_that_were_printed_by_size() -> None:
    shown = [place for place in draw(LINES).axes if place.get_visible()]

    assert [place.get_title(loc="left") for place in shown] == [
        "A message in a group",
        "Connecting",
        "Idle connections",
    ]
    (curve,) = shown[0].lines
    assert np.asarray(curve.get_xydata()).tolist() == [[10, 30.0], [100, 6.0]]


def test_lines_without_a_size_are_refused() -> None:
    with pytest.raises(ValueError, match="none of the lines"):
        draw([{"workload": "start", "seconds": 1.5}])


def test_the_same_results_give_the_same_file(tmp_path: Path) -> None:
    source = tmp_path / "lines.jsonl"
    source.write_text("\n".join(map(json.dumps, LINES)))
    pictures = [tmp_path / "one.svg", tmp_path / "two.svg"]

    for picture in pictures:
        assert main([str(source), str(picture)]) == 0

    assert pictures[0].read_bytes() == pictures[1].read_bytes()
    assert b"A message in a group" in pictures[0].read_bytes()
