"""Answers: by the address that came with a command or a press, five times within half an hour."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select, update

from echosphere.bots.interaction import MAX_ANSWERS, OPEN_FOR, Interaction
from echosphere.bots.respond import get_interaction
from echosphere.bots.store import bot_interactions
from echosphere.database import Snapshot, Transaction
from tests.bots.programs import Bot, bot_of, let_in
from tests.bots.test_buttons import GO, LOOK, ROWS, card, presses
from tests.bots.test_commands import DEPLOY, declares, sends
from tests.product.conftest import Running
from tests.product.groups import Group
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, client_of, new_key


def path_of(heard: dict[str, Any]) -> str:
    """Return where an event is answered, on whichever process the test talks to."""
    address: str = heard["data"]["respond"]
    return address.partition("/api/v1")[2]


async def asked(bot: Bot, group: Group, person: Person | None = None, key: str = "") -> str:
    """Have somebody send a command; return where it is answered."""
    await declares(bot, DEPLOY)
    await bot.begins(group.id)
    await sends(person or group.admin, group, bot, key=key or new_key())
    (heard,) = await bot.hears_up_to(1)
    return path_of(heard)


async def answers(bot: Bot, path: str, status: int = 201, **body: Any) -> Any:
    """Answer, by the address alone."""
    async with client_of(bot.owner.base) as http:
        answer = await http.post(path, json={"key": new_key()} | body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_an_answer_is_a_message_of_the_bot(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        key = new_key()
        body: dict[str, Any] = {"key": new_key(), "text": "Deployed **prod**", "actions": ROWS}
        path = await asked(bot, group, key=key)
        pages = [await group.admin.connect() for _ in range(2)]
        other = await group.owner.connect()
        made = (await answers(bot, path, **body))["message"]
        assert (made["author"], made["automated"], made["actions"]) == (bot.id, True, ROWS)
        assert (await answers(bot, path, 200, **body))["message"] == made
        assert (await group.said(group.owner))[-1] == "Deployed **prod**"
        for page in pages:
            told = await page.next("answer")
            assert told == {
                "conversation": group.id,
                "bot": bot.id,
                "key": key,
                "at": told["at"],
                "seq": made["seq"],
            }
        await other.next("message")
        assert "answer" not in {name for name, _ in other.events}


async def test_what_only_one_person_sees_is_stored_nowhere(running: Running, group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        path = await asked(bot, group)
        page, other = await group.admin.connect(), await group.owner.connect()
        given: dict[str, Any] = {"text": "Between you and me", "only": "user", "actions": [[LOOK]]}
        assert await answers(bot, path, **given) == {}
        told = await page.next("answer")
        assert (told["text"], told["actions"]) == ("Between you and me", [[LOOK]])
        assert "seq" not in told
        await group.owner.say(group.id, "end")
        await other.next("message")
        assert "Between you and me" not in str(other.events)
        for person in (group.admin, group.owner):
            assert "Between you and me" not in str(await group.said(person))
        assert (await group.admin.get("/search", q="Between"))["results"] == []
        answer = await answers(bot, path, 400, text="x", only="user", actions=[[GO]])
        assert "not stored" in answer["detail"]
        await answers(bot, path, 400, text=" ", only="user")


async def test_a_press_is_answered_by_another_card(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        await bot.begins(group.id)
        seq, key = await card(bot, group), new_key()
        page = await group.admin.connect()
        await presses(group.admin, group, seq, key=key)
        (heard,) = await bot.hears_up_to(1)
        change: dict[str, Any] = {
            "key": new_key(),
            "update": {"text": "Started by Ben", "actions": []},
        }
        changed = (await answers(bot, path_of(heard), **change))["message"]
        assert (changed["seq"], changed["body"]) == (seq, "Started by Ben")
        assert changed["edited_at"] is not None
        assert "actions" not in changed
        told = await page.next("answer")
        assert (told["key"], told["seq"]) == (key, seq)
        again = await answers(bot, path_of(heard), 200, **change)
        assert again["message"] == changed
        # Buttons alone are no edit of the text.
        only_buttons = await answers(bot, path_of(heard), update={"actions": [[LOOK]]})
        assert only_buttons["message"]["actions"] == [[LOOK]]
        assert only_buttons["message"]["edited_at"] == changed["edited_at"]
        only_text = await answers(bot, path_of(heard), update={"text": "Done"})
        assert only_text["message"]["actions"] == [[LOOK]]
        assert await answers(bot, path_of(heard), notice="You\nstarted\u202e it") == {}
        told = await page.next("answer", notice="You started it")
        assert "seq" not in told
        assert await bot.hears() == []


@on_one_database
@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 400, "one of"),
        ({"actions": [[GO]]}, 400, "one of"),
        ({"only": "user"}, 400, "one of"),
        ({"text": "a", "notice": "b"}, 400, "one of"),
        ({"text": "a", "update": {"text": "b"}}, 400, "one of"),
        ({"notice": "a", "only": "user"}, 400, "one of"),
        ({"update": {"text": "a"}}, 400, "no message"),
        ({"text": ""}, 400, "empty"),
        ({"text": "x" * 10_001}, 400, "characters"),
        ({"text": "a", "only": "all"}, 400, "only"),
        ({"text": "a", "key": "short"}, 400, "key"),
        ({"text": "a", "more": 1}, 400, "more"),
        ({"notice": ""}, 400, "characters"),
        ({"notice": "\u202e "}, 400, "one of"),
        ({"notice": "x" * 201}, 400, "characters"),
        ({"text": "a", "actions": [[{"id": "a", "label": "A", "url": "javascript:1"}]]}, 400, ":/"),
    ],
)
async def test_answers_that_break_a_rule_are_refused_and_not_counted(
    group: Group, body: dict[str, Any], status: int, said: str
) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        path = await asked(bot, group)
        for _ in range(MAX_ANSWERS):
            answer = await answers(bot, path, status, **body)
            assert said in answer["detail"]
        for _ in range(MAX_ANSWERS):
            await answers(bot, path, text="a")


async def test_of_fifty_answers_at_once_five_are_given(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        path = await asked(bot, group)
        async with client_of(bot.owner.base) as http:
            bodies = [{"key": new_key(), "text": f"Answer {at}"} for at in range(50)]
            given = await asyncio.gather(*[http.post(path, json=body) for body in bodies])
        codes = [answer.status_code for answer in given]
        assert sorted(codes) == [201] * MAX_ANSWERS + [410] * 45
        said = [one for one in await group.said(group.owner) if one.startswith("Answer")]
        assert len(said) == MAX_ANSWERS
        refused = next(one for one in given if one.status_code == 410)
        assert "answers have been used" in refused.json()["detail"]
        done = next(at for at, code in enumerate(codes) if code == 201)
        await answers(bot, path, 200, **bodies[done])


async def test_fifty_equal_answers_at_once_are_one(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        path = await asked(bot, group)
        body = {"key": new_key(), "text": "Once"}
        async with client_of(bot.owner.base) as http:
            given = await asyncio.gather(*[http.post(path, json=body) for _ in range(50)])
        codes = sorted(answer.status_code for answer in given)
        assert codes == [200] * 49 + [201]
        assert (await group.said(group.owner)).count("Once") == 1
        for _ in range(MAX_ANSWERS - 1):
            await answers(bot, path, text="More")
        await answers(bot, path, 410, text="More")


@on_one_database
async def test_an_address_ends_after_half_an_hour_and_is_stored_as_a_hash(
    running: Running, group: Group
) -> None:
    database = running.application.database
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        path = await asked(bot, group)
        token = path.rpartition("/")[2]

        def stored(snapshot: Snapshot) -> str:
            return str(snapshot.execute(select(bot_interactions)).all())

        assert token not in await database.read(stored)

        def age(transaction: Transaction) -> None:
            transaction.execute(update(bot_interactions).values(at=transaction.now - OPEN_FOR - 1))

        await answers(bot, path, text="In time")
        await database.write(age)
        ended = await answers(bot, path, 410, text="Too late")
        unknown = await answers(bot, f"/respond/{'x' * 43}", 410, text="Guessed")
        assert ended == unknown


@on_one_database
async def test_guessing_addresses_finds_none_and_is_slowed_down(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        path = await asked(bot, group)
        async with client_of(bot.owner.base) as http:
            tries = [path[:-1] + one for one in "abcdefghij" if one != path[-1]] + [path + "a"]
            for one in (*tries, "/respond/", "/respond/x", f"/respond/{'0' * 64}"):
                answer = await http.post(one, json={"key": new_key(), "text": "Guessed"})
                assert answer.status_code in (404, 405, 410), one
        assert "Guessed" not in await group.said(group.owner)


@on_one_database
async def test_a_bot_that_may_not_act_answers_nothing(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        path = await asked(bot, group)
        before: list[dict[str, Any]] = [
            {"key": new_key(), "text": "Before"},
            {"key": new_key(), "text": "Before", "only": "user"},
        ]
        for body in before:
            await answers(bot, path, **body)
        await group.member.patch(f"/bots/{bot.id}", {"disabled": True})
        answer = await answers(bot, path, 410, text="Hello")
        assert "disabled" in answer["detail"]
        await group.member.patch(f"/bots/{bot.id}", {"disabled": False})
        await group.owner.patch(group.path(), {"posting": "admins"})
        await answers(bot, path, 403, text="Hello")
        assert await answers(bot, path, text="Hello", only="user") == {}
        await group.owner.patch(group.path(), {"posting": "all"})
        await group.owner.delete(group.path(f"/members/{bot.id}"))
        new: list[dict[str, Any]] = [
            {"text": "Hello"},
            {"text": "Hello", "only": "user"},
            {"notice": "Hello"},
        ]
        for body in (*new, *before):
            answer = await answers(bot, path, 410, **body)
            assert "does not exist" in answer["detail"]
        assert "Hello" not in await group.said(group.owner)


async def test_an_address_ends_when_the_bot_leaves_and_does_not_come_back_with_it(
    group: Group,
) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        path = await asked(bot, group)
        await answers(bot, path, text="Before")
        await group.owner.delete(group.path(f"/members/{bot.id}"))
        await let_in(group, bot)
        await answers(bot, path, 410, text="After")
        again = await asked(bot, group)
        await answers(bot, again, text="Asked again")
        assert "After" not in await group.said(group.owner)


async def test_a_revoked_key_takes_the_addresses_with_it_that_it_was_told(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        keys = f"/bots/{bot.id}/keys"
        (first,) = (await group.member.get("/bots"))["bots"][0]["keys"]
        deaf = {"name": "deaf", "scopes": ["messages:write"]}
        hearing = {"name": "hearing", "scopes": ["events", "messages:read"]}
        made = [(await group.member.post(keys, one))["key"]["id"] for one in (deaf, hearing)]
        path = await asked(bot, group)
        await group.member.delete(f"{keys}/{made[0]}")
        await answers(bot, path, text="This key heard of nothing")
        await group.member.delete(f"{keys}/{made[1]}")
        await answers(bot, path, 410, text="Locked out")
        path = await asked(bot, group)
        await answers(bot, path, text="Not with the other key")
        change = {"current": PASSWORD, "new": f"{PASSWORD} {PASSWORD}"}
        await group.member.put("/me/password", change)
        await bot.get("/me", 401)
        await answers(bot, path, 410, text="Locked out")
        assert first["id"] not in made
        assert "Locked out" not in await group.said(group.owner)


async def test_an_answer_that_overlaps_a_revocation_is_undone(
    running: Running, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may have read that the address is open before it ended."""
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        path = await asked(bot, group)

        def ends_meanwhile(transaction: Transaction, token_hash: str) -> Interaction:
            found = get_interaction(transaction, token_hash)
            transaction.execute(delete(bot_interactions))
            return found

        monkeypatch.setattr("echosphere.bots.respond.get_interaction", ends_meanwhile)
        await answers(bot, path, 410, text="Too late")
        assert "Too late" not in await group.said(group.owner)


