"""What the fake server knows: people, groups, messages, and what the bot is to hear of."""

import asyncio
import itertools
import re
import secrets
import time
import unicodedata
from dataclasses import dataclass, field
from typing import Any, Literal

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_CURSOR = re.compile(r"(\w+)\.(\d+)")
_COMMAND = re.compile(r"[a-z0-9_-]{1,32}")

# What is not drawn, and emoji that consist of several characters: as the server knows them, in short.
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp")
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U0001d159\U000e0000-\U000e0fff]"
)
_PICTURE = (
    "[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]*"
)
_JOINED = re.compile(
    f"({_PICTURE}(?:\u200d{_PICTURE})+|\U0001f3f4[\U000e0020-\U000e007e]{{1,6}}\U000e007f)"
)

MAX_BODY = 10_000
MAX_NOTICE = 200
MAX_EVENTS = 50
MAX_ANSWERS = 5
MAX_COMMANDS = 50


class Problem(Exception):  # noqa: N818 - it is a problem document
    """What a request is refused with."""

    def __init__(self, status: int, detail: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.fields = fields


NO_CONVERSATION = "Conversation not found."
NO_MESSAGE = "Message not found."
ENDED = "This address does not exist, or its 30 minutes have passed. Post a message instead."
USED_UP = "All 5 answers have been used. Post a message instead."
NOT_UNUSED = "names a file that you did not upload or have already used"
BOT_GONE = "The bot is no longer in the conversation, or it is disabled."
PERSON_GONE = "The person is no longer in the conversation."
ONE_ANSWER = "needs one of 'text', 'update' or 'notice'"
OWN_ONLY = "Only the author can edit a message."


def invalid(field: str, what: str) -> Problem:
    """Return what a wrong field is refused with."""
    return Problem(400, f"The field '{field}' {what}.", {field: what})


@dataclass(frozen=True)
class Person:
    """Somebody on the fake server."""

    id: str
    name: str
    kind: str = "person"

    def shape(self) -> dict[str, Any]:
        """Return them as they are sent."""
        more = {"about": "", "avatar_url": None, "status": None, "kind": self.kind}
        return {"id": self.id, "name": self.name, **more}


@dataclass
class Group:
    """A group on the fake server."""

    id: str
    title: str
    members: list[Person]
    sees: Literal["all", "addressed"]
    messages: list[dict[str, Any]] = field(default_factory=list)
    former: list[Person] = field(default_factory=list)

    def shape(self) -> dict[str, Any]:
        """Return it as it is sent."""
        members = [_member(one, left=False) for one in self.members]
        members += [_member(one, left=True) for one in self.former]
        return {"id": self.id, "kind": "group", "title": self.title, "members": members}


@dataclass
class Answerable:
    """Where a command or a press is answered."""

    conversation: str
    user: Person
    message: dict[str, Any] | None
    keys: dict[str, Any] = field(default_factory=dict)
    is_over: bool = False


@dataclass(frozen=True)
class Done:
    """Something that the bot did.

    Attributes:
        kind: `message`, `edit`, `delete`, `reaction`, `private` for what one person sees, `notice`.
        text: What it says; of a reaction the emoji.
        message: The message that was posted, edited, deleted or reacted to.
        user: Who sees a private answer or a notice.
        reply_to: The number of the message that it answers.
        actions: Its buttons.
        files: The names of its files.
    """

    kind: str
    text: str = ""
    message: dict[str, Any] = field(default_factory=dict)
    user: Person | None = None
    reply_to: int | None = None
    actions: list[list[dict[str, Any]]] = field(default_factory=list)
    files: tuple[str, ...] = ()

    @property
    def buttons(self) -> dict[str, str]:
        """The ids of its buttons, and what stands on them."""
        return {one["id"]: one["label"] for row in self.actions for one in row}


class World:
    """All that there is. It is used on the loop of the fake server only."""

    def __init__(self, bot: str) -> None:
        self.key = f"esb_{secrets.token_urlsafe(32)}"
        self.bot = Person(_id(), bot, "bot")
        self.groups: dict[str, Group] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.commands: list[dict[str, str]] = []
        self.answerables: dict[str, Answerable] = {}
        self.done: list[Done] = []
        self.log = secrets.token_hex(4)
        self.events: list[dict[str, Any]] = []
        self.changed = asyncio.Condition()
        self._keys: dict[tuple[str, str], dict[str, Any]] = {}
        self._uploads: dict[str, str] = {}
        self._used: set[str] = set()
        self._numbers = itertools.count(1)

    # Events

    def cursor(self, number: int | None = None) -> str:
        """Return the cursor after so many events, or of this moment."""
        return f"{self.log}.{len(self.events) if number is None else number}"

    def position(self, cursor: str) -> int:
        """Return after how many events a cursor stands."""
        match = _CURSOR.fullmatch(cursor)
        if match is None:
            raise invalid("after", "is not a cursor from this server")
        if match[1] != self.log:
            raise Problem(
                410,
                "The events since then are no longer stored. Read what you need, then ask "
                "without 'after'.",
            )
        return int(match[2])

    def after(self, position: int) -> list[dict[str, Any]]:
        """Return the events after a position, with their messages as they are now."""
        found = []
        for event in self.events[position : position + MAX_EVENTS]:
            message = event["data"].get("message")
            if message is None or not message["deleted"]:
                found.append(event)
        return found

    async def tell(self, kind: str, conversation: str, data: dict[str, Any]) -> dict[str, Any]:
        """Have the bot hear of something."""
        event = {
            "id": secrets.token_hex(10),
            "type": kind,
            "at": _now(),
            "conversation": conversation,
            "data": data,
        }
        async with self.changed:
            self.events.append(event)
            self.changed.notify_all()
        return event

    async def note(self, done: Done) -> None:
        """Note something that the bot did."""
        async with self.changed:
            self.done.append(done)
            self.changed.notify_all()

    # What people do

    def add_person(self, name: str, kind: str = "person") -> Person:
        """Add somebody."""
        return Person(_id(), name, kind)

    def add_group(
        self, title: str, members: list[Person], sees: Literal["all", "addressed"]
    ) -> Group:
        """Add a group of some people and the bot."""
        group = Group(_id(), title, [*members, self.bot], sees)
        self.groups[group.id] = group
        return group

    async def say(
        self, group: Group, author: Person, body: str, reply_to: int | None, files: list[str]
    ) -> dict[str, Any]:
        """Post what somebody says."""
        given = {
            "key": secrets.token_hex(10),
            "body": body,
            "reply_to": reply_to,
            "attachments": files,
        }
        message = self._add(group, author, given)
        if self._is_heard(group, message) and author is not self.bot:
            await self.tell("message.posted", group.id, {"message": message})
        return message

    async def edit_as(self, group: Group, message: dict[str, Any], body: str) -> None:
        """Change what somebody said."""
        message |= {"body": body, "edited_at": _now(), "mentions": self._mentions(group, body)}
        if self._is_heard(group, message):
            await self.tell("message.edited", group.id, {"message": message})

    async def delete_as(self, group: Group, message: dict[str, Any]) -> None:
        """Delete what somebody said."""
        was_heard = self._is_heard(group, message)
        self._erase(message)
        if was_heard:
            data = {"seq": message["seq"], "user": message["author"]}
            await self.tell("message.deleted", group.id, data)

    async def react_as(
        self, group: Group, message: dict[str, Any], user: Person, emoji: str, *, on: bool
    ) -> None:
        """Set somebody's reaction, or take it away."""
        _set_reaction(message, user.id, emoji, on=on)
        if self._is_heard(group, message):
            data = {"seq": message["seq"], "user": user.id, "emoji": emoji}
            await self.tell(f"reaction.{'added' if on else 'removed'}", group.id, data)

    async def set_member(self, group: Group, user: Person, *, joins: bool) -> None:
        """Let somebody join or leave."""
        come, gone = (group.members, group.former) if joins else (group.former, group.members)
        come.append(user)
        if user in gone:
            gone.remove(user)
        if group.sees == "all" or user is self.bot:
            kind = "member.joined" if joins else "member.left"
            await self.tell(kind, group.id, {"user": user.id})

    async def use_command(
        self, group: Group, user: Person, name: str, text: str, base: str
    ) -> dict[str, Any]:
        """Have somebody use a command."""
        if name not in {one["name"] for one in self.commands}:
            raise Problem(404, "The bot does not have this command. Type / to see its commands.")
        data: dict[str, Any] = {"command": {"name": name, "text": text}, "user": user.shape()}
        data["respond"] = self.answerable(group, user, None, base)
        return await self.tell("command", group.id, data)

    async def press(
        self, group: Group, user: Person, message: dict[str, Any], action: str, base: str
    ) -> dict[str, Any]:
        """Have somebody press a button."""
        buttons = {one["id"]: one for row in message.get("actions", []) for one in row}
        if action not in buttons or "url" in buttons[action]:
            raise Problem(404, "The message no longer has this button.")
        chosen = {"id": action, "value": buttons[action].get("value")}
        data: dict[str, Any] = {"action": chosen, "message": message, "user": user.shape()}
        data["respond"] = self.answerable(group, user, message, base)
        return await self.tell("action", group.id, data)

    def answerable(
        self, group: Group, user: Person, message: dict[str, Any] | None, base: str
    ) -> str:
        """Return where a command or a press is answered."""
        token = secrets.token_urlsafe(24)
        self.answerables[token] = Answerable(group.id, user, message)
        return f"{base}/api/v1/respond/{token}"

    # What the bot does

    def group_of(self, conversation: str) -> Group:
        """Return a group of the bot."""
        group = self.groups.get(conversation)
        if group is None or self.bot not in group.members:
            raise Problem(404, NO_CONVERSATION)
        return group

    def user_of(self, user: str) -> Person:
        """Return somebody who is in a group of the bot."""
        here = [one.members for one in self.groups.values() if self.bot in one.members]
        found = next((one for members in here for one in members if one.id == user), None)
        if found is None:
            raise Problem(404, "Account not found.")
        return found

    def message_of(self, group: Group, seq: int) -> dict[str, Any]:
        """Return a message that the bot sees."""
        found = next((one for one in group.messages if one["seq"] == seq), None)
        if found is None or not self.is_seen(group, found):
            raise Problem(404, NO_MESSAGE)
        return found

    async def post(self, group: Group, given: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """Post for the bot; return the message, and whether it is new."""
        _require_known(given, {"key", "body", "reply_to", "attachments", "actions"})
        key = _key_of(given)
        if (group.id, key) in self._keys:
            return self._keys[group.id, key], False
        message = self._keys[group.id, key] = self._add(group, self.bot, given)
        await self.note(_done("message", message))
        return message, True

    async def edit(self, group: Group, seq: int, given: dict[str, Any]) -> dict[str, Any]:
        """Edit a message of the bot."""
        _require_known(given, {"body", "actions"})
        message = self.message_of(group, seq)
        if message["author"] != self.bot.id:
            raise Problem(403, OWN_ONLY)
        if "body" in given:
            message["body"] = _body_of(given, has_files=bool(message["attachments"]))
        _set_actions(message, given)
        message["edited_at"] = _now()
        await self.note(_done("edit", message))
        return message

    async def delete(self, group: Group, seq: int) -> dict[str, Any]:
        """Delete a message of the bot."""
        message = self.message_of(group, seq)
        if message["deleted"]:
            raise Problem(404, NO_MESSAGE)
        if message["author"] != self.bot.id:
            raise Problem(403, "Only the author or a group admin can delete a message.")
        self._erase(message)
        await self.note(_done("delete", message))
        return message

    async def react(self, group: Group, seq: int, emoji: str, *, on: bool) -> dict[str, Any]:
        """Set a reaction of the bot, or take it away."""
        message = self.message_of(group, seq)
        if _set_reaction(message, self.bot.id, emoji, on=on) and on:
            await self.note(Done("reaction", emoji, message))
        return message

    def upload(self, key: str | None, name: str, content: bytes) -> tuple[str, bool]:
        """Keep a file; return its id, and whether it is new."""
        known = self._uploads.get(key or "")
        if known is not None:
            return known, False
        file = _id()
        self.files[file] = (name, content)
        if key:
            self._uploads[key] = file
        return file, True

    def set_commands(self, bot: str, given: dict[str, Any]) -> list[dict[str, str]]:
        """Replace the commands of the bot."""
        if bot != self.bot.id:
            raise Problem(404, "Bot not found.")
        commands = given.get("commands")
        if not isinstance(commands, list) or len(commands) > MAX_COMMANDS:
            raise invalid("commands", "is not a list of at most 50 commands")
        for one in commands:
            if not _COMMAND.fullmatch(str(one.get("name", ""))):
                raise _commands("must have names of 1 to 32 characters from a-z, 0-9, _ and -")
            if not 1 <= len(one.get("about", "").strip()) <= 200:
                raise _commands("must have an 'about' of 1 to 200 visible characters")
        if len({one["name"] for one in commands}) != len(commands):
            raise _commands("include a name twice")
        self.commands = [{"usage": "", **one} for one in commands]
        return self.commands

    async def respond(self, token: str, given: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """Answer a command or a press; return the answer, and whether it is new."""
        _require_known(given, {"key", "text", "actions", "only", "update", "notice"})
        key, notice = _key_of(given), _notice_of(given)
        place = self.answerables.get(token)
        if place is None or place.is_over:
            raise Problem(410, ENDED)
        _require_one_answer(given, notice)
        group = self.groups[place.conversation]
        if self.bot not in group.members:
            raise Problem(410, BOT_GONE)
        if key in place.keys:
            return place.keys[key], False
        if len(place.keys) >= MAX_ANSWERS:
            raise Problem(410, USED_UP)
        if ("notice" in given or "only" in given) and place.user not in group.members:
            raise Problem(410, PERSON_GONE)
        answer = place.keys[key] = await self._answer(place, group, given, notice)
        return answer, True

    async def _answer(
        self, place: Answerable, group: Group, given: dict[str, Any], notice: str
    ) -> dict[str, Any]:
        if notice:
            await self.note(Done("notice", notice, user=place.user))
            return {}
        if "update" in given:
            if place.message is None:
                what = "cannot change anything, because a command has no message. Send 'text'"
                raise invalid("update", what)
            change = dict(given["update"])
            if "text" in change:
                change["body"] = change.pop("text")
            return {"message": await self.edit(group, place.message["seq"], change)}
        posted = {"key": secrets.token_hex(10), "body": given.get("text", "")}
        posted |= {"actions": given["actions"]} if "actions" in given else {}
        if "only" in given:
            _body_of(posted, has_files=False)
            actions = given.get("actions") or []
            if not all("url" in one for row in actions for one in row):
                what = "can only be links when 'only' is given, because that answer is not stored"
                raise Problem(400, f"The buttons {what}.", {"actions": what})
            await self.note(Done("private", posted["body"], user=place.user, actions=actions))
            return {}
        message, _ = await self.post(group, posted)
        return {"message": message}

    # Messages

    def _add(self, group: Group, author: Person, given: dict[str, Any]) -> dict[str, Any]:
        files = given.get("attachments") or []
        body = _body_of(given, has_files=bool(files))
        reply_to = given.get("reply_to")
        if reply_to is not None and all(one["seq"] != reply_to for one in group.messages):
            raise invalid(
                "reply_to", "is not a message in this conversation that can be replied to"
            )
        if any(file not in self.files or file in self._used for file in files):
            raise Problem(
                400, f"The list of attachments {NOT_UNUSED}.", {"attachments": NOT_UNUSED}
            )
        self._used.update(files)
        message: dict[str, Any] = {
            "conversation": group.id,
            "seq": next(self._numbers),
            "author": author.id,
            "key": given["key"],
            "body": body,
            "created_at": _now(),
            "edited_at": None,
            "deleted": False,
            "reply_to": reply_to,
            "attachments": [self.file_shape(file) for file in files],
            "reactions": [],
            "system": None,
            "forwarded": False,
            "mentions": self._mentions(group, body),
            "pinned": None,
            "preview": None,
        }
        message["version"] = message["seq"]
        if author.kind != "person":
            message["automated"] = True
        _set_actions(message, given)
        group.messages.append(message)
        return message

    def file_shape(self, file: str) -> dict[str, Any]:
        name, content = self.files[file]
        url = f"/api/v1/attachments/{file}"
        more: dict[str, Any] = {"width": None, "height": None, "thumbnail_url": None}
        more |= {"duration": None, "waveform": None, "animated": False, "ground": None}
        kind = "text/plain" if _is_text(content) else "application/octet-stream"
        return {"id": file, "name": name, "type": kind, "size": len(content), "url": url, **more}

    def _mentions(self, group: Group, body: str) -> list[dict[str, Any]]:
        named = sorted(group.members, key=lambda one: len(one.name), reverse=True)
        if not named:
            return []
        pattern = "|".join(re.escape(one.name) for one in named)
        ids = {one.name.lower(): one.id for one in named}
        found: dict[str, dict[str, Any]] = {}
        for match in re.finditer(rf"(?<!\w)@({pattern})(?!\w)", body, re.IGNORECASE):
            user = ids[match[1].lower()]
            found.setdefault(user, {"user": user, "text": match[1]})
        return list(found.values())

    def is_seen(self, group: Group, message: dict[str, Any]) -> bool:
        if group.sees == "all" or message["author"] == self.bot.id:
            return True
        if any(one["user"] == self.bot.id for one in message["mentions"]):
            return True
        answered = [one for one in group.messages if one["seq"] == message["reply_to"]]
        return any(one["author"] == self.bot.id for one in answered)

    def _is_heard(self, group: Group, message: dict[str, Any]) -> bool:
        return self.bot in group.members and self.is_seen(group, message)

    @staticmethod
    def _erase(message: dict[str, Any]) -> None:
        message |= {"deleted": True, "body": "", "edited_at": None}
        message |= {"attachments": [], "mentions": [], "reactions": []}
        message.pop("actions", None)


def _member(user: Person, *, left: bool) -> dict[str, Any]:
    return {"user": user.shape(), "role": "member", "left": left}


def _done(kind: str, message: dict[str, Any]) -> Done:
    return Done(
        kind,
        message["body"],
        message,
        reply_to=message["reply_to"],
        actions=message.get("actions", []),
        files=tuple(one["name"] for one in message["attachments"]),
    )


def _require_known(given: dict[str, Any], known: set[str]) -> None:
    unknown = sorted(given.keys() - known)
    if unknown:
        raise invalid(unknown[0], "is unknown")


def _commands(what: str) -> Problem:
    return Problem(400, f"The commands {what}.", {"commands": what})


def _key_of(given: dict[str, Any]) -> str:
    key = given.get("key")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise invalid("key", "must have 8 to 64 letters, digits, hyphens or underscores")
    return key


def _notice_of(given: dict[str, Any]) -> str:
    """Return a notice as it is shown: in one line, without what is not drawn; empty for none."""
    notice = given.get("notice", "")
    if not isinstance(notice, str) or ("notice" in given and not 1 <= len(notice) <= MAX_NOTICE):
        raise invalid("notice", f"is not a text of 1 to {MAX_NOTICE} characters")
    if given.get("only", "user") != "user":
        raise invalid("only", "can be 'user' only")
    parts = _JOINED.split(unicodedata.normalize("NFC", notice))
    shown = "".join(part if at % 2 else _without_invisible(part) for at, part in enumerate(parts))
    return " ".join(shown.split()) if any(map(_is_drawn, shown)) else ""


def _without_invisible(text: str) -> str:
    spaced = (" " if one.isspace() else one for one in text)
    return "".join(
        one for one in spaced if one == " " or unicodedata.category(one) not in _INVISIBLE
    )


def _is_drawn(character: str) -> bool:
    return unicodedata.category(character) not in _INVISIBLE and not _BLANK.match(character)


def _require_one_answer(given: dict[str, Any], notice: str) -> None:
    answers = ["text" in given, "update" in given, bool(notice)]
    is_plain = "text" in given or not given.keys() & {"actions", "only"}
    if sum(answers) != 1 or not is_plain:
        raise Problem(400, f"The answer {ONE_ANSWER}.", {"text": ONE_ANSWER})


def _body_of(given: dict[str, Any], *, has_files: bool) -> str:
    body = given.get("body", "")
    if not isinstance(body, str):
        raise invalid("body", "is not a text")
    if not body.strip() and not has_files:
        detail = "must not be empty unless it has an attachment"
        raise Problem(400, f"The message {detail}.", {"body": detail})
    if len(body) > MAX_BODY:
        raise Problem(400, "The message is too long.", {"body": "is too long"})
    return body


def _set_actions(message: dict[str, Any], given: dict[str, Any]) -> None:
    actions = given.get("actions")
    if actions is None:
        return
    if len(actions) > 5 or any(len(row) > 5 for row in actions):
        raise invalid("actions", "has more than 5 rows of 5")
    if actions:
        message["actions"] = actions
    else:
        message.pop("actions", None)


def _set_reaction(message: dict[str, Any], user: str, emoji: str, *, on: bool) -> bool:
    """Set a reaction or take it away; return whether that changes something."""
    reactions = message["reactions"]
    found = next((one for one in reactions if one["emoji"] == emoji), None)
    if on == (found is not None and user in found["users"]):
        return False
    if found is None:
        reactions.append({"emoji": emoji, "users": [user]})
    elif on:
        found["users"].append(user)
    else:
        found["users"].remove(user)
        if not found["users"]:
            reactions.remove(found)
    return True


def _is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode()
    except UnicodeDecodeError:
        return False


def _id() -> str:
    return secrets.token_hex(10)


def _now() -> int:
    return int(time.time() * 1000)
