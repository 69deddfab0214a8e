"""What handlers are given: messages, reactions, members, commands and presses of buttons."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from echosphere_bot.api import Api, File, message_in
from echosphere_bot.buttons import Actions, rows_of
from echosphere_bot.wire import FileData, MessageData, User


@dataclass(frozen=True)
class ReceivedFile:
    """A file of a message.

    Attributes:
        type: Its media type, by its content.
        size: Bytes.
    """

    name: str
    type: str
    size: int
    _data: FileData
    _api: Api

    async def read(self) -> bytes:
        """Return its content."""
        return await self._api.download(self._data.url)

    async def save(self, path: Path | str) -> None:
        """Write its content to a file."""
        content = await self.read()
        await asyncio.to_thread(Path(path).write_bytes, content)


@dataclass(frozen=True)
class Message:
    """A message.

    Attributes:
        conversation: The id of its group.
        seq: Its number there.
        author: Who wrote it.
        text: What it says, without a mention of the bot at its beginning or end.
        body: What it says, as Markdown, as it was typed.
        at: When, in milliseconds since 1970.
        reply_to: The number of the message that it answers.
        mentions_bot: Whether it mentions the bot by name.
        files: What it carries.
        automated: Whether a program wrote it.
        event: What it was heard by; the same id if it is handled again after a crash.
    """

    conversation: str
    seq: int
    author: User
    text: str
    body: str
    at: int
    reply_to: int | None
    mentions_bot: bool
    files: tuple[ReceivedFile, ...]
    automated: bool
    event: str
    _api: Api

    async def reply(
        self,
        text: str = "",
        *,
        files: Iterable[File] = (),
        actions: Actions | None = None,
        key: str | None = None,
    ) -> "Message":
        """Answer it, with files and buttons; return the answer."""
        data = await self._api.post(
            self.conversation,
            text,
            files=files,
            actions=rows_of(actions),
            reply_to=self.seq,
            key=key,
        )
        return await message_of(self._api, data)

    async def react(self, emoji: str) -> None:
        """React to it with an emoji."""
        await self._api.react(self.conversation, self.seq, emoji, on=True)

    async def unreact(self, emoji: str) -> None:
        """Take a reaction back."""
        await self._api.react(self.conversation, self.seq, emoji, on=False)

    async def edit(self, text: str, *, actions: Actions | None = None) -> "Message":
        """Give it another text, and with `actions` other buttons: an empty list takes them away."""
        rows = rows_of(actions)
        data = await self._api.edit(self.conversation, self.seq, text, rows)
        return await message_of(self._api, data)

    async def delete(self) -> None:
        """Delete it for everybody."""
        await self._api.delete(self.conversation, self.seq)


async def message_of(
    api: Api, data: MessageData, bot: User | None = None, event: str = ""
) -> Message:
    """Return a message for handlers.

    Args:
        api: Where it is from.
        data: What was sent.
        bot: Whose mention to leave out of the text.
        event: What it was heard by.
    """
    names = [one.text for one in data.mentions if bot is not None and one.user == bot.id]
    return Message(
        data.conversation,
        data.seq,
        await api.user(data.author, data.conversation)
        if bot is None or data.author != bot.id
        else bot,
        _without_mention(data.body, names),
        data.body,
        data.created_at,
        data.reply_to,
        bool(names),
        tuple(ReceivedFile(one.name, one.type, one.size, one, api) for one in data.attachments),
        data.automated,
        event,
        api,
    )


def _without_mention(body: str, names: list[str]) -> str:
    if not names:
        return body
    mention = "|".join(f"@{re.escape(name)}" for name in sorted(names, key=len, reverse=True))
    body = re.sub(rf"^\s*(?:{mention})(?!\w)[\s,:]*", "", body, count=1)
    return re.sub(rf"\s*(?:{mention})\s*$", "", body, count=1)


@dataclass(frozen=True)
class Reaction:
    """A reaction that somebody set or took away.

    Attributes:
        conversation: The id of the group.
        seq: The number of the message.
        emoji: What was chosen.
        user: Who did it.
        added: Whether it was set.
    """

    conversation: str
    seq: int
    emoji: str
    user: User
    added: bool
    _api: Api

    async def message(self) -> Message:
        """Return the message to which it belongs, as it is now."""
        data = await self._api.message(self.conversation, self.seq)
        return await message_of(self._api, data)


@dataclass(frozen=True)
class Membership:
    """Somebody who came or went.

    Attributes:
        conversation: The id of the group.
        user: Who.
        joined: Whether they came.
        is_bot: Whether it is the bot itself.
    """

    conversation: str
    user: User
    joined: bool
    is_bot: bool


@dataclass(frozen=True)
class Answerable:
    """What can be answered for half an hour, five times.

    Attributes:
        conversation: The id of the group.
        user: Who used the command, or pressed the button.
        event: The same id if it is handled again after a crash.
    """

    conversation: str
    user: User
    event: str
    _respond: str
    _api: Api

    async def reply(
        self,
        text: str = "",
        *,
        actions: Actions | None = None,
        only: Literal["user"] | None = None,
        key: str | None = None,
    ) -> Message | None:
        """Answer in the conversation, or with `only="user"` to this person alone.

        Buttons of an answer to one person can be links only.

        Returns:
            The message; None for one that is shown to one person, as it is not kept.

        Raises:
            GoneError: The half hour is over, or it was answered five times.
            HeldError: The group's filter holds the answer back.
        """
        given: dict[str, Any] = {"text": text, "actions": rows_of(actions), "only": only}
        answer = {name: value for name, value in given.items() if value not in (None, "")}
        done = await self._api.respond(self._respond, answer, key)
        return await _posted(self._api, done)


@dataclass(frozen=True)
class CommandCall(Answerable):
    """A command that somebody used.

    Attributes:
        name: Of the command.
        text: What was typed after it.
    """

    name: str
    text: str


@dataclass(frozen=True)
class Action(Answerable):
    """A press of a button.

    Attributes:
        id: Of the button.
        value: What the button carries.
        message: Where it stands.
    """

    id: str
    value: str | None
    message: Message

    async def update(
        self, text: str | None = None, *, actions: Actions | None = None, key: str | None = None
    ) -> None:
        """Give the message another text or other buttons; an empty list takes them away."""
        given = {"text": text, "actions": rows_of(actions)}
        changed = {name: value for name, value in given.items() if value is not None}
        await self._api.respond(self._respond, {"update": changed}, key)

    async def notice(self, text: str, *, key: str | None = None) -> None:
        """Show a passing notice to who pressed it."""
        await self._api.respond(self._respond, {"notice": text}, key)


async def _posted(api: Api, answer: Any) -> Message | None:
    if not answer:
        return None
    return await message_of(api, message_in(answer))
