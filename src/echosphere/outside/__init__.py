"""The only way out: requests to places that people name, never to this machine or its neighbours."""

from echosphere.outside.addresses import is_outside
from echosphere.outside.client import Answer, Outside, Resolve
from echosphere.outside.errors import ForbiddenPlaceError, OutsideError, TooMuchError
from echosphere.outside.places import Place, joined, place_of

__all__ = [
    "Answer",
    "ForbiddenPlaceError",
    "Outside",
    "OutsideError",
    "Place",
    "Resolve",
    "TooMuchError",
    "is_outside",
    "joined",
    "place_of",
]
