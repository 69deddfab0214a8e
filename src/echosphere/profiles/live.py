"""Sends the event `user` when a profile changes."""

from collections.abc import Sequence

from echosphere.accounts import ProfileChanged
from echosphere.database import Database
from echosphere.profiles.events import VisibleProfileChanged
from echosphere.profiles.profile import announce_profile
from echosphere.profiles.wire import UserAnswer
from echosphere.realtime.delivery import FanOut, ToUsers


class ProfilesLive:
    """Follows changes of profiles, whichever feature makes them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def serve(self, fan_out: FanOut) -> None:
        """Subscribe to the changes."""
        self._database.in_same_transaction(ProfileChanged, announce_profile)
        fan_out.on(VisibleProfileChanged, profile_changed)


def profile_changed(event: VisibleProfileChanged) -> Sequence[ToUsers]:
    """Return the event `user` for all who see the profile."""
    return (ToUsers(event.viewers, "user", UserAnswer(event.user)),)
