"""Commands: their arguments, what is told of them, and answers."""

from collections.abc import Callable
from typing import Any, Literal

import pytest

from echosphere_bot import Bot, CommandCall, GoneError
from echosphere_bot.arguments import Signature
from echosphere_bot.errors import UsageError
from echosphere_bot.state import MemoryStorage
from echosphere_bot.testing import FakeServer


async def words(call: CommandCall, first: str, second: str = "none") -> None: ...
async def numbers(call: CommandCall, count: int, factor: float = 1.0) -> None: ...
async def switch(call: CommandCall, on: bool) -> None: ...
async def many(call: CommandCall, question: str, *choices: str) -> None: ...
async def rest(call: CommandCall, when: str, *, text: str) -> None: ...
async def optional_rest(call: CommandCall, *, text: str = "nothing") -> None: ...
async def one_of(call: CommandCall, to: Literal["staging", "production"]) -> None: ...
async def maybe(call: CommandCall, count: int | None = None) -> None: ...
async def nothing(call: CommandCall) -> None: ...


@pytest.mark.parametrize(
    ("handler", "text", "expected"),
    [
        (words, "a", (["a"], {})),
        (words, "  a   b ", (["a", "b"], {})),
        (words, '"a b" c', (["a b", "c"], {})),
        (words, "“a b” „c d“", (["a b", "c d"], {})),
        (words, r'"a \"b\"" c', (['a "b"', "c"], {})),
        (words, 'it"s', (['it"s'], {})),
        (numbers, "3", ([3], {})),
        (numbers, "-3 0.5", ([-3, 0.5], {})),
        (switch, "Yes", ([True], {})),
        (switch, "off", ([False], {})),
        (many, '"Lunch?" pizza sushi', (["Lunch?", "pizza", "sushi"], {})),
        (many, "Lunch?", (["Lunch?"], {})),
        (rest, '10m  buy "green" tea ', (["10m"], {"text": 'buy "green" tea'})),
        (optional_rest, "", ([], {})),
        (one_of, "staging", (["staging"], {})),
        (maybe, "", ([], {})),
        (maybe, "4", ([4], {})),
        (nothing, " ", ([], {})),
    ],
)
def test_what_is_typed_becomes_arguments(
    handler: Callable[..., Any], text: str, expected: tuple[list[Any], dict[str, Any]]
) -> None:
    assert Signature(handler).parse(text) == expected


@pytest.mark.parametrize(
    ("handler", "text", "problem"),
    [
        (words, "", "“first” is missing."),
        (words, "a b c", "“c” is too much."),
        (numbers, "three", "“count” is a whole number, and “three” is not."),
        (numbers, "3 x", "“factor” is a number, and “x” is not."),
        (switch, "perhaps", "“on” is yes or no, and “perhaps” is not."),
        (rest, "10m", "“text” is missing."),
        (one_of, "home", "“to” is one of staging, production, not “home”."),
        (nothing, "x", "“x” is too much."),
    ],
)
def test_what_does_not_fit_is_told(handler: Callable[..., Any], text: str, problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        Signature(handler).parse(text)
    assert str(caught.value) == problem


@pytest.mark.parametrize(
    ("handler", "usage"),
    [
        (words, "<first> [second]"),
        (many, "<question> [choices…]"),
        (rest, "<when> <text>"),
        (one_of, "<staging|production>"),
        (nothing, ""),
    ],
)
def test_the_usage_is_made_of_the_parameters(handler: Callable[..., Any], usage: str) -> None:
    assert Signature(handler).usage() == usage


async def named(call: CommandCall, **options: str) -> None: ...
async def strange(call: CommandCall, when: bytes) -> None: ...
async def after_words(call: CommandCall, *names: str, text: str) -> None: ...
async def no_call() -> None: ...


@pytest.mark.parametrize("handler", [named, strange, after_words, no_call])
def test_a_handler_that_no_command_can_have_is_refused_at_once(
    bot: Bot, handler: Callable[..., Any]
) -> None:
    with pytest.raises(TypeError, match=handler.__name__):
        bot.command("it", about="Does it")(handler)


def test_a_command_needs_a_name_of_its_own_and_says_what_it_does(bot: Bot) -> None:
    bot.command("it", about="Does it")(nothing)
    with pytest.raises(ValueError, match="two handlers of /it"):
        bot.command("it", about="Does it")(nothing)
    with pytest.raises(ValueError, match="a-z"):
        bot.command("Größe", about="Does it")(nothing)
    with pytest.raises(ValueError, match="about"):
        bot.command("other", about=" ")(nothing)


def test_a_command_is_told_and_run(server: FakeServer, either: Bot) -> None:
    @either.command("add", about="Adds two numbers")
    async def add(call: CommandCall, one: int, two: int) -> None:
        message = await call.reply(f"{call.user.name}: {one + two}")
        assert message is not None
        assert message.author.kind == "bot"

    with server.running(either):
        server.command("add", "2 3")
        assert server.next_message().text == "Ada: 5"
        assert server.commands == [
            {"name": "add", "about": "Adds two numbers", "usage": "<one> <two>"}
        ]


def test_who_types_something_wrong_is_told_how_it_is_used(server: FakeServer, bot: Bot) -> None:
    @bot.command("add", about="Adds two numbers")
    async def add(call: CommandCall, one: int, two: int) -> None:
        await call.reply(str(one + two))

    with server.running(bot):
        server.command("add", "two 3")
        told = server.next_private()
        assert told.text == "“one” is a whole number, and “two” is not.\n`/add <one> <two>`"
        assert told.user == server.person
        assert server.messages == []


def test_commands_that_are_gone_are_taken_back(server: FakeServer, bot: Bot) -> None:
    storage, before = MemoryStorage(), Bot()
    before.command("it", about="Does it")(nothing)
    with server.running(before, storage=storage):
        assert [one["name"] for one in server.commands] == ["it"]
    with server.running(bot, storage=storage):
        assert server.commands == []


def test_a_bot_without_commands_leaves_those_of_others_alone(server: FakeServer, bot: Bot) -> None:
    server.world.commands = [{"name": "other", "about": "Is another program's", "usage": ""}]
    with server.running(bot):
        assert [one["name"] for one in server.commands] == ["other"]


def test_a_server_without_commands_is_no_reason_to_end(
    server: FakeServer, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    bot.command("it", about="Does it")(nothing)
    server.fail(404, path="/commands")
    with server.running(bot):
        assert "too old for commands" in caplog.text


def test_answers_end(server: FakeServer, bot: Bot) -> None:
    seen: list[str] = []

    @bot.command("it", about="Does it")
    async def it(call: CommandCall, times: int) -> None:
        try:
            for number in range(times):
                await call.reply(str(number), only="user")
                if times == 1:
                    server.end_answers()
                    await call.reply("late")
        except GoneError as error:
            seen.append(error.detail)

    with server.running(bot) as run:
        server.command("it", "6")
        run.settle()
        server.command("it", "1")
        run.settle()
    assert seen == [
        "All 5 answers have been used. Post a message instead.",
        "This address does not exist, or its 30 minutes have passed. Post a message instead.",
    ]
