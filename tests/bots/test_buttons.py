"""Buttons: under messages of bots only, pressed once per key by those who see the message."""

from typing import Any

import pytest
from sqlalchemy import update

from echosphere.database import Transaction
from echosphere.messages.store.tables import messages
from tests.bots.programs import Bot, bot_of, let_in
from tests.product.conftest import Running
from tests.product.exported import download_of
from tests.product.groups import Group, found
from tests.product.once import on_one_database
from tests.product.people import Person, Socket, new_key
from tests.waiting import until

GO: dict[str, Any] = {"id": "go", "label": "Go", "style": "primary", "value": "main"}
STOP: dict[str, Any] = {"id": "stop", "label": "Stop", "style": "danger", "confirm": "Really stop?"}
LOOK: dict[str, Any] = {"id": "look", "label": "Look", "url": "https://example.org/builds/1?a=b#c"}
ROWS: list[list[dict[str, Any]]] = [[GO, STOP], [LOOK]]


async def card(bot: Bot, group: Group, rows: Any = ROWS) -> int:
    """Post a message with buttons, and return its seq."""
    said = await bot.say(group.id, "Deploy **main**?", actions=rows)
    return int(said["seq"])


async def presses(
    person: Person, group: Group, seq: int, action: str = "go", status: int = 202, key: str = ""
) -> Any:
    """Press a button."""
    body = {"key": key or new_key(), "action": action}
    return await person.post(group.path(f"/messages/{seq}/actions"), body, status)


async def test_a_message_of_a_bot_has_its_buttons_at_all_doors(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        socket = await group.owner.connect()
        seq = await card(bot, group)
        # What tells of the bot's coming may be pushed after the socket has connected.
        await until(lambda: any(one["message"]["seq"] == seq for one in socket.of("message")))
        pushed = socket.of("message")[-1]
        assert pushed["message"]["actions"] == ROWS
        assert "parts" not in pushed["message"]
        page = await group.owner.get(group.path("/messages"))
        assert page["messages"][-1]["actions"] == ROWS
        one = await group.admin.get(group.path(f"/messages/{seq}"))
        assert one["message"]["actions"] == ROWS
        found_it = await group.admin.get("/search", q="Look")
        assert [one["message"]["seq"] for one in found_it["results"]] == [seq]
        plain = await bot.say(group.id, "No buttons")
        assert "actions" not in plain


@on_one_database
async def test_buttons_come_over_a_socket_of_a_bot_too(server: str, group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        socket = Socket(server, bot.key)
        await socket.connect(["websocket"])
        said = await socket.say(group.id, "Deploy?", actions=[[GO]])
        assert said["actions"] == [[GO]]
        await socket.close()


@on_one_database
async def test_people_put_no_buttons_under_their_messages(group: Group) -> None:
    body: dict[str, Any] = {"key": new_key(), "body": "Press me", "actions": [[GO]]}
    answer = await group.member.post(group.path("/messages"), body, 403)
    assert "Only bots" in answer["detail"]
    body = {"key": new_key(), "body": "Press me", "parts": {"actions": [[GO]]}}
    await group.member.post(group.path("/messages"), body, 400)
    said = await group.member.say(group.id, "Mine")
    path = group.path(f"/messages/{said['seq']}")
    await group.member.patch(path, {"body": "Mine", "actions": [[GO]]}, 403)
    made = await group.member.post("/me/keys", {"name": "k", "scopes": ["messages:write"]})
    group.member.http.headers["Authorization"] = f"Bearer {made['secret']}"
    body = {"key": new_key(), "body": "Press me", "actions": [[GO]]}
    await group.member.post(group.path("/messages"), body, 403)


def link(url: str) -> list[list[dict[str, Any]]]:
    """Return a button that leads somewhere."""
    return [[{"id": "a", "label": "A", "url": url}]]


@on_one_database
@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([[GO] * 6], "entries"),
        ([[GO]] * 6, "entries"),
        ([[]], "entries"),
        ([[GO, GO]], "id twice"),
        ([[GO | {"id": "a b"}]], "id"),
        ([[GO | {"label": ""}]], "label"),
        ([[GO | {"label": "\u202e\u200b "}]], "label"),
        ([[GO | {"label": "x" * 61}]], "label"),
        ([[GO | {"style": "warning"}]], "style"),
        ([[GO | {"value": "x" * 201}]], "value"),
        ([[GO | {"confirm": "x" * 201}]], "can have a 'confirm'"),
        ([[GO | {"confirm": " "}]], "can have a 'confirm'"),
        ([[LOOK | {"value": "x"}]], "either"),
        ([[LOOK | {"confirm": "x"}]], "either"),
        ([[GO | {"onclick": "x"}]], "onclick"),
        (link("javascript:alert(1)"), "https://"),
        (link("JaVaScRiPt:alert(1)"), "https://"),
        (link("data:text/html,x"), "https://"),
        (link("http://example.org"), "https://"),
        (link("https:///example.org"), "https://"),
        (link("https:example.org"), "https://"),
        (link("https://"), "https://"),
        (link("//example.org"), "https://"),
        (link("/settings"), "https://"),
        (link("https://bank.example@evil.example/"), "https://"),
        (link("https://exa mple.org"), "https://"),
        (link("https://example.org\\@evil.example"), "https://"),
        (link("https://example.org:port/"), "https://"),
        (link("https://[::1"), "https://"),
        (link("https://example.org/\u202egro"), "https://"),
        (link("https://ex\u0430mple.org/"), "https://"),
        (link("\thttps://example.org"), "https://"),
        (link("https://example.org/" + "x" * 1_000), "characters"),
        (
            [
                [
                    {"id": f"{row}{at}", "label": "x", "url": "https://a.b/" + "x" * 900}
                    for at in range(5)
                ]
                for row in range(5)
            ],
            "in total",
        ),
    ],
)
async def test_buttons_that_break_a_rule_are_refused(group: Group, rows: Any, said: str) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        answer = await bot.say(group.id, "Hello", 400, actions=rows)
        assert said in answer["detail"]


