"""The operations for administrators."""

from echosphere.accounts import Action, permission
from echosphere.administration.checklist import checklist_of
from echosphere.administration.wire import ChecklistAnswer
from echosphere.api import Empty, Operation, get
from echosphere.core.caller import Caller
from echosphere.settings import Settings


class AdministrationOperations:
    """Serves the checklist."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def all(self) -> list[Operation]:
        """Return the operations."""
        allowed = permission(Action.VIEW_ADMINISTRATION)
        return [Operation(self.checklist, get("/server/checklist"), permission=allowed)]

    async def checklist(self, _caller: Caller, _: Empty) -> ChecklistAnswer:
        """List which settings of the server are complete; for administrators only."""
        return ChecklistAnswer(checklist_of(self._settings))
