"""A client in plain Python that keeps the state of a device just as the protocol says."""

from collections.abc import Awaitable, Callable
from typing import Any

Sync = Callable[[dict[str, Any]], Awaitable[Any]]
"""Asks the server for the difference to the versions held, with the argument of the call."""

OWN = ("read_seq", "muted", "pinned", "archived", "draft")
CLEARING = ("cleared_seq", "clear_version", "cleared_until", "dropped")
FIELDS = ("kind", "title", "description", "avatar_url", "members_version", "created_at", "history")


class Held:
    """What a device knows of one conversation.

    Attributes:
        version: Everything up to this version has been applied.
        counted: How many messages were unread, and how many of these named the person, as the
            server said, and at which version.
        start: From this message on all are held that are shown.
        deleted: At which version whose messages were deleted, held ones and earlier ones.
        hidden: Messages that the person deleted for themselves.
        cleared: What the person cleared for themselves; of two the one with the higher version.
    """

    def __init__(self) -> None:
        self.version = 0
        self.fields: dict[str, Any] = {}
        self.messages: dict[int, Any] = {}
        self.members: dict[str, Any] = {}
        self.own: dict[str, Any] = dict.fromkeys(OWN[1:4], False) | {"read_seq": 0, "draft": None}
        self.counted = (0, 0, 0)
        self.start = 0
        self.deleted: dict[int, tuple[int, str]] = {}
        self.hidden: set[int] = set()
        self.cleared: dict[str, Any] = dict(zip(CLEARING, (0, 0, None, False), strict=True))

    def reset(self, messages: list[Any]) -> None:
        """Forget the messages that are held; the latest ones come instead."""
        self.messages.clear()
        self.start = messages[0]["seq"] if messages else 0

    def put_message(self, message: Any) -> None:
        """Take a row if it is newer than the one that is there, and not from before what is held."""
        seq = message["seq"]
        if message["deleted"]:
            self.deleted[seq] = (message["version"], message["author"])
        known = self.messages.get(seq)
        is_news = known is None or known["version"] < message["version"]
        if seq <= self.cleared["cleared_seq"] or seq in self.hidden:
            return
        if is_news and seq >= self.start:
            self.messages[seq] = message
        if not message["system"]:
            self.cleared["dropped"] = False

    def hide(self, seqs: list[int]) -> None:
        """Leave out what the person deleted for themselves."""
        self.hidden.update(seqs)
        for seq in seqs:
            self.messages.pop(seq, None)

    def restore(self, seqs: list[int]) -> None:
        """Leave them out no more; they are to be fetched."""
        self.hidden.difference_update(seqs)

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
        if own["read_seq"] == read_seq and version >= self.counted[2]:
            self.counted = (own["unread"], own["mentions"], version)
        self.own = {name: own[name] for name in OWN} | {"read_seq": read_seq}
        self.put_clearing(own)

    def put_clearing(self, own: Any) -> None:
        """Take what the person cleared, unless it is older; who was there stays there."""
        back = not self.cleared["dropped"] and self.cleared["clear_version"] == own["clear_version"]
        if own["clear_version"] < self.cleared["clear_version"]:
            return
        self.cleared = {name: own[name] for name in CLEARING}
        self.cleared["dropped"] = own["dropped"] and not back
        for seq in [seq for seq in self.messages if seq <= own["cleared_seq"]]:
            del self.messages[seq]

    def is_cleared_less(self, own: Any) -> bool:
        """Whether the person took back that they cleared messages: these are to be fetched."""
        newer = own["clear_version"] > self.cleared["clear_version"]
        return bool(newer and own["cleared_seq"] < self.cleared["cleared_seq"])

    def unread(self, me: str) -> int:
        """Return what the server counted, what has come since, less what was deleted since."""
        count: int = self.counted[0]
        version = self.counted[2]
        read_seq = self.own["read_seq"]
        gone = sum(
            read_seq < seq <= version < deleted_at
            for seq, (deleted_at, author) in self.deleted.items()
            if seq not in self.hidden and author != me and seq > self.cleared["cleared_seq"]
        )
        return count + len(self._come(me)) - int(gone)

    def mentions(self, me: str) -> int:
        """Return what the server counted, and what has come since; the rest it tells again."""
        return self.counted[1] + sum(
            any(mention["user"] in (me, None) for mention in message["mentions"])
            for message in self._come(me)
        )

    def _come(self, me: str) -> list[Any]:
        since = max(self.counted[2], self.own["read_seq"])
        return [
            message
            for seq, message in self.messages.items()
            if seq > since
            and message["author"] != me
            and not message["deleted"]
            and not message["system"]
        ]


