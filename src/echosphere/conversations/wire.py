"""Shapes of conversations and members on the wire."""

from collections.abc import Collection, Iterable
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from echosphere.accounts import User
from echosphere.conversations.conversation import MAX_MEMBERS, Member
from echosphere.core.errors import Invalid
from echosphere.wire import Id, Key, Request, Shape


class ConversationCall(Request, frozen=True):
    """Which conversation is meant."""

    conversation: Id


class StartConversation(Request, frozen=True):
    """`{kind: "direct", user}` or `{kind: "group", title, members}`."""

    kind: Literal["direct", "group"]
    user: Id | UnsetType = UNSET
    title: Annotated[str, Meta(max_length=400)] | UnsetType = UNSET
    members: Annotated[list[Id], Meta(max_length=MAX_MEMBERS)] | UnsetType = UNSET
    key: Key | None = None

    def require(self, *needed: str) -> None:
        """Refuse a request that lacks what its kind needs or carries what it does not have.

        Raises:
            Invalid: Names the first such field.
        """
        for name in ("user", "title", "members"):
            given = getattr(self, name) is not UNSET
            if given != (name in needed):
                problem = "belongs to another kind of conversation" if given else "is missing"
                raise Invalid(f"The field {name!r} {problem}.", fields={name: problem})


class MemberShape(Shape, frozen=True):
    """A member, as the others see them."""

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
    people: Iterable[Member],
    users: dict[str, User],
    *,
    positions: bool = True,
    apart: Collection[str] = (),
) -> list[MemberShape]:
    """Return members with their public profiles.

    Args:
        people: The members.
        users: Their profiles.
        positions: Whether the viewer sees how far they have come; 0 otherwise.
        apart: Those of whom the viewer does not see it in any case.
    """
    shapes = []
    for _, user, role, left, version, joined_seq, _, delivered_seq, seen_seq in people:
        shown = positions and user not in apart
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
