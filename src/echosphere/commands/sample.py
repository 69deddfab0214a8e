"""`echosphere sample`: fills an empty instance with a believable small team."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any
from urllib.parse import quote

from quart.datastructures import FileStorage
from quart.testing import QuartClient

from echosphere.accounts import create_user, hash_password, list_users, new_account
from echosphere.app import Application, create_app
from echosphere.commands.sample_files import FACES, FILES
from echosphere.commands.sample_story import (
    BEGINNING,
    CONTACTS,
    PASSWORD,
    PEOPLE,
    TALKS,
    WAITING,
    Line,
    Person,
    Talk,
)
from echosphere.commands.sample_voice import VOICE
from echosphere.core.clock import Clock, system_clock
from echosphere.settings import Settings

API = "/api/v1"


class StoryClock:
    """The server's clock while the story is told; it only moves forward."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        """Return the time in the story."""
        return self.now

    def move_to(self, now: int) -> None:
        """Let time pass."""
        self.now = max(self.now, now)


class Door:
    """The REST interface as one person of the story uses it, without a network in between."""

    def __init__(self, client: QuartClient, user: str = "", token: str = "") -> None:
        self.user = user
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def call(self, method: str, path: str, body: Any = None, **files: FileStorage) -> Any:
        """Make a call and return the decoded answer.

        Raises:
            RuntimeError: It was refused.
        """
        given: dict[str, Any] = {} if body is None else {"json": body}
        if files:
            given["files"] = files
        answer = await self._client.open(API + path, method=method, headers=self._headers, **given)
        if answer.status_code >= 400:
            said = await answer.get_data(as_text=True)
            raise RuntimeError(f"The sample was refused at {method} {path}: {said}")
        return await answer.get_json() if answer.status_code != 204 else None

    async def sign_in(self, email: str) -> "Door":
        """Return the door of a person."""
        proof = {"email": email, "password": PASSWORD, "bearer": True}
        signed_in = await self.call("POST", "/sessions", proof)
        return Door(self._client, signed_in["user"]["id"], signed_in["token"])


Cast = dict[str, Door]


@dataclass(slots=True)
class Telling:
    """A talk while it is being told.

    Attributes:
        path: The path of its conversation.
        numbers: Those that its lines have got so far.
        marks: The numbers of lines that later ones answer.
    """

    place: int
    talk: Talk
    path: str
    numbers: list[int] = field(default_factory=list)
    marks: dict[str, int] = field(default_factory=dict)


def sample(settings: Settings, clock: Clock = system_clock) -> int:
    """Tell the story so that it ends now, and print how to sign in.

    Raises:
        RuntimeError: Somebody has an account here already, or a server is running.
    """
    told = replace(settings, rate_limits=False)
    asyncio.run(_fill(told, clock()))
    print("The sample team is in. Sign in as one of them:\n")
    for person in PEOPLE.values():
        print(f"  {person.email:<20} {person.name}")
    print(f"\nThe password of all is {PASSWORD}")
    return 0


async def _fill(settings: Settings, now: int) -> None:
    clock = StoryClock(BEGINNING.before(now))
    async with _running(create_app(settings, clock)) as application:
        if await application.database.read(list_users):
            raise RuntimeError(
                "There are people on this instance already, and the sample needs an empty one. "
                "Set ECHOSPHERE_DATA to a new folder, such as ./sample-data."
            )
        cast = await _register(application)
        await _introduce(cast)
        tellings = [await _start(cast, place) for place in range(len(TALKS))]
        for at, telling, line in _timetable(tellings, now):
            clock.move_to(at)
            await _say(cast, telling, line)
        clock.move_to(now)
        for asker, asked in WAITING:
            await _ask(cast, asker, PEOPLE[asked])
        for telling in tellings:
            await _leave(cast, telling)
        for door in cast.values():
            await door.call("DELETE", "/sessions/current")


@asynccontextmanager
async def _running(application: Application) -> AsyncIterator[Application]:
    await application.start()
    try:
        yield application
    finally:
        await application.stop()