class ModelClient:
    """The state of one device.

    Args:
        me: The person whose device it is.
        sync: Asks for the difference.
    """

    def __init__(self, me: str, sync: Sync) -> None:
        self.me = me
        self.held: dict[str, Held] = {}
        self.hidden: dict[str, set[int]] = {}
        self.hidden_after = 0
        self.syncs = 0
        self.epoch = ""
        self._sync = sync

    async def take(self, event: str, payload: Any) -> None:
        """Apply an event, and ask for the difference if something is missing before it."""
        handler = {
            "message": self._message,
            "conversation": self._conversation,
            "member": self._member,
            "receipt": self._receipt,
            "receipts": self._receipts,
            "own": self._own,
            "version": self._version,
            "hidden": self._hidden,
            "restored": self._restored,
        }.get(event)
        if handler is not None and not handler(payload):
            await self.catch_up()

    async def catch_up(self) -> None:
        """Ask for the difference to what is held, until there is no more."""
        more = True
        while more:
            self.syncs += 1
            answer = await self._sync(self._asking())
            for conversation in answer["outdated"]:
                self.held.pop(conversation, None)
                self.hidden.pop(conversation, None)
                self.hidden_after = 0
            for difference in answer["conversations"]:
                self._apply(difference)
            for conversation in answer["gone"]:
                self.held.pop(conversation, None)
            self.epoch = answer["epoch"]
            more = answer["more"]

    def _asking(self) -> dict[str, Any]:
        versions = {one: held.version for one, held in self.held.items()}
        clearings = {one: held.cleared["clear_version"] for one, held in self.held.items()}
        known = {"versions": versions, "clearings": clearings}
        return known | ({"epoch": self.epoch} if self.epoch else {})

    def refresh(self, conversations: list[Any]) -> None:
        """Take from the whole list what has no version: own fields and positions."""
        for conversation in conversations:
            held = self.held.get(conversation["id"])
            if held is not None:
                if held.is_cleared_less(conversation):
                    continue  # the next sync tells
                held.own["read_seq"] = 0  # the list is the truth
                held.counted = (0, 0, 0)
                held.put_own(conversation, conversation["version"])
                for member in conversation.get("members", ()):
                    held.put_member(member)

    def learn_hidden(self, page: Any) -> None:
        """Take what `GET /hidden` says; only its answers say how far one has asked."""
        for one in page["hidden"]:
            self._hidden({"conversation": one["conversation"], "seqs": [one["seq"]]})
        for one in page["restored"]:
            self._restored({"conversation": one["conversation"], "seqs": [one["seq"]]})
        self.hidden_after = page["after"]

    def state(self) -> dict[str, Any]:
        """Return everything but the messages, to be compared."""
        return {
            one: {
                "version": held.version,
                "fields": held.fields,
                "members": held.members,
                "own": held.own | held.cleared,
                "unread": held.unread(self.me),
                "mentions": held.mentions(self.me),
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

    def _version(self, event: Any) -> bool:
        held = self.held.get(event["conversation"])
        return held is not None and self._advance(held, event["version"])

    def _hidden(self, event: Any) -> bool:
        place = event["conversation"]
        self.hidden.setdefault(place, set()).update(event["seqs"])
        if place in self.held:
            self.held[place].hide(event["seqs"])
        return True

    def _restored(self, event: Any) -> bool:
        place = event["conversation"]
        back = self.hidden.get(place, set()) & set(event["seqs"])
        self.hidden.get(place, set()).difference_update(back)
        # What is not held comes as if it was never known.
        if back:
            self.held.pop(place, None)
        return not back

    def _new(self, conversation: str) -> Held:
        held = Held()
        held.hidden = set(self.hidden.get(conversation, ()))
        return held

    def _conversation(self, event: Any) -> bool:
        known = self.held.get(event["conversation"])
        if known is None and event["version"] != 1:
            return False
        if known is None:
            known = self.held[event["conversation"]] = self._new(event["conversation"])
        held = known
        if event["version"] > held.version:
            held.fields = {name: event[name] for name in FIELDS}
        for member in event.get("members", ()):
            held.put_member(member)
        return self._advance(held, event["version"])

    def _member(self, event: Any) -> bool:
        held = self.held.get(event["conversation"])
        if held is None:
            return event["member"]["left"] is True
        member = event["member"]
        if member["user"]["id"] == self.me and member["left"]:
            if event["version"] > held.version:
                del self.held[event["conversation"]]
            return True
        if event["version"] > held.version:
            held.fields["members_version"] = event["members_version"]
        held.put_member(member)
        return self._advance(held, event["version"])

    def _receipt(self, event: Any) -> bool:
        held = self.held.get(event["conversation"])
        if held is None or event["user"] not in held.members:
            return held is None  # it comes with the conversation
        member = held.members[event["user"]]
        read = max(member["read_seq"], event.get("read_seq", 0))
        delivered = max(member["delivered_seq"], event.get("delivered_seq", 0), read)
        member.update(read_seq=read, delivered_seq=delivered)
        return True

    def _receipts(self, event: Any) -> bool:
        here = {"conversation": event["conversation"]}
        taken = [self._receipt(here | one) for one in event["receipts"]]
        return all(taken)

    def _own(self, event: Any) -> bool:
        held = self.held.get(event["conversation"])
        if held is None:
            return False
        if held.is_cleared_less(event):
            del self.held[event["conversation"]]
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
        held = self.held.get(conversation["id"])
        if held is None:
            held = self.held[conversation["id"]] = self._new(conversation["id"])
        if difference["reset"]:
            held.reset(difference["messages"])
            held.cleared |= {"clear_version": -1, "cleared_seq": 0}  # what comes is the truth
            held.put_clearing(conversation)
        for message in difference["messages"]:
            held.put_message(message)
        for member in difference["members"]:
            held.put_member(member)
        if conversation["version"] >= held.version:
            held.version = conversation["version"]
            held.fields = {name: conversation[name] for name in FIELDS}
            held.put_own(conversation, conversation["version"])
