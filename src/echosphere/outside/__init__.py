"""The only way out: requests to places that people name, never to this machine or its neighbours."""

from echosphere.outside.addresses import is_outside
from echosphere.outside.client import Answer, Outside, Resolve
from echosphere.outside.errors import ForbiddenPlaceError, OutsideError, TooMuchError
from echosphere.outside.places import Place, joined, place_of
from echosphere.outside.turns import WAITING_OF_A_PERSON, Turns

__all__ = [
    "WAITING_OF_A_PERSON",
    "Answer",
    "ForbiddenPlaceError",
    "Outside",
    "OutsideError",
    "Place",
    "Resolve",
    "TooMuchError",
    "Turns",
    "is_outside",
    "joined",
    "place_of",
]
