"""People around a person: who sees whose profile, how changes of it are told, and reports."""

from echosphere.people.ask import ask_seen_person
from echosphere.people.events import PersonChanged
from echosphere.people.live import PeopleLive
from echosphere.people.operations import PeopleOperations
from echosphere.people.show import Finds, finds_nobody, how_known
from echosphere.people.store import are_around, audience_of_person, those_seen_by

__all__ = [
    "Finds",
    "PeopleLive",
    "PeopleOperations",
    "PersonChanged",
    "are_around",
    "ask_seen_person",
    "audience_of_person",
    "finds_nobody",
    "how_known",
    "those_seen_by",
]