@on_one_database
async def test_a_person_who_left_is_told_nothing(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        path = await asked(bot, group)
        page = await group.admin.connect()
        await group.owner.delete(group.of(group.admin))
        answer = await answers(bot, path, 410, text="Hello", only="user")
        assert "person is no longer in the conversation" in answer["detail"]
        await answers(bot, path, text="Hello, all of you")
        await group.outsider.befriend(group.admin)
        await page.next("contact")
        assert "Hello" not in str(page.events)


@on_one_database
async def test_a_deleted_message_is_not_changed_by_a_press_before(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        await bot.begins(group.id)
        seq = await card(bot, group)
        await presses(group.admin, group, seq)
        before = bot.cursor
        (heard,) = await bot.hears_up_to(1)
        await group.owner.delete(group.path(f"/messages/{seq}"), 200)
        await answers(bot, path_of(heard), 410, update={"text": "Hello"})
        bot.cursor = before
        assert [one["type"] for one in await bot.hears()] == []
        shown = await group.owner.get(group.path(f"/messages/{seq}"))
        assert shown["message"]["body"] == ""


@on_one_database
async def test_slow_mode_holds_up_messages_and_not_what_was_waited_for(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        await bot.begins(group.id)
        seq = await card(bot, group)
        await group.owner.patch(group.path(), {"slow_seconds": 60})
        await presses(group.admin, group, seq)
        (heard,) = await bot.hears_up_to(1)
        for count in range(2):
            await answers(bot, path_of(heard), update={"text": f"{count} votes"})
        await answers(bot, path_of(heard), text="A message")
        await answers(bot, path_of(heard), 429, text="Another one")
        await answers(bot, path_of(heard), notice="And a notice")


@on_one_database
async def test_the_filter_reads_what_bots_answer(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        await bot.begins(group.id)
        seq = await card(bot, group)
        await group.owner.put(group.path("/filter"), {"words": ["casino"]}, 200)
        await presses(group.admin, group, seq)
        (heard,) = await bot.hears_up_to(1)
        body = {"key": new_key(), "text": "To the casino"}
        held = await answers(bot, path_of(heard), 200, **body)
        assert (held["message"], held["held"]["body"]) == (None, "To the casino")
        assert await answers(bot, path_of(heard), 200, **body) == held
        release = group.path(f"/held/{held['held']['id']}/released")
        released = (await group.owner.put(release, {}, 200))["message"]
        again = await answers(bot, path_of(heard), 200, **body)
        assert again["message"]["seq"] == released["seq"]
        await answers(bot, path_of(heard), 403, update={"text": "casino"})
        row = [[GO | {"label": "casino"}]]
        await answers(bot, path_of(heard), 403, update={"actions": row})


async def test_an_answer_begins_a_chain(group: Group) -> None:
    """A bot hears another one's answer to a person, however far a chain has come."""
    async with bot_of(group.member) as bot, bot_of(group.owner, "Other") as other:
        for one in (bot, other):
            await let_in(group, one, sees="all")
            await one.owner.patch(f"/bots/{one.id}", {"hear_bots": True})
        await declares(bot, DEPLOY)
        for one in (bot, other):
            await one.begins(group.id)
        await bot.settles()
        for at, one in enumerate((bot, other)):
            await one.say(group.id, str(at))
        await sends(group.admin, group, bot)
        path = path_of((await bot.hears_up_to(2))[-1])
        await bot.say(group.id, "the end of the chain")
        await answers(bot, path, text="an answer to a person")
        assert await other.heard(wait=5) == ["0", "an answer to a person"]


@on_one_database
async def test_no_other_site_answers_and_no_credential_is_asked_for(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        path = await asked(bot, group)
        async with client_of(bot.owner.base) as http:
            foreign = {"Origin": "https://evil.example"}
            body = {"key": new_key(), "text": "Hello"}
            answer = await http.post(path, json=body, headers=foreign)
            assert answer.status_code == 403
            form = await http.post(path, data={"text": "Hello"})
            assert form.status_code == 400
            got: httpx.Response = await http.get(path)
            assert got.status_code == 405
