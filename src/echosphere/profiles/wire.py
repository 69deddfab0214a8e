"""The shapes of profiles on the wire."""

from echosphere.accounts import User
from echosphere.wire import Id, Request, Shape


class UserAnswer(Shape, frozen=True):
    """A profile; also the event `user`, sent when it changes."""

    user: User


class ProfileCall(Request, frozen=True):
    """The user whose profile is asked for."""

    user: Id
