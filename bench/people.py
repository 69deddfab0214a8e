"""Makes accounts, contacts and conversations over REST, as programs of real people would."""

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bench.progress import say
from bench.rest import Rest

PASSWORD = "drawbridge-cormorant-17"
AT_ONCE = 8

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an account, signed in."""

    id: str
    name: str
    email: str
    token: str


async def register(rest: Rest, count: int, first: int = 0) -> list[Person]:
    """Make accounts and sign each of them in."""
    say(f"making {count} accounts …")
    return await _each(_register(rest, first + number) for number in range(count))


async def befriend(rest: Rest, owner: Person, others: Sequence[Person]) -> None:
    """Make everyone a contact of the owner: they ask, the owner accepts."""
    say(f"making {len(others)} contacts …")
    await _each(
        rest.call("POST", "/contacts", {"email": owner.email}, other.token) for other in others
    )
    answer = await rest.call("GET", "/contacts/requests", token=owner.token)
    await _each(
        rest.call("POST", f"/contacts/requests/{request['id']}", {"accept": True}, owner.token)
        for request in answer["requests"]
    )


async def start_group(rest: Rest, owner: Person, others: Sequence[Person], title: str) -> str:
    """Start a group with contacts of the owner and return its id."""
    body = {"kind": "group", "title": title, "members": [other.id for other in others]}
    answer = await rest.call("POST", "/conversations", body, owner.token)
    return str(answer["conversation"]["id"])


async def start_direct(rest: Rest, one: Person, other: Person) -> str:
    """Start the conversation of two contacts and return its id."""
    body = {"kind": "direct", "user": other.id}
    answer = await rest.call("POST", "/conversations", body, one.token)
    return str(answer["conversation"]["id"])


async def pair_up(rest: Rest, people: Sequence[Person]) -> list[tuple[Person, Person, str]]:
    """Make contacts of every two people and start their conversations."""
    pairs = list(zip(people[::2], people[1::2], strict=True))
    say(f"making {len(pairs)} direct conversations …")
    conversations = await _each(_pair(rest, one, other) for one, other in pairs)
    return [(*pair, conversation) for pair, conversation in zip(pairs, conversations, strict=True)]


async def _register(rest: Rest, number: int) -> Person:
    name, email = f"Member {number}", f"member{number}@bench.example"
    await rest.call("POST", "/accounts", {"email": email, "name": name, "password": PASSWORD})
    answer = await rest.call(
        "POST", "/sessions", {"email": email, "password": PASSWORD, "bearer": True}
    )
    return Person(answer["user"]["id"], name, email, answer["token"])


async def _pair(rest: Rest, one: Person, other: Person) -> str:
    await rest.call("POST", "/contacts", {"email": other.email}, one.token)
    answer = await rest.call("GET", "/contacts/requests", token=other.token)
    path = f"/contacts/requests/{answer['requests'][0]['id']}"
    await rest.call("POST", path, {"accept": True}, other.token)
    return await start_direct(rest, one, other)


async def _each(calls: Iterable[Awaitable[T]]) -> list[T]:
    """Await all, a few at a time, and return the answers in order."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(call: Awaitable[T]) -> T:
        async with turns:
            return await call

    return list(await asyncio.gather(*(one(call) for call in calls)))
