"""The summary of Lighthouse's reports is correct; the pages themselves are not judged here."""

from typing import Any

from bench.audits import CATEGORIES, METRICS, figures


def report(performance: float) -> dict[str, Any]:
    """A report of the form that Lighthouse writes, with one score that differs."""
    scores = {"performance": performance, "accessibility": 1, "best-practices": 0.96}
    return {
        "categories": {name: {"score": scores[name]} for name in CATEGORIES},
        "audits": {audit: {"numericValue": 100 * performance} for audit in METRICS},
    }


def test_the_run_in_the_middle_is_told_with_its_own_times() -> None:
    told = figures([report(0.99), report(0.5), report(0.87)])

    assert told["performance"] == 87
    assert told["accessibility"] == 100
    assert told["best_practices"] == 96
    assert told["first_paint_ms"] == told["blocking_ms"] == 87
