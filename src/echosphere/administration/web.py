"""The HTTP door for those who run the server."""

from echosphere.administration.checklist import checklist_of
from echosphere.administration.wire import ChecklistAnswer
from echosphere.caller import Caller
from echosphere.errors import NotFound
from echosphere.settings import Settings
from echosphere.web import Api

ADMINISTRATOR = "administrator"


class AdministrationApi:
    """Serves the checklist.

    Args:
        settings: What the operator decided.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def serve(self, api: Api) -> None:
        """Add the routes."""
        api.get("/server/checklist", self.checklist, answer=ChecklistAnswer)

    async def checklist(self, caller: Caller) -> ChecklistAnswer:
        """Say to an administrator what of the server is set and what is missing."""
        if caller.role != ADMINISTRATOR:
            raise NotFound("There is no such thing.")
        return ChecklistAnswer(checklist_of(self._settings))
