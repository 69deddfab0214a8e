"""Everything that can be done to a message, the same through both doors."""

from typing import Any
from urllib.parse import quote

from tests.product.people import Person, Refused, Socket


class Rest:
    """A person who changes messages over REST."""

    def __init__(self, person: Person) -> None:
        self.person = person

    async def edit(self, conversation: str, seq: int, body: str) -> Any:
        return await self._message("PATCH", _path(conversation, seq), {"body": body})

    async def delete(self, conversation: str, seq: int) -> Any:
        return await self._message("DELETE", _path(conversation, seq))

    async def react(self, conversation: str, seq: int, emoji: str, on: bool = True) -> Any:
        path = f"{_path(conversation, seq)}/reactions/{quote(emoji, safe='')}"
        return await self._message("PUT" if on else "DELETE", path)

    async def pin(self, conversation: str, seq: int, on: bool = True) -> Any:
        return await self._message("PUT" if on else "DELETE", f"{_path(conversation, seq)}/pin")

    async def save(self, conversation: str, seq: int, on: bool = True) -> None:
        await self._call("PUT" if on else "DELETE", f"{_path(conversation, seq)}/saved")

    async def hide(self, conversation: str, *seqs: int) -> Any:
        path = f"/conversations/{conversation}/hidden"
        return (await self._call("POST", path, {"seqs": list(seqs)}))["after"]

    async def clear(self, conversation: str, seq: int, dropped: bool = False) -> None:
        body = {"seq": seq, "dropped": dropped}
        await self._call("PUT", f"/conversations/{conversation}/cleared", body)

    async def unclear(self, conversation: str) -> None:
        await self._call("DELETE", f"/conversations/{conversation}/cleared")

    async def restore(self, conversation: str, *seqs: int) -> Any:
        path = f"/conversations/{conversation}/restored"
        return (await self._call("POST", path, {"seqs": list(seqs)}))["after"]

    async def forward(self, conversation: str, seq: int, **to: str) -> Any:
        """Forward to conversations by their keys."""
        body = {"to": [{"conversation": place, "key": key} for key, place in to.items()]}
        answer = await self._call("POST", f"{_path(conversation, seq)}/forward", body)
        return answer["messages"]

    async def _message(self, method: str, path: str, body: Any = None) -> Any:
        return (await self._call(method, path, body))["message"]

    async def _call(self, method: str, path: str, body: Any = None) -> Any:
        given = {} if body is None else {"json": body}
        answer = await self.person.http.request(method, path, **given)
        if not answer.is_success:
            raise Refused(answer.json())
        return answer.json() if answer.content else {}


class Live:
    """A person who changes messages over a socket."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket

    async def edit(self, conversation: str, seq: int, body: str) -> Any:
        return await self._message("edit", conversation, seq, body=body)

    async def delete(self, conversation: str, seq: int) -> Any:
        return await self._message("delete", conversation, seq)

    async def react(self, conversation: str, seq: int, emoji: str, on: bool = True) -> Any:
        return await self._message("react", conversation, seq, emoji=emoji, on=on)

    async def pin(self, conversation: str, seq: int, on: bool = True) -> Any:
        return await self._message("pin", conversation, seq, on=on)

    async def save(self, conversation: str, seq: int, on: bool = True) -> None:
        argument = {"conversation": conversation, "seq": seq, "on": on}
        assert await self.socket.call("save", argument) == {}

    async def hide(self, conversation: str, *seqs: int) -> Any:
        argument = {"conversation": conversation, "seqs": list(seqs)}
        return (await self.socket.call("hide", argument))["after"]

    async def clear(self, conversation: str, seq: int, dropped: bool = False) -> None:
        argument = {"conversation": conversation, "seq": seq, "dropped": dropped}
        answer = await self.socket.call("clear", argument)
        assert answer["conversation"]["id"] == conversation

    async def unclear(self, conversation: str) -> None:
        answer = await self.socket.call("unclear", {"conversation": conversation})
        assert answer["conversation"]["id"] == conversation

    async def restore(self, conversation: str, *seqs: int) -> Any:
        argument = {"conversation": conversation, "seqs": list(seqs)}
        return (await self.socket.call("restore", argument))["after"]

    async def forward(self, conversation: str, seq: int, **to: str) -> Any:
        """Forward to conversations by their keys."""
        targets = [{"conversation": place, "key": key} for key, place in to.items()]
        argument = {"conversation": conversation, "seq": seq, "to": targets}
        return (await self.socket.call("forward", argument))["messages"]

    async def _message(self, call: str, conversation: str, seq: int, **more: Any) -> Any:
        argument = {"conversation": conversation, "seq": seq, **more}
        return (await self.socket.call(call, argument))["message"]


Door = Rest | Live


async def through(door: str, person: Person) -> Door:
    """Return one of a person's doors: `rest` or `socket`."""
    return Rest(person) if door == "rest" else Live(await person.connect())


async def history(person: Person, conversation: str) -> list[Any]:
    """Return what a person sees of a conversation's latest messages."""
    found: list[Any] = (await person.get(f"/conversations/{conversation}/messages", limit=100))[
        "messages"
    ]
    return found


async def group_of(owner: Person, *others: Person) -> str:
    """Start a group of people who are made contacts of its owner."""
    for other in others:
        await owner.befriend(other)
    group = {"kind": "group", "title": "Garden", "members": [other.id for other in others]}
    return str((await owner.post("/conversations", group))["conversation"]["id"])


def _path(conversation: str, seq: int) -> str:
    return f"/conversations/{conversation}/messages/{seq}"
