"""Answers who may see whether somebody is here, and when they were last seen."""

from collections.abc import Collection
from typing import NamedTuple

from echosphere.accounts import last_seen_of, settings_of, settings_of_all
from echosphere.database import Snapshot
from echosphere.people import audience_of_person, those_seen_by


class Seen(NamedTuple):
    """How one person is seen by others.

    Attributes:
        invisible: They look offline to everybody, and nobody learns when they were here.
        last_seen: When they were last here, as far as it was ever told.
    """

    user: str
    invisible: bool
    last_seen: int | None


def audience_of_change(snapshot: Snapshot, person: str) -> tuple[bool, frozenset[str]]:
    """Return whether a person is invisible, and who is told when they come or go."""
    invisible = settings_of(snapshot, person).invisible
    return invisible, audience_of_person(snapshot, person)


def look_for(snapshot: Snapshot, viewer: str, wanted: Collection[str]) -> list[Seen]:
    """Return those of these people whom somebody may see; strangers are silently left out."""
    seen = those_seen_by(snapshot, viewer, wanted)
    settings = settings_of_all(snapshot, seen)
    moments = last_seen_of(snapshot, seen)
    return [
        Seen(person, settings[person].invisible, moments.get(person)) for person in sorted(seen)
    ]
