"""Requests, answers and objects of accounts."""

from typing import Annotated

import msgspec
from msgspec import Meta

from echosphere.wire import Id, Key, Request, Shape

# Generous bounds against floods; the rules of `account.py` and `password.py` are the real ones.
Line = Annotated[str, Meta(max_length=1_100)]
Paragraph = Annotated[str, Meta(max_length=2_000)]
SettingName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_.-]{0,63}\Z")]
SettingValue = (
    bool | Annotated[int, Meta(ge=-(2**53), le=2**53)] | Annotated[str, Meta(max_length=200)] | None
)
SettingsChange = Annotated[dict[SettingName, SettingValue], Meta(max_length=50)]


class Status(Shape, frozen=True):
    """What someone says they are up to; it ends by itself at `until`."""

    emoji: str | None
    text: str | None
    until: int | None


class User(Shape, frozen=True):
    """A user as others see them; `kind` is person, bot or hook, which is an incoming webhook."""

    id: str
    name: str
    about: str
    avatar_url: str | None
    status: Status | None
    kind: str


def limited_profile(user: User) -> User:
    """Return a user with the name and avatar alone."""
    return User(user.id, user.name, "", user.avatar_url, None, user.kind)


class OwnUser(User, frozen=True):
    """A person as they see themselves."""

    email: str
    role: str
    created_at: int
    settings: dict[str, SettingValue]


class Session(Shape, frozen=True):
    """One of the caller's devices."""

    id: str
    device: str
    address: str
    kind: str
    created_at: int
    last_used_at: int
    current: bool


class OwnUserAnswer(Shape, frozen=True):
    """The caller's own account."""

    user: OwnUser


class SignedInAnswer(Shape, frozen=True, omit_defaults=True):
    """The account that was signed in; a token only for those who asked for one."""

    user: OwnUser
    token: str | msgspec.UnsetType = msgspec.UNSET


class WaitingAnswer(Shape, frozen=True):
    """A registration that waits for an administrator."""

    waiting: bool = True


class PendingAnswer(Shape, frozen=True):
    """The password was right; the second factor is missing. The token is for that alone."""

    pending: str


class SessionsAnswer(Shape, frozen=True):
    """The caller's devices, the last used first."""

    sessions: list[Session]


class SessionCall(Request, frozen=True):
    """Which device is meant."""

    session: Id


class SignUp(Request, frozen=True):
    """Register."""

    email: Line
    name: Line
    password: Line
    key: Key | None = None
    invite: Id | None = None


class SignIn(Request, frozen=True):
    """Sign in; programs ask for a bearer token instead of the cookie."""

    email: Line
    password: Line
    bearer: bool = False


class NewStatus(Request, frozen=True):
    """Say what one is up to, until a time to come or until one says otherwise."""

    emoji: Annotated[str, Meta(max_length=100)] | None = None
    text: Line | None = None
    until: Annotated[int, Meta(ge=0, le=2**53)] | None = None


class ChangeProfile(Request, frozen=True):
    """Change what is given; a setting of null is forgotten, a status of null is over."""

    name: Line | msgspec.UnsetType = msgspec.UNSET
    about: Paragraph | msgspec.UnsetType = msgspec.UNSET
    status: NewStatus | msgspec.UnsetType | None = msgspec.UNSET
    settings: SettingsChange | msgspec.UnsetType = msgspec.UNSET

    @property
    def is_seen(self) -> bool:
        """Whether others are told of the change."""
        unset = msgspec.UNSET
        return any(field is not unset for field in (self.name, self.about, self.status))


class ChangePassword(Request, frozen=True):
    """Change the password; the current one proves who asks, or a fresh proof who has none."""

    new: Line
    current: Line | None = None


class CloseAccount(Request, frozen=True):
    """Close the account for good; the password proves who asks, or a fresh proof who has none.

    What was said stays with the others under "Closed account", or is deleted for everyone.
    """

    password: Line | None = None
    delete_messages: bool = False
