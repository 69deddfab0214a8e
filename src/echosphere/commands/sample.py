"""`echosphere sample`: fills an empty instance with a small team."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any
from urllib.parse import quote

from quart.datastructures import FileStorage
from quart.testing import QuartClient

from echosphere.accounts import CreateUser, hash_password, list_users, new_account
from echosphere.app import Application, create_app
from echosphere.commands.sample_files import AVATARS, FILES
from echosphere.commands.sample_story import (
    CONVERSATIONS,
    PASSWORD,
    PEOPLE,
    STORY,
    Conversation,
    Message,
    Person,
)
from echosphere.commands.sample_voice import VOICE
from echosphere.core.clock import Clock, system_clock
from echosphere.settings import Settings

API = "/api/v1"


class StoryClock:
    """The clock of the server while the story is posted; it only moves forward."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        """Return the time in the story."""
        return self.now

    def move_to(self, now: int) -> None:
        """Advance to this time, unless it is in the past."""
        self.now = max(self.now, now)


class ApiClient:
    """Calls the REST API as one person of the story, without a network."""

    def __init__(self, client: QuartClient, user: str = "", token: str = "") -> None:
        self.user = user
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def call(self, method: str, path: str, body: Any = None, **files: FileStorage) -> Any:
        """Make a call and return the decoded response.

        Raises:
            RuntimeError: The call was refused.
        """
        given: dict[str, Any] = {} if body is None else {"json": body}
        if files:
            given["files"] = files
        answer = await self._client.open(API + path, method=method, headers=self._headers, **given)
        if answer.status_code >= 400:
            detail = await answer.get_data(as_text=True)
            raise RuntimeError(f"The sample was rejected at {method} {path}: {detail}")
        return await answer.get_json() if answer.status_code != 204 else None

    async def sign_in(self, email: str) -> "ApiClient":
        """Return a client that is signed in as this person."""
        proof = {"email": email, "password": PASSWORD, "bearer": True}
        signed_in = await self.call("POST", "/sessions", proof)
        return ApiClient(self._client, signed_in["user"]["id"], signed_in["token"])


Cast = dict[str, ApiClient]


@dataclass(slots=True)
class PostedConversation:
    """A conversation while it is posted.

    Attributes:
        index: Its position in the story.
        path: Its path in the REST API.
        seqs: The seqs of the messages posted so far.
        seq_of_mark: The seqs of messages that later ones reply to.
    """

    index: int
    story: Conversation
    path: str
    seqs: list[int] = field(default_factory=list)
    seq_of_mark: dict[str, int] = field(default_factory=dict)


def sample(settings: Settings, clock: Clock = system_clock) -> int:
    """Post the story so that it ends now, and print how to sign in.

    Raises:
        RuntimeError: The instance has accounts already, or a server is running.
    """
    unlimited = replace(settings, rate_limits=False)
    asyncio.run(_fill(unlimited, clock()))
    print("The sample team is ready. Sign in as one of them:\n")
    for person in PEOPLE.values():
        print(f"  {person.email:<20} {person.name}")
    print(f"\nThey all have the password {PASSWORD}")
    return 0


async def _fill(settings: Settings, now: int) -> None:
    clock = StoryClock(STORY.start.before(now))
    async with _running(create_app(settings, clock)) as application:
        if await application.database.read(list_users):
            raise RuntimeError(
                "This instance already has users, and the sample needs an empty one. Set "
                "ECHOSPHERE_DATA to a new folder, such as ./sample-data."
            )
        cast = await _register(application)
        await _set_up_profiles_and_contacts(cast)
        conversations = [await _start(cast, index) for index in range(len(CONVERSATIONS))]
        for at, conversation, message in _timetable(conversations, now):
            clock.move_to(at)
            await _post(cast, conversation, message)
        clock.move_to(now)
        for asker, asked in STORY.pending_requests:
            await _send_request(cast, asker, PEOPLE[asked])
        for conversation in conversations:
            await _apply_member_state(cast, conversation)
        for client in cast.values():
            await client.call("DELETE", "/sessions/current")


@asynccontextmanager
async def _running(application: Application) -> AsyncIterator[Application]:
    await application.start()
    try:
        yield application
    finally:
        await application.stop()


async def _register(application: Application) -> Cast:
    """Create the accounts, the first as owner, and sign in to each."""
    method = application.settings.password_method
    for person in PEOPLE.values():
        account = new_account(
            email=person.email, name=person.name, password=PASSWORD, guessable=False
        )
        hashed = await asyncio.to_thread(hash_password, method, account.password)
        await application.database.write(CreateUser(account, hashed))
    anonymous = ApiClient(QuartClient(application.web))
    clients = await asyncio.gather(*(anonymous.sign_in(person.email) for person in PEOPLE.values()))
    return dict(zip(PEOPLE, clients, strict=True))


async def _set_up_profiles_and_contacts(cast: Cast) -> None:
    for name, person in PEOPLE.items():
        profile: dict[str, Any] = {"about": person.about}
        if person.status:
            profile["status"] = dict(zip(("emoji", "text"), person.status, strict=True))
        await cast[name].call("PATCH", "/me", profile)
        if person.avatar:
            await cast[name].call("PUT", "/me/avatar", file=await _file(person.avatar))
    for asker, asked in STORY.contacts:
        await _send_request(cast, asker, PEOPLE[asked])
        waiting = await cast[asked].call("GET", "/contacts/requests")
        for request in waiting["requests"]:
            await cast[asked].call("POST", f"/contacts/requests/{request['id']}", {"accept": True})


async def _send_request(cast: Cast, asker: str, asked: Person) -> None:
    await cast[asker].call("POST", "/contacts", {"email": asked.email})


async def _start(cast: Cast, index: int) -> PostedConversation:
    story = CONVERSATIONS[index]
    starter, *others = (cast[name] for name in story.members)
    wanted: dict[str, Any] = {"kind": "direct", "user": others[0].user}
    if story.title is not None:
        members = [other.user for other in others]
        wanted = {"kind": "group", "title": story.title, "members": members}
    started = await starter.call("POST", "/conversations", wanted)
    path = f"/conversations/{started['conversation']['id']}"
    if story.picture:
        await starter.call("PUT", f"{path}/avatar", file=await _file(story.picture))
    return PostedConversation(index, story, path)


def _timetable(
    conversations: list[PostedConversation], now: int
) -> list[tuple[int, PostedConversation, Message]]:
    """Return all messages in the order of their times."""
    messages = [
        (message.at.before(now), conversation, message)
        for conversation in conversations
        for message in conversation.story.messages
    ]
    return sorted(messages, key=lambda entry: entry[0])


async def _post(cast: Cast, conversation: PostedConversation, message: Message) -> None:
    client = cast[message.author]
    key = f"sample-{conversation.index}-{len(conversation.seqs)}"
    payload: dict[str, Any] = {"key": key, "body": message.original_text or message.text}
    if message.reply_to:
        payload["reply_to"] = conversation.seq_of_mark[message.reply_to]
    if message.files:
        payload["attachments"] = [await _upload(client, name) for name in message.files]
    posted = await client.call("POST", f"{conversation.path}/messages", payload)
    seq = posted["message"]["seq"]
    conversation.seqs.append(seq)
    if message.mark:
        conversation.seq_of_mark[message.mark] = seq
    await _change(cast, conversation, message, f"{conversation.path}/messages/{seq}")


async def _change(
    cast: Cast, conversation: PostedConversation, message: Message, path: str
) -> None:
    """Edit, react to and pin a message as in the story."""
    if message.original_text:
        await cast[message.author].call("PATCH", path, {"body": message.text})
    for emoji, people in message.reactions.items():
        for name in people:
            await cast[name].call("PUT", f"{path}/reactions/{quote(emoji)}")
    if message.pinned:
        await cast[conversation.story.members[0]].call("PUT", f"{path}/pin")


async def _file(name: str) -> FileStorage:
    drawn = await asyncio.to_thread((FILES | AVATARS)[name])
    return FileStorage(BytesIO(drawn), filename=name)


async def _upload(client: ApiClient, name: str) -> str:
    voice = f"?duration={VOICE.duration}&waveform={VOICE.waveform}" if name == VOICE.name else ""
    uploaded = await client.call("POST", f"/attachments{voice}", file=await _file(name))
    attachment: str = uploaded["attachment"]["id"]
    return attachment


async def _apply_member_state(cast: Cast, conversation: PostedConversation) -> None:
    """Set the read positions, pins and drafts of the members."""
    for name in conversation.story.members:
        read = conversation.seqs[-1 - conversation.story.unread.get(name, 0)]
        await cast[name].call("PUT", f"{conversation.path}/read", {"seq": read})
        if own := conversation.story.settings.get(name):
            await cast[name].call("PATCH", conversation.path, own)
