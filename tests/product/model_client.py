"""A client in plain Python that keeps the state of a device just as the protocol says."""

from collections.abc import Awaitable, Callable
from typing import Any

Sync = Callable[[dict[str, int]], Awaitable[Any]]
"""Asks the server for the difference to the versions held."""

OWN = ("read_seq", "mentions", "muted", "pinned", "archived", "draft")
FIELDS = ("kind", "title", "avatar_url", "members_version", "created_at")


class Held:
    """What a device knows of one conversation.

    Attributes:
        version: Everything up to this version has been applied.
        counted: How many messages were unread, as the server said, and at which version.
    """

    def __init__(self) -> None:
        self.version = 0
        self.fields: dict[str, Any] = {}
        self.messages: dict[int, Any] = {}
        self.members: dict[str, Any] = {}
        self.own: dict[str, Any] = dict.fromkeys(OWN[2:5], False) | {
            "read_seq": 0,
            "mentions": 0,
            "draft": None,
        }
        self.counted = (0, 0)

    def put_message(self, message: Any) -> None:
        """Take a row if it is newer than the one that is there."""
        known = self.messages.get(message["seq"])
        if known is None or known["version"] < message["version"]:
            self.messages[message["seq"]] = message

    def put_member(self, member: Any) -> None:
        """Take a row if it is newer; positions only ever move forward."""
        user = member["user"]["id"]
        known = self.members.get(user)
        newest = member if known is None or known["version"] <= member["version"] else known
        self.members[user] = dict(newest)
        if known is not None:
            for position in ("read_seq", "delivered_seq"):
                self.members[user][position] = max(known[position], member[position])

    def put_own(self, own: Any, version: int) -> None:
        """Take what the person keeps about the conversation, as of a version of it."""
        read_seq = max(self.own["read_seq"], own["read_seq"])
        if own["read_seq"] == read_seq and version >= self.counted[1]:
            self.counted = (own["unread"], version)
        self.own = {name: own[name] for name in OWN} | {"read_seq": read_seq}

    def unread(self, me: str) -> int:
        """Return what the server counted, and what has come since."""
        count, version = self.counted
        since = max(version, self.own["read_seq"])
        come: int = sum(
            message["author"] != me and not message["deleted"] and not message["system"]
            for seq, message in self.messages.items()
            if seq > since
        )
        return count + come


class ModelClient:
    """The state of one device.

    Args:
        me: The person whose device it is.
        sync: Asks for the difference.
    """

    def __init__(self, me: str, sync: Sync) -> None:
        self.me = me
        self.held: dict[str, Held] = {}
        self.syncs = 0
        self._sync = sync

    async def take(self, event: str, payload: Any) -> None:
        """Apply an event, and ask for the difference if something is missing before it."""
        handler = {
            "message": self._message,
            "conversation": self._conversation,
            "receipt": self._receipt,
            "own": self._own,
        }.get(event)
        if handler is not None and not handler(payload):
            await self.catch_up()

    async def catch_up(self) -> None:
        """Ask for the difference to what is held, until there is no more."""
        more = True
        while more:
            self.syncs += 1
            answer = await self._sync({one: held.version for one, held in self.held.items()})
            for difference in answer["conversations"]:
                self._apply(difference)
            for conversation in answer["gone"]:
                self.held.pop(conversation, None)
            more = answer["more"]

    def refresh(self, conversations: list[Any]) -> None:
        """Take from the whole list what has no version: own fields and positions."""
        for conversation in conversations:
            held = self.held.get(conversation["id"])
            if held is not None:
                held.own["read_seq"] = 0  # the list is the truth
                held.counted = (0, 0)
                held.put_own(conversation, conversation["version"])
                for member in conversation.get("members", ()):
                    held.put_member(member)

    def state(self) -> dict[str, Any]:
        """Return everything but the messages, to be compared."""
        return {
            one: {
                "version": held.version,
                "fields": held.fields,
                "members": held.members,
                "own": held.own,
                "unread": held.unread(self.me),
            }
            for one, held in self.held.items()
        }

    def _message(self, event: Any) -> bool:
        held = self.held.get(event["conversation"])
        if held is None:
            return False
        message = event["message"]
        # A row up to the version held is there already, or lies before what is held since a reset.
        if event["version"] > held.version or message["seq"] in held.messages:
            held.put_message(message)
        return self._advance(held, event["version"])

    def _conversation(self, event: Any) -> bool:
        known = self.held.get(event["conversation"])
        if known is None and event["version"] != 1:
            return False
        held = self.held.setdefault(event["conversation"], Held())
        if event["version"] > held.version:
            held.fields = {name: event[name] for name in FIELDS}
        for member in event["members"]:
            held.put_member(member)
        return self._advance(held, event["version"])

    def _receipt(self, event: Any) -> bool:
        held = self.held.get(event["conversation"])
        if held is None or event["user"] not in held.members:
            return held is None  # it comes with the conversation
        member = held.members[event["user"]]
        member["read_seq"] = max(member["read_seq"], event["read_seq"])
        return True

    def _own(self, event: Any) -> bool:
        held = self.held.get(event["conversation"])
        if held is None:
            return False
        held.put_own(event, event["version"])
        return True

    def _advance(self, held: Held, version: int) -> bool:
        """Whether nothing is missing before this version."""
        if version == held.version + 1:
            held.version = version
        return version <= held.version

    def _apply(self, difference: Any) -> None:
        conversation = difference["conversation"]
        held = self.held.setdefault(conversation["id"], Held())
        if difference["reset"]:
            held.messages.clear()
        for message in difference["messages"]:
            held.put_message(message)
        for member in difference["members"]:
            held.put_member(member)
        if conversation["version"] >= held.version:
            held.version = conversation["version"]
            held.fields = {name: conversation[name] for name in FIELDS}
            held.put_own(conversation, conversation["version"])