@on_one_database
async def test_labels_are_one_line_of_text(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        tricky = {"id": "a", "label": "<b>x</b>\n\u202eevil", "confirm": "Sure?\u0000\u2066"}
        answer = await bot.say(group.id, "Hello", 400, actions=[[tricky]])
        assert "NUL" in answer["detail"]
        tricky["confirm"] = "Sure?\n\u2066Yes"
        said = await bot.say(group.id, "Hello", actions=[[tricky]])
        assert said["actions"] == [[{"id": "a", "label": "<b>x</b> evil", "confirm": "Sure? Yes"}]]


async def test_a_press_reaches_the_bot_with_the_message(group: Group) -> None:
    async with bot_of(group.member) as bot, bot_of(group.owner, "Other") as other:
        for one in (bot, other):
            await let_in(group, one, sees="addressed" if one is bot else "all")
            await one.begins(group.id)
        await bot.settles()
        seq = await card(bot, group)
        assert await presses(group.admin, group, seq) == {}
        await presses(group.owner, group, seq, "stop")
        first, second = await bot.hears_up_to(2)
        assert (first["type"], first["conversation"]) == ("action", group.id)
        data = first["data"]
        assert set(data) == {"action", "message", "user", "respond"}
        assert data["action"] == {"id": "go", "value": "main"}
        assert data["message"]["seq"] == seq
        assert data["message"]["actions"] == ROWS
        assert data["user"]["name"] == "Ben"
        assert second["data"]["action"] == {"id": "stop", "value": None}
        await group.owner.say(group.id, "end")
        assert await other.heard(wait=5) == ["end"]


async def test_a_double_press_is_one(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        await bot.begins(group.id)
        seq, key = await card(bot, group), new_key()
        await presses(group.admin, group, seq, key=key)
        await presses(group.admin, group, seq, key=key, status=200)
        await presses(group.owner, group, seq, "stop", key=key)
        found_all = await bot.hears_up_to(2)
        assert [one["data"]["action"]["id"] for one in found_all] == ["go", "stop"]


@on_one_database
async def test_a_press_that_nobody_would_hear_is_refused(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        seq = await card(bot, group)
        plain = await group.owner.say(group.id, "No buttons here")
        await presses(group.outsider, group, seq, status=404)
        await presses(group.owner, group, plain["seq"], status=404)
        await presses(group.owner, group, seq + 100, status=404)
        answer = await presses(group.owner, group, seq, "nothing", 404)
        assert "no longer has this button" in answer["detail"]
        answer = await presses(group.owner, group, seq, "look", 400)
        assert "is a link" in answer["detail"]
        own = await bot.http.post(
            group.path(f"/messages/{seq}/actions"), json={"key": new_key(), "action": "go"}
        )
        assert own.status_code == 403
        await group.member.patch(f"/bots/{bot.id}", {"disabled": True})
        answer = await presses(group.owner, group, seq, status=409)
        assert "disabled" in answer["detail"]
        await group.member.patch(f"/bots/{bot.id}", {"disabled": False})
        await presses(group.owner, group, seq)
        await group.owner.delete(group.path(f"/members/{bot.id}"))
        answer = await presses(group.owner, group, seq, status=409)
        assert "no longer in the conversation" in answer["detail"]


@on_one_database
async def test_buttons_go_with_their_message(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        seq = await card(bot, group)
        path = group.path(f"/messages/{seq}")
        changed = await bot.http.patch(path, json={"body": "Deployed", "actions": [[LOOK]]})
        assert changed.json()["message"]["actions"] == [[LOOK]]
        answer = await presses(group.owner, group, seq, status=404)
        assert "no longer has this button" in answer["detail"]
        await bot.http.patch(path, json={"body": "Deployed well"})
        shown = (await group.owner.get(path))["message"]
        assert (shown["body"], shown["actions"]) == ("Deployed well", [[LOOK]])
        assert (await group.owner.get("/search", q="Stop"))["results"] == []
        seq = await card(bot, group)
        await group.owner.delete(group.path(f"/messages/{seq}"), 200)
        deleted = (await group.owner.get(group.path(f"/messages/{seq}")))["message"]
        assert "actions" not in deleted
        await presses(group.owner, group, seq, status=410)


@on_one_database
async def test_whoever_joined_later_or_left_presses_nothing(group: Group) -> None:
    await group.owner.patch(group.path(), {"history": "joined"})
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        seq = await card(bot, group)
        await group.owner.delete(group.of(group.admin))
        await presses(group.admin, group, seq, status=404)
        await group.owner.befriend(group.outsider)
        await group.owner.post(group.path("/members"), {"user": group.outsider.id})
        await presses(group.outsider, group, seq, status=404)


@on_one_database
async def test_what_disappeared_is_not_pressed(running: Running, group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        seq = await card(bot, group)

        def expire(transaction: Transaction) -> None:
            ended = update(messages).values(expires_at=transaction.now - 1)
            transaction.execute(ended.where(messages.c.seq == seq))

        await running.application.database.write(expire)
        await presses(group.owner, group, seq, status=410)


@on_one_database
async def test_a_forwarded_copy_has_no_buttons(group: Group) -> None:
    elsewhere = await found(group.owner, group.admin, title="Elsewhere")
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        seq = await card(bot, group)
        to = {"to": [{"conversation": elsewhere, "key": new_key()}]}
        copied = await group.owner.post(group.path(f"/messages/{seq}/forward"), to)
        (copy,) = copied["messages"]
        assert copy["body"] == "Deploy **main**?"
        assert "actions" not in copy
        body = {"key": new_key(), "action": "go"}
        path = f"/conversations/{elsewhere}/messages/{copy['seq']}/actions"
        await group.admin.post(path, body, 404)
        # The buttons of one group are not pressed by way of another in which one is.
        path = f"/conversations/{elsewhere}/messages/{seq}/actions"
        await group.outsider.post(path, body, 404)


@on_one_database
async def test_the_filter_reads_what_is_on_buttons(group: Group) -> None:
    await group.owner.put(group.path("/filter"), {"words": ["casino"]}, 200)
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        body = {"key": new_key(), "body": "Win!", "actions": [[GO | {"label": "To the casino"}]]}
        held = (await bot.http.post(group.path("/messages"), json=body)).json()
        assert held["message"] is None
        assert held["held"]["actions"] == body["actions"]
        seq = await card(bot, group)
        path = group.path(f"/messages/{seq}")
        answer = await bot.http.patch(path, json={"body": "Win!", "actions": body["actions"]})
        assert answer.status_code == 403
        waiting = (await group.owner.get(group.path("/held")))["held"]
        assert waiting[0]["actions"] == body["actions"]
        path = group.path(f"/held/{waiting[0]['id']}/released")
        released = await group.owner.put(path, None, 200)
        assert released["message"]["actions"] == body["actions"]


async def test_a_bot_changes_its_message_as_often_as_it_is_pressed(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        seq = await card(bot, group)
        path = group.path(f"/messages/{seq}")
        for count in range(103):
            answer = await bot.http.patch(path, json={"body": f"{count} votes"})
            assert answer.status_code == 200, answer.text
        versions = (await group.owner.get(f"{path}/versions"))["versions"]
        assert len(versions) == 100
        assert versions[-1]["body"] == "101 votes"


@on_one_database
async def test_where_only_admins_post_a_bot_changes_no_buttons(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        path = group.path(f"/messages/{await card(bot, group)}")
        await group.owner.patch(group.path(), {"posting": "admins"})
        body = {"body": "Deploy **main**?", "actions": [[GO | {"label": "Stay"}]]}
        assert (await bot.http.patch(path, json=body)).status_code == 403
        assert (await group.owner.get(path))["message"]["actions"] == ROWS


@on_one_database
async def test_a_download_shows_what_is_written_on_buttons(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        seq = await card(bot, group, [[GO | {"label": "<Go>"}], [LOOK]])
        download = await download_of(group.member)
        folder = download.folder_of(group.id)
        (message,) = [
            one for one in download.lines(f"{folder}/messages.jsonl") if one["seq"] == seq
        ]
        assert message["actions"][0][0]["label"] == "<Go>"
        text = download.text()
        assert "[&lt;Go&gt;]" in text
        assert 'href="https://example.org/builds/1?a=b#c"' in text
