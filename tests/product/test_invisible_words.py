"""Invisible text counts as empty everywhere: with a file it is no text, alone it is rejected."""

from typing import Any

import pytest

from tests.product.people import Person, Refused, Socket, new_key

Cast = tuple[Person, Person, Person]

NOTHING = "\u200b\u3164 \u2800"
SENTENCE = "The message must not be empty unless it has an attachment."


class Door:
    """A way in: REST, or a socket."""

    def __init__(self, person: Person, socket: Socket | None) -> None:
        self._person = person
        self._socket = socket

    async def post(self, conversation: str, body: str, *files: str) -> Any:
        given = {"key": new_key(), "body": body, "attachments": list(files)}
        path = f"/conversations/{conversation}/messages"
        return await self._called(
            "post", {"conversation": conversation} | given, "POST", path, given
        )

    async def edit(self, conversation: str, seq: int, body: str) -> Any:
        place = {"conversation": conversation, "seq": seq}
        path = f"/conversations/{conversation}/messages/{seq}"
        return await self._called("edit", place | {"body": body}, "PATCH", path, {"body": body})

    async def _called(
        self, call: str, argument: dict[str, Any], method: str, path: str, body: dict[str, Any]
    ) -> Any:
        """Return the message, or the sentence of the refusal."""
        if self._socket is None:
            answer = (await self._person.http.request(method, path, json=body)).json()
            return answer["message"] if "message" in answer else answer["detail"]
        try:
            return (await self._socket.call(call, argument))["message"]
        except Refused as refused:
            return refused.detail


@pytest.mark.parametrize("by_socket", [False, True], ids=["rest", "socket"])
async def test_invisible_words_are_none(cast: Cast, *, by_socket: bool) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    door = Door(ada, await ada.connect() if by_socket else None)
    assert await door.post(conversation, NOTHING) == SENTENCE
    file = await ada.upload("notes.txt", b"a note")
    posted = await door.post(conversation, NOTHING, file["id"])
    assert (posted["body"], len(posted["attachments"])) == ("", 1)
    words = await door.post(conversation, "words")
    assert await door.edit(conversation, words["seq"], NOTHING) == SENTENCE
    assert (await door.edit(conversation, posted["seq"], "a caption"))["body"] == "a caption"
    assert (await door.edit(conversation, posted["seq"], NOTHING))["body"] == ""
    page = await ben.get(f"/conversations/{conversation}/messages")
    assert [one["body"] for one in page["messages"]] == ["", "words"]
