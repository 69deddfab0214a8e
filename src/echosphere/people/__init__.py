"""People around a person: who sees whose profile, how changes of it are told, and reports."""

from echosphere.people.ask import ask_fellow_member
from echosphere.people.events import PersonChanged
from echosphere.people.live import PeopleLive
from echosphere.people.operations import PeopleOperations
from echosphere.people.show import may_block
from echosphere.people.store import are_around, audience_of_person, those_seen_by

__all__ = [
    "PeopleLive",
    "PeopleOperations",
    "PersonChanged",
    "are_around",
    "ask_fellow_member",
    "audience_of_person",
    "may_block",
    "those_seen_by",
]
