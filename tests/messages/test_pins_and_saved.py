"""Pins for all members, saved messages for oneself, the files of a conversation, one message."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from echosphere.database import Snapshot
from echosphere.messages import pin
from echosphere.messages.store import hidden_messages, saved_messages
from echosphere.messages.store.personal import SAVED
from tests.product.changing import Rest, group_of, history, through
from tests.product.conftest import Running
from tests.product.groups import found
from tests.product.people import PASSWORD, Person, Refused, people_on

Cast = tuple[Person, Person, Person]
both_doors = pytest.mark.parametrize("door", ["rest", "socket"])


@both_doors
async def test_a_pin_is_shown_to_all_and_a_line_says_so(cast: Cast, door: str) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    first, second = await ada.say(here, "one"), await ada.say(here, "two")
    reader, his = await ada.connect(), await through(door, ben)
    await his.pin(here, first["seq"])
    pinned = await his.pin(here, second["seq"])
    assert pinned["pinned"]["user"] == ben.id
    assert (await reader.next("message", version=pinned["version"]))["message"] == pinned
    line = (await reader.next("message", version=pinned["version"] + 1))["message"]
    assert (line["author"], line["body"]) == (ben.id, "")
    assert line["system"] == {"type": "pinned", "seq": second["seq"]}
    assert await his.pin(here, second["seq"]) == pinned
    found = (await ada.get(f"/conversations/{here}/pins"))["messages"]
    assert [one["seq"] for one in found] == [second["seq"], first["seq"]]
    assert (await his.pin(here, second["seq"], on=False))["pinned"] is None
    found = (await ada.get(f"/conversations/{here}/pins"))["messages"]
    assert [one["seq"] for one in found] == [first["seq"]]
    listed = (await ada.get("/conversations"))["conversations"][0]
    assert listed["unread"] == 0  # lines of the server are no one's news


@both_doors
async def test_an_outsider_pins_and_saves_nothing(cast: Cast, door: str) -> None:
    ada, ben, outsider = cast
    here = await ada.talk_to(ben)
    said = await ada.say(here, "one")
    stranger = await through(door, outsider)
    for doing in (stranger.pin(here, said["seq"]), stranger.save(here, said["seq"])):
        with pytest.raises(Refused) as refused:
            await doing
        assert refused.value.code == "not_found"
    assert await history(ada, here) == [said]


async def test_in_a_larger_group_those_who_run_it_pin(
    cast: Cast, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pin, "MAX_MEMBERS_FOR_PINNING", 2)
    ada, ben, _ = cast
    small = await group_of(ada, ben)
    said = await ada.say(small, "one")
    assert (await Rest(ben).pin(small, said["seq"]))["pinned"] is not None
    async with people_on(server, "Cora") as (cora,):
        large = await group_of(ada, ben, cora)
        said = await ben.say(large, "one")
        with pytest.raises(Refused) as refused:
            await Rest(ben).pin(large, said["seq"])
        assert refused.value.code == "forbidden"
        assert (await Rest(ada).pin(large, said["seq"]))["pinned"]["user"] == ada.id


async def test_there_is_a_most_of_pins(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pin, "MAX_PINS", 2)
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    seqs = [(await ada.say(here, str(number)))["seq"] for number in range(3)]
    for seq in seqs[:2]:
        await Rest(ada).pin(here, seq)
    with pytest.raises(Refused) as refused:
        await Rest(ada).pin(here, seqs[2])
    assert refused.value.code == "conflict"


async def test_nothing_can_be_done_with_a_line_of_the_server(cast: Cast) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    said = await ada.say(here, "one")
    await Rest(ada).pin(here, said["seq"])
    seq = (await history(ada, here))[-1]["seq"]
    me = Rest(ada)
    for doing in (
        me.edit(here, seq, "I did it"),
        me.delete(here, seq),
        me.react(here, seq, "👍"),
        me.pin(here, seq),
        me.save(here, seq),
        me.forward(here, seq, a_key_of_ada=here),
    ):
        with pytest.raises(Refused) as refused:
            await doing
        assert refused.value.code == "forbidden"
    reply = {"key": "a-key-of-ada", "body": "What?", "reply_to": seq}
    await ada.post(f"/conversations/{here}/messages", reply, 400)


@both_doors
async def test_saved_messages_are_ones_own_and_come_in_pages(cast: Cast, door: str) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    said = [await ada.say(here, str(number)) for number in range(4)]
    phone, hers, his = await ben.connect(), await ada.connect(), await through(door, ben)
    for message in said:
        await his.save(here, message["seq"])
    await his.save(here, said[0]["seq"])
    await his.save(here, said[3]["seq"], on=False)
    first = {"conversation": here, "seq": said[0]["seq"], "on": True}
    assert await phone.next("saved") == first
    await phone.next("saved", on=False)
    page = await ben.get("/saved", limit=2)
    assert [one["message"] for one in page["saved"]] == [said[2], said[1]]
    assert page["more"] is True
    rest = await ben.get("/saved", limit=2, before=page["saved"][-1]["saved_at"])
    assert [one["message"] for one in rest["saved"]] == [said[0]]
    assert rest["more"] is False
    await Rest(ben).hide(here, said[0]["seq"])
    await Rest(ada).delete(here, said[1]["seq"])
    assert [one["message"] for one in (await ben.get("/saved"))["saved"]] == [said[2]]
    assert hers.of("saved") == []
    assert await ada.get("/saved") == {"saved": [], "more": False}


async def test_what_was_saved_in_a_group_that_one_has_left_is_passed_over(cast: Cast) -> None:
    ada, ben, _ = cast
    await ada.befriend(ben)
    groups = [await found(ada, ben, title=title) for title in ("Garden", "Kitchen", "Garden again")]
    for group in groups:
        said = await ada.say(group, "hello")
        await Rest(ben).save(group, said["seq"])
    await ben.delete(f"/conversations/{groups[1]}/members/{ben.id}")
    page = await ben.get("/saved", limit=1)
    assert [one["message"]["conversation"] for one in page["saved"]] == [groups[2]]
    assert page["more"] is True
    rest = await ben.get("/saved", limit=1, before=page["saved"][0]["saved_at"])
    assert [one["message"]["conversation"] for one in rest["saved"]] == [groups[0]]
    assert rest["more"] is False
    await ada.post(f"/conversations/{groups[1]}/members", {"user": ben.id})
    assert len((await ben.get("/saved"))["saved"]) == 3


def test_saved_messages_are_read_in_their_order_and_no_further(sqlite_url: str) -> None:
    sql, bind = SAVED.compiled("sqlite", sqlite.dialect())
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        given = bind({"viewer": "ada", "before": 1, "limit": 1})
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", given)]
    assert "ix_saved_messages_user_id_saved_at (user_id=? AND saved_at<?)" in plan[0]
    assert not any("TEMP B-TREE" in step for step in plan)


async def test_the_files_of_a_conversation_come_by_kind_and_in_pages(cast: Cast) -> None:
    ada, ben, outsider = cast
    here = await ada.talk_to(ben)
    wave = b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 40
    sound = [await ada.upload(f"{number}.wav", wave) for number in range(2)]
    notes = [await ada.upload(f"{number}.txt", b"note") for number in range(5)]
    mixed = await ada.say(here, "", attachments=[notes[0]["id"], sound[0]["id"], notes[1]["id"]])
    later = [await ada.say(here, "", attachments=[one["id"]]) for one in notes[2:]]
    hidden = await ben.say(here, "see", attachments=[(await ben.upload("x.txt", b"x"))["id"]])
    await Rest(ben).hide(here, hidden["seq"])
    path = f"/conversations/{here}/files"
    page = await ben.get(path, kind="file", limit=3)
    assert [one["attachment"] for one in page["files"]] == [notes[4], notes[3]]
    assert page["more"] is True
    before = page["files"][-1]["seq"]
    page = await ben.get(path, kind="file", limit=3, before=before)
    assert [one["attachment"] for one in page["files"]] == [notes[2], notes[0], notes[1]]
    assert [one["seq"] for one in page["files"]] == [later[0]["seq"], mixed["seq"], mixed["seq"]]
    assert page["files"][0]["author"] == ada.id
    assert page["files"][0]["created_at"] == later[0]["created_at"]
    assert page["more"] is False
    heard = await ben.get(path, kind="audio")
    assert [one["attachment"] for one in heard["files"]] == [sound[0]]
    assert await ben.get(path, kind="media") == {"files": [], "more": False}
    assert [one["seq"] for one in (await ada.get(path, kind="file", limit=1))["files"]] == [
        hidden["seq"]
    ]
    only = await ben.get(path, kind="file", limit=1)
    assert [one["seq"] for one in only["files"]] == [later[2]["seq"]]
    await outsider.get(path, 404, kind="file")
    await ben.get(path, 400, kind="other")


async def test_a_voice_message_keeps_its_length_and_its_shape(cast: Cast) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    wave = b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 40
    form = {"duration": 5200, "waveform": "0a1fv9"}
    voice = await _upload(ada, "voice.wav", wave, **form)
    assert (voice["duration"], voice["waveform"]) == (5200, "0a1fv9")
    text = await _upload(ada, "voice.txt", b"only text", **form)
    assert (text["duration"], text["waveform"]) == (None, None)
    said = await ada.say(here, "", attachments=[voice["id"]])
    assert (await history(ben, here))[0]["attachments"] == [voice]
    copy = (await Rest(ben).forward(here, said["seq"], a_key_of_ben=here))[0]
    assert copy["attachments"][0]["waveform"] == "0a1fv9"
    for wrong in ({"duration": -1}, {"waveform": "xyz"}, {"waveform": "0" * 101}, {"length": 1}):
        answer = await ada.http.post(
            "/attachments", params=wrong, files={"file": ("voice.wav", wave)}
        )
        assert answer.status_code == 400


async def _upload(person: Person, name: str, content: bytes, **query: object) -> dict[str, object]:
    answer = await person.http.post(
        "/attachments",
        params=query,  # type: ignore[arg-type]
        files={"file": (name, content)},
    )
    assert answer.status_code == 201, answer.text
    attachment: dict[str, object] = answer.json()["attachment"]
    return attachment


async def test_what_one_saved_and_hid_is_forgotten_with_the_account(
    cast: Cast, running: Running
) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    one, other = await ada.say(here, "one"), await ada.say(here, "other")
    await Rest(ben).save(here, one["seq"])
    await Rest(ben).hide(here, other["seq"])
    await Rest(ada).save(here, one["seq"])
    await ben.http.request("DELETE", "/me", json={"password": PASSWORD})

    def kept(snapshot: Snapshot) -> list[str]:
        return [
            user
            for table in (saved_messages, hidden_messages)
            for user in snapshot.execute(select(table.c.user_id)).scalars()
        ]

    assert await running.application.database.read(kept) == [ada.id]
