"""Buttons: how they are laid out, and what their presses do."""

from typing import Any

import pytest

from echosphere_bot import Action, Bot, Button, CommandCall, GoneError, InvalidError, Message
from echosphere_bot.buttons import rows_of
from echosphere_bot.testing import FakeServer


def labels(rows: Any) -> list[list[str]]:
    return [[one["label"] for one in row] for row in rows]


def test_buttons_are_put_in_rows(bot: Bot) -> None:
    buttons = [bot.button(str(number)) for number in range(7)]
    assert labels(rows_of(buttons)) == [["0", "1", "2", "3", "4"], ["5", "6"]]
    assert labels(rows_of([buttons[0], buttons[1:3], buttons[3]])) == [["0"], ["1", "2"], ["3"]]
    assert rows_of([]) == []
    assert rows_of(None) is None


def test_a_button_is_sent_with_what_it_has(bot: Bot) -> None:
    [[go, docs]] = rows_of(
        [
            bot.button("Go on!", value="main", style="danger", confirm="Sure?"),
            bot.button("Docs", url="https://example.org"),
        ]
    ) or [[]]
    assert go == {
        "id": "go-on",
        "label": "Go on!",
        "style": "danger",
        "value": "main",
        "confirm": "Sure?",
    }
    assert docs == {"id": "docs", "label": "Docs", "url": "https://example.org"}


def test_buttons_that_cannot_be_are_refused(bot: Bot) -> None:
    with pytest.raises(ValueError, match="not both"):
        Button("Both", value="x", url="https://example.org")
    with pytest.raises(ValueError, match="the id 'go'"):
        rows_of([bot.button("Go"), bot.button("go!")])
    with pytest.raises(ValueError, match="5 rows of 5"):
        rows_of([bot.button(str(number)) for number in range(26)])
    with pytest.raises(ValueError, match="5 rows of 5"):
        rows_of([[bot.button(str(number)) for number in range(6)]])


def test_a_press_is_answered(server: FakeServer, either: Bot) -> None:
    @either.on_mention
    async def ask(message: Message) -> None:
        buttons = [either.button("Yes", value="1"), either.button("No"), either.button("Other")]
        await message.reply("Really?", actions=buttons)

    @either.on_action("yes")
    async def yes(action: Action) -> None:
        await action.update(f"{action.message.body} Yes: {action.value}", actions=[])
        await action.notice(f"Thank you, {action.user.name}")

    @either.on_action("no")
    async def no(action: Action) -> None:
        await action.reply("Why not?", only="user")

    with server.running(either) as run:
        server.say("@Echo")
        card = server.next_message()
        assert card.buttons == {"yes": "Yes", "no": "No", "other": "Other"}
        server.press(card, "other")
        server.press(card, "no")
        assert server.next_private().text == "Why not?"
        server.press(card, "yes")
        changed = server.next_edit()
        assert (changed.text, changed.actions) == ("Really? Yes: 1", [])
        assert server.next_notice().text == "Thank you, Ada"
        run.settle()


def test_a_press_that_nobody_handles_is_logged(
    server: FakeServer, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    @bot.command("ask", about="Asks")
    async def ask(call: CommandCall) -> None:
        await call.reply("?", actions=[bot.button("Go"), bot.button("Cancel")])

    @bot.on_action("go")
    async def go(action: Action) -> None:
        await action.update("Gone", actions=[])

    with server.running(bot) as run:
        server.command("ask")
        card = server.next_message()
        server.press(card, "cancel")
        server.press(card, "go")
        assert server.next_edit().text == "Gone"
        run.settle()
    unhandled = [one for one in caplog.messages if one.startswith("Nobody handles presses")]
    assert unhandled == ["Nobody handles presses of the button 'cancel'"]


def test_a_notice_is_one_line_for_who_pressed(server: FakeServer, bot: Bot) -> None:
    ben = server.add_person("Ben")
    server.join(ben)

    @bot.command("ask", about="Asks")
    async def ask(call: CommandCall) -> None:
        await call.reply("?", actions=[bot.button("A")])

    @bot.on_action
    async def note(action: Action) -> None:
        for wrong in ("", " \u200b", "x" * 201):
            with pytest.raises(InvalidError):
                await action.notice(wrong)
        await action.notice(" Thank \u202eyou,\n👩\u200d💻  and\tgood night ")

    with server.running(bot) as run:
        server.command("ask")
        server.press(server.next_message(), "a", by=ben)
        notice = server.next_notice()
        assert (notice.text, notice.user) == ("Thank you, 👩\u200d💻 and good night", ben)
        run.settle()
        assert [one.kind for one in server.done if one.kind == "notice"] == ["notice"]


@pytest.mark.parametrize("gone", ["the person", "the bot"])
def test_there_is_no_notice_where_the_person_or_the_bot_has_left(
    server: FakeServer, bot: Bot, gone: str
) -> None:
    refused: list[str] = []

    @bot.command("ask", about="Asks")
    async def ask(call: CommandCall) -> None:
        await call.reply("?", actions=[bot.button("A")])

    @bot.on_action
    async def note(action: Action) -> None:
        server.world.groups[server.group.id].members.remove(
            server.person if gone == "the person" else server.world.bot
        )
        for answer in (action.notice("Too late"), action.reply("Too late", only="user")):
            try:
                await answer
            except GoneError as error:
                refused.append(str(error))

    with server.running(bot) as run:
        server.command("ask")
        server.press(server.next_message(), "a")
        run.settle()
    assert len(refused) == 2
    assert all(gone in one.lower() for one in refused)
    assert not [one for one in server.done if one.kind in ("notice", "private")]


def test_one_handler_may_take_all_presses(server: FakeServer, bot: Bot) -> None:
    @bot.command("ask", about="Asks")
    async def ask(call: CommandCall) -> None:
        await call.reply("?", actions=[bot.button("A"), bot.button("B")])

    @bot.on_action
    async def note(action: Action) -> None:
        await action.update(actions=[bot.button(action.id * 2)])

    with server.running(bot):
        server.command("ask")
        card = server.next_message()
        server.press(card, "b")
        changed = server.next_edit()
        assert (changed.text, changed.buttons) == ("?", {"bb": "bb"})


def test_buttons_of_an_answer_to_one_person_are_links(server: FakeServer, bot: Bot) -> None:
    @bot.command("ask", about="Asks")
    async def ask(call: CommandCall) -> None:
        with pytest.raises(InvalidError) as refused:
            await call.reply("?", actions=[bot.button("A")], only="user")
        link = bot.button("A", url="https://example.org")
        await call.reply(str(list(refused.value.fields)), actions=[link], only="user")

    with server.running(bot):
        server.command("ask")
        answer = server.next_private()
        assert (answer.text, answer.buttons) == ("['actions']", {"a": "A"})
