"""A group and the people around it: its owner, an admin, a member, and an outsider."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.product.people import Person, people_on


@dataclass
class Group:
    """A group as tests see it; every path of its own is answered by `path`."""

    id: str
    owner: Person
    admin: Person
    member: Person
    outsider: Person

    def path(self, rest: str = "") -> str:
        """Return an address of this group."""
        return f"/conversations/{self.id}{rest}"

    def of(self, person: Person) -> str:
        """Return the address of someone's membership."""
        return self.path(f"/members/{person.id}")

    async def invite(self, by: Person | None = None, **how: Any) -> dict[str, Any]:
        """Make an invitation and return it with its token."""
        made = await (by or self.owner).post(self.path("/invites"), how)
        invite: dict[str, Any] = made["invite"]
        return invite

    async def seen_by(self, person: Person) -> dict[str, Any]:
        """Return the group as a member sees it."""
        shown: dict[str, Any] = (await person.get(self.path()))["conversation"]
        return shown

    async def roles(self) -> dict[str, str]:
        """Return the role of each person who is a member now, by name."""
        members = (await self.seen_by(self.owner))["members"]
        return {one["user"]["name"]: one["role"] for one in members if not one["left"]}

    async def lines(self, person: Person | None = None) -> list[dict[str, Any]]:
        """Return what the system lines say that someone sees, with their author."""
        page = await (person or self.owner).get(self.path("/messages"))
        return [
            {**message["system"], "by": message["author"]}
            for message in page["messages"]
            if message["system"]
        ]

    async def said(self, person: Person) -> list[str]:
        """Return what someone can read of what people wrote."""
        page = await person.get(self.path("/messages"))
        return [message["body"] for message in page["messages"] if not message["system"]]


async def found(owner: Person, *others: Person, title: str = "Garden") -> str:
    """Start a group with people who become contacts; return its id."""
    for other in others:
        await owner.befriend(other)
    body = {"kind": "group", "title": title, "members": [other.id for other in others]}
    started = await owner.post("/conversations", body)
    return str(started["conversation"]["id"])


@asynccontextmanager
async def group_on(base: str) -> AsyncIterator[Group]:
    """A group of Ada who owns it, Ben who is an admin, and Carl; Oscar has nothing to do with it."""
    async with people_on(base, "Ada", "Ben", "Carl", "Oscar") as (ada, ben, carl, oscar):
        group = Group(await found(ada, ben, carl), ada, ben, carl, oscar)
        await ada.patch(group.of(ben), {"role": "admin"})
        yield group
