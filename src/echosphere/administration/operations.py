"""The operations for administrators."""

from echosphere.administration.checklist import checklist_of
from echosphere.administration.wire import ChecklistAnswer
from echosphere.api import Empty, Operation, get
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.settings import Settings

ADMINISTRATOR = "administrator"


class AdministrationOperations:
    """Serves the checklist."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def all(self) -> list[Operation]:
        """Return the operations."""
        return [Operation(self.checklist, get("/server/checklist"))]

    async def checklist(self, caller: Caller, _: Empty) -> ChecklistAnswer:
        """List which settings of the server are complete; for administrators only."""
        if caller.role != ADMINISTRATOR:
            raise NotFound("There is no such thing.")
        return ChecklistAnswer(checklist_of(self._settings))