async def _register(application: Application) -> Cast:
    """Make the accounts, the first one being the administrator's, and sign everybody in."""
    method = application.settings.password_method
    for person in PEOPLE.values():
        account = new_account(email=person.email, name=person.name, password=PASSWORD)
        hashed = await asyncio.to_thread(hash_password, method, account.password)
        await application.database.write(create_user, account, hashed)
    entrance = Door(QuartClient(application.web))
    doors = await asyncio.gather(*(entrance.sign_in(person.email) for person in PEOPLE.values()))
    return dict(zip(PEOPLE, doors, strict=True))


async def _introduce(cast: Cast) -> None:
    for name, person in PEOPLE.items():
        told: dict[str, Any] = {"about": person.about}
        if person.status:
            told["status"] = dict(zip(("emoji", "text"), person.status, strict=True))
        await cast[name].call("PATCH", "/me", told)
        if person.face:
            await cast[name].call("PUT", "/me/avatar", file=await _file(person.face))
    for asker, asked in CONTACTS:
        await _ask(cast, asker, PEOPLE[asked])
        waiting = await cast[asked].call("GET", "/contacts/requests")
        for request in waiting["requests"]:
            await cast[asked].call("POST", f"/contacts/requests/{request['id']}", {"accept": True})


async def _ask(cast: Cast, asker: str, asked: Person) -> None:
    await cast[asker].call("POST", "/contacts", {"email": asked.email})


async def _start(cast: Cast, place: int) -> Telling:
    talk = TALKS[place]
    starter, *others = (cast[name] for name in talk.people)
    wanted: dict[str, Any] = {"kind": "direct", "user": others[0].user}
    if talk.title is not None:
        members = [other.user for other in others]
        wanted = {"kind": "group", "title": talk.title, "members": members}
    started = await starter.call("POST", "/conversations", wanted)
    path = f"/conversations/{started['conversation']['id']}"
    if talk.picture:
        await starter.call("PUT", f"{path}/avatar", file=await _file(talk.picture))
    return Telling(place, talk, path)


def _timetable(tellings: list[Telling], now: int) -> list[tuple[int, Telling, Line]]:
    """Return all lines in the order of their times."""
    lines = [
        (line.at.before(now), telling, line) for telling in tellings for line in telling.talk.lines
    ]
    return sorted(lines, key=lambda entry: entry[0])


async def _say(cast: Cast, telling: Telling, line: Line) -> None:
    door = cast[line.by]
    key = f"sample-{telling.place}-{len(telling.numbers)}"
    said: dict[str, Any] = {"key": key, "body": line.was or line.text}
    if line.answers:
        said["reply_to"] = telling.marks[line.answers]
    if line.files:
        said["attachments"] = [await _upload(door, name) for name in line.files]
    posted = await door.call("POST", f"{telling.path}/messages", said)
    number = posted["message"]["seq"]
    telling.numbers.append(number)
    if line.mark:
        telling.marks[line.mark] = number
    await _change(cast, telling, line, f"{telling.path}/messages/{number}")


async def _change(cast: Cast, telling: Telling, line: Line, path: str) -> None:
    """Do what was done to a line after it was said."""
    if line.was:
        await cast[line.by].call("PATCH", path, {"body": line.text})
    for emoji, people in line.reactions.items():
        for name in people:
            await cast[name].call("PUT", f"{path}/reactions/{quote(emoji)}")
    if line.pinned:
        await cast[telling.talk.people[0]].call("PUT", f"{path}/pin")


async def _file(name: str) -> FileStorage:
    drawn = await asyncio.to_thread((FILES | FACES)[name])
    return FileStorage(BytesIO(drawn), filename=name)


async def _upload(door: Door, name: str) -> str:
    voice = f"?duration={VOICE.duration}&waveform={VOICE.waveform}" if name == VOICE.name else ""
    uploaded = await door.call("POST", f"/attachments{voice}", file=await _file(name))
    attachment: str = uploaded["attachment"]["id"]
    return attachment


async def _leave(cast: Cast, telling: Telling) -> None:
    """Leave a talk as its people do: read up to somewhere, pinned, with a draft."""
    for name in telling.talk.people:
        read = telling.numbers[-1 - telling.talk.unread.get(name, 0)]
        await cast[name].call("PUT", f"{telling.path}/read", {"seq": read})
        if own := telling.talk.own.get(name):
            await cast[name].call("PATCH", telling.path, own)
