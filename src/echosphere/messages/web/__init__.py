"""The HTTP doors of messages."""

from echosphere.database import Database
from echosphere.limits import Limits
from echosphere.messages.web.changing import ChangingApi
from echosphere.messages.web.personal import PersonalApi
from echosphere.messages.web.posting import PostingApi
from echosphere.messages.web.reading import ReadingApi
from echosphere.web import Api


class MessagesApi:
    """Serves everything that can be done with messages.

    Args:
        database: Where they are.
        limits: How often somebody may do something.
        edit_minutes: How long messages can be edited; 0 for ever.
    """

    def __init__(self, database: Database, limits: Limits, edit_minutes: int = 0) -> None:
        self._doors = (
            PostingApi(database, limits),
            ReadingApi(database, limits),
            ChangingApi(database, limits, edit_minutes),
            PersonalApi(database, limits),
        )

    def serve(self, api: Api) -> None:
        """Add the routes."""
        for door in self._doors:
            door.serve(api)


__all__ = ["MessagesApi"]
