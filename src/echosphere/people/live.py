"""What those around a person are told when the person looks different."""

from collections.abc import Sequence

from echosphere.accounts import ProfileChanged
from echosphere.database import Database
from echosphere.people.events import PersonChanged
from echosphere.people.show import tell_those_around
from echosphere.people.wire import UserAnswer
from echosphere.realtime.delivery import FanOut, ToUsers


class PeopleLive:
    """Sends the event `user`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def serve(self, fan_out: FanOut) -> None:
        """Say what is sent, whichever feature changed the profile."""
        self._database.also(ProfileChanged, tell_those_around)
        fan_out.on(PersonChanged, person_changed)


def person_changed(event: PersonChanged) -> Sequence[ToUsers]:
    """Show those around a person how they look now."""
    return (ToUsers(event.around, "user", UserAnswer(event.user)),)
