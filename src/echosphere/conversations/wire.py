"""Shapes of conversations and members on the wire."""

from collections.abc import Collection, Iterable
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from echosphere.accounts import User
from echosphere.conversations.conversation import MAX_MEMBERS, Member
from echosphere.core.errors import Invalid
from echosphere.wire import Id, Key, Request, Shape


class ConversationCall(Request, frozen=True):
    """The conversation of a call."""

    conversation: Id


class StartConversation(Request, frozen=True):
    """`{kind: "direct", user}` or `{kind: "group", title, members}`."""

    kind: Literal["direct", "group"]
    user: Id | UnsetType = UNSET
    title: Annotated[str, Meta(max_length=400)] | UnsetType = UNSET
    members: Annotated[list[Id], Meta(max_length=MAX_MEMBERS)] | UnsetType = UNSET
    key: Key | None = None

    def require(self, *needed: str) -> None:
        """Check that exactly the fields of the kind are given.

        Raises:
            Invalid: A field is missing or belongs to the other kind.
        """
        for name in ("user", "title", "members"):
            given = getattr(self, name) is not UNSET
            if given != (name in needed):
                problem = "belongs to another kind of conversation" if given else "is missing"
                raise Invalid(f"The field {name!r} {problem}.", fields={name: problem})


class MemberShape(Shape, frozen=True):
    """A member as the others see them."""

    user: User
    role: str
    joined_seq: int
    read_seq: int
    delivered_seq: int
    version: int
    left: bool


class Members(Shape, frozen=True):
    """The members of a conversation."""

    members: list[MemberShape]


def member_shapes(
    members: Iterable[Member],
    users: dict[str, User],
    *,
    positions: bool = True,
    blocked: Collection[str] = (),
) -> list[MemberShape]:
    """Return members with their public profiles.

    Args:
        members: The members.
        users: Their profiles.
        positions: Whether the viewer sees the members' positions; otherwise they are 0.
        blocked: The ids of members whose positions the viewer never sees.
    """
    shapes = []
    for _, user, role, left, version, joined_seq, _, delivered_seq, seen_seq, _ in members:
        shown = positions and user not in blocked
        shapes.append(
            MemberShape(
                users[user],
                role,
                joined_seq,
                seen_seq if shown else 0,
                delivered_seq if shown else 0,
                version,
                left,
            )
        )
    return shapes
