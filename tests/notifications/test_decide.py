"""Who is notified of what: the rules as a table."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from echosphere.notifications.decide import (
    DecisionInput,
    Outcome,
    QuietHours,
    decide,
    parse_quiet_hours,
)

NOON = int(datetime(2026, 7, 1, 12, 0, tzinfo=UTC).timestamp() * 1000)
ALWAYS = QuietHours(0, 24 * 60)

TABLE = [
    (DecisionInput(), Outcome.MESSAGE),
    (DecisionInput(direct=True), Outcome.DIRECT),
    (DecisionInput(mentioned=True), Outcome.MENTION),
    (DecisionInput(replied_to=True), Outcome.REPLY),
    (DecisionInput(replied_to=True, mentioned=True), Outcome.MENTION),
    (DecisionInput(replied_to=True, direct=True), Outcome.DIRECT),
    (DecisionInput(replied_to=True, default_level="mentions"), Outcome.REPLY),
    (DecisionInput(replied_to=True, default_level="none"), Outcome.NONE),
    (DecisionInput(replied_to=True, muted=True), Outcome.MUTED),
    (DecisionInput(own=True), Outcome.OWN),
    (DecisionInput(system=True), Outcome.SYSTEM),
    (DecisionInput(deleted=True), Outcome.DELETED),
    (DecisionInput(hidden=True), Outcome.HIDDEN),
    (DecisionInput(blocked=True, mentioned=True), Outcome.BLOCKED),
    (DecisionInput(read=True), Outcome.READ),
    (DecisionInput(is_open=True, mentioned=True), Outcome.OPEN),
    (DecisionInput(muted=True), Outcome.MUTED),
    (DecisionInput(muted=True, mentioned=True), Outcome.MUTED),
    (DecisionInput(muted=True, muted_until=NOON + 1), Outcome.MUTED),
    (DecisionInput(muted=True, muted_until=NOON), Outcome.MESSAGE),
    (DecisionInput(default_level="none", direct=True), Outcome.NONE),
    (DecisionInput(default_level="none", conversation_level="all"), Outcome.MESSAGE),
    (DecisionInput(default_level="all", conversation_level="none", mentioned=True), Outcome.NONE),
    (DecisionInput(default_level="mentions"), Outcome.NOT_MENTIONED),
    (DecisionInput(default_level="mentions", direct=True), Outcome.DIRECT),
    (DecisionInput(default_level="mentions", mentioned=True), Outcome.MENTION),
    (DecisionInput(conversation_level="mentions"), Outcome.NOT_MENTIONED),
    (DecisionInput(conversation_level="mentions", mentioned=True), Outcome.MENTION),
    (DecisionInput(quiet=ALWAYS, mentioned=True), Outcome.QUIET),
    (DecisionInput(has_device=False), Outcome.NO_DEVICE),
    (DecisionInput(has_device=False, muted=True), Outcome.MUTED),
    (DecisionInput(own=True, read=True, muted=True), Outcome.OWN),
]


@pytest.mark.parametrize(("concern", "outcome"), TABLE, ids=lambda one: str(one)[:60])
def test_the_first_reason_against_it_counts(concern: DecisionInput, outcome: Outcome) -> None:
    assert decide(concern, NOON) is outcome


def test_only_the_reasons_for_it_say_that_someone_was_told() -> None:
    told = {outcome.value for outcome in Outcome if outcome.is_notified}
    assert told == {"direct", "mention", "reply", "message", "digest"}


@pytest.mark.parametrize(
    ("begin", "end", "hour", "quiet"),
    [
        (22 * 60, 7 * 60, 23, True),
        (22 * 60, 7 * 60, 6, True),
        (22 * 60, 7 * 60, 7, False),
        (22 * 60, 7 * 60, 12, False),
        (9 * 60, 17 * 60, 9, True),
        (9 * 60, 17 * 60, 17, False),
        (9 * 60, 17 * 60, 8, False),
    ],
)
def test_quiet_hours_may_go_past_midnight(begin: int, end: int, hour: int, quiet: bool) -> None:
    zone = ZoneInfo("Asia/Tokyo")
    now = int(datetime(2026, 3, 3, hour, 0, tzinfo=zone).timestamp() * 1000)
    assert QuietHours(begin, end, zone).include(now) is quiet


def test_quiet_hours_are_those_of_the_persons_own_clock() -> None:
    tokyo = parse_quiet_hours(21 * 60, 22 * 60, "Asia/Tokyo")
    berlin = parse_quiet_hours(21 * 60, 22 * 60, "Europe/Berlin")
    assert tokyo is not None
    assert berlin is not None
    assert tokyo.include(NOON)  # 21:00 there
    assert not berlin.include(NOON)  # 14:00 there


@pytest.mark.parametrize("given", [(None, 60), (60, None), (60, 60)])
def test_half_a_wish_is_no_quiet_hours(given: tuple[int | None, int | None]) -> None:
    assert parse_quiet_hours(*given, "Europe/Berlin") is None


def test_an_unknown_time_zone_counts_as_utc() -> None:
    quiet = parse_quiet_hours(12 * 60, 13 * 60, "Nowhere/Land")
    assert quiet is not None
    assert quiet.include(NOON)
