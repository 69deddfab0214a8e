"""What is served for those who run the server."""

from echosphere.administration.checklist import checklist_of
from echosphere.administration.wire import ChecklistAnswer
from echosphere.api import Empty, Operation, get
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.settings import Settings

ADMINISTRATOR = "administrator"


class AdministrationOperations:
    """Serves the checklist.

    Args:
        settings: What the operator decided.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def all(self) -> list[Operation]:
        """Return the operations."""
        return [Operation(self.checklist, get("/server/checklist"))]

    async def checklist(self, caller: Caller, _: Empty) -> ChecklistAnswer:
        """Say to an administrator what of the server is set and what is missing."""
        if caller.role != ADMINISTRATOR:
            raise NotFound("There is no such thing.")
        return ChecklistAnswer(checklist_of(self._settings))
