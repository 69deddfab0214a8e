"""Commands and buttons: the same on the fake server as on the product, and answered once."""

import asyncio
import os
import re
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from echosphere_bot import Action, Bot, CommandCall, FileStorage
from echosphere_bot.state import Progress
from tests.house.repository import ROOT
from tests.product.once import on_one_database
from tests.product.people import client_of
from tests.sdk.test_contract import KEY, MESSAGES, ask
from tests.sdk.worlds import SOON, Normalizer, Scenario, World

EXAMPLES = ROOT / "sdk" / "python" / "examples"
GO = {"id": "go", "label": "Go", "value": "main", "style": "danger", "confirm": "Really?"}
LINK = {"id": "docs", "label": "Docs", "url": "https://example.org/docs"}
ABOUT = {"name": "deploy", "about": "Deploys a branch", "usage": "<branch>"}


async def heard(world: World, cursor: str, count: int) -> tuple[list[dict[str, Any]], str]:
    """Return so many commands and presses of which the bot hears."""
    events: list[dict[str, Any]] = []
    async with asyncio.timeout(SOON):
        while len(events) < count:
            asked = {"after": cursor, "wait": 5, "types": "command,action"}
            _, page = await ask(world, "GET", "/events", params=asked)
            cursor = page["cursor"]
            events += page["events"]
    return events, cursor


async def respond(world: World, event: dict[str, Any], answer: dict[str, Any]) -> Any:
    """Answer a command or a press, with nothing but its address."""
    # The product has the address of its settings there, and is served by the tests at another one.
    url = world.url + urlsplit(event["data"]["respond"]).path
    async with client_of(world.url) as http:
        sent = await http.post(url, json=answer)
        return sent.status_code, sent.json() if sent.content else None


def without_words(status: int, answer: Any) -> Any:
    """Return an answer without the sentence of a refusal."""
    return status, answer if status < 400 else answer["code"]


async def declaring(world: World) -> Any:
    """Declare commands, some of them wrong."""
    path = f"/bots/{world.bot}/commands"
    wrong = [
        [{**ABOUT, "name": "Größe"}],
        [{"name": "deploy", "about": " "}],
        [ABOUT, ABOUT],
        [{**ABOUT, "about": "x" * 201}],
        [{**ABOUT, "name": f"c{number}"} for number in range(51)],
    ]
    return [
        await ask(world, "PUT", path, json={"commands": [ABOUT, {"name": "a", "about": "b"}]}),
        *[
            without_words(*await ask(world, "PUT", path, json={"commands": commands}))
            for commands in wrong
        ],
        without_words(*await ask(world, "PUT", "/bots/nobody/commands", json={"commands": []})),
        await ask(world, "PUT", path, json={"commands": []}),
    ]


async def answering(world: World) -> Any:
    """Answer a command in all ways, until no answer is taken any more."""
    await ask(world, "PUT", f"/bots/{world.bot}/commands", json={"commands": [ABOUT]})
    _, page = await ask(world, "GET", "/events")
    await world.command("deploy", "main now")
    (event,), _ = await heard(world, page["cursor"], 1)
    answers: list[dict[str, Any]] = [
        {"key": "key-first", "text": "Deploy?", "actions": [[GO, LINK]]},
        {"key": "key-first", "text": "something else"},
        {"key": "key-second", "text": "for you", "only": "user"},
        {"key": "key-buttons", "text": "for you", "only": "user", "actions": [[GO]]},
        {"key": "key-links", "text": "for you", "only": "user", "actions": [[LINK]]},
        {"key": "key-update", "update": {"text": "nothing to update"}},
        {"key": "key-notice", "notice": "passing"},
        {"key": "key-nothing"},
        {"key": "key-both", "text": "x", "notice": "y"},
        {"key": "key-field", "text": "x", "more": 1},
        {"key": "short", "text": "x"},
        {"key": "key-fourth", "text": "once more"},
        {"key": "key-sixth!", "text": "x"},
        {"key": "key-sixth", "text": "too much"},
        {"key": "key-first", "text": "a repeat, still"},
    ]
    done = [without_words(*await respond(world, event, answer)) for answer in answers]
    event["data"]["respond"] = re.sub(r"[^/]+$", "x" * 43, event["data"]["respond"])
    unknown = await respond(world, event, {"key": "key-unknown", "text": "x"})
    return [event, done, unknown]


async def pressing(world: World) -> Any:
    """Put buttons under a message, and answer their presses."""
    _, page = await ask(world, "GET", "/events")
    posted = {"key": KEY, "body": "Deploy?", "actions": [[GO, LINK], [{"id": "no", "label": "No"}]]}
    _, message = first = await ask(world, "POST", MESSAGES, json=posted)
    seq = message["message"]["seq"]
    await world.press(seq, "go")
    await world.press(seq, "no")
    (go, no), _ = await heard(world, page["cursor"], 2)
    own = f"{MESSAGES}/{seq}"
    return [
        first,
        go,
        no,
        await respond(world, no, {"key": "key-notice", "notice": "As you like."}),
        await respond(world, go, {"key": "key-update", "update": {"text": "Started"}}),
        await respond(world, go, {"key": "key-take", "update": {"actions": []}}),
        await ask(world, "GET", own),
        await ask(world, "PATCH", own, json={"body": "Again?", "actions": [[GO]]}),
        await ask(world, "PATCH", own, json={"body": "Again"}),
        await ask(world, "PATCH", own, json={"body": "Never", "actions": []}),
    ]


NOTICES: list[dict[str, Any]] = [
    {"notice": "As you like."},
    {"notice": "x" * 200},
    {"notice": "x" * 201},
    {"notice": ""},
    {"notice": " \u200b\u2060 "},
    {"notice": "\u2800"},
    {"notice": "👩\u200d💻"},
    {"notice": None},
    {"notice": 4711},
    {"notice": {"text": "no text"}},
    {"notice": "for you", "only": "user"},
    {"notice": "with a button", "actions": [[LINK]]},
    {"notice": "and", "text": "a message"},
    {"notice": "and", "update": {"text": "a change"}},
    {"notice": " ", "text": "A message, since the notice says nothing"},
    {"text": "for whom?", "only": "everybody"},
    {"text": " ", "only": "user"},
    {"notice": "the last one"},
    {"notice": "one too many"},
]


async def noticing(world: World) -> Any:
    """Answer presses with notices, some of them wrong, until no answer is taken any more."""
    _, page = await ask(world, "GET", "/events")
    posted = {"key": KEY, "body": "Deploy?", "actions": [[GO]]}
    _, message = await ask(world, "POST", MESSAGES, json=posted)
    await world.press(message["message"]["seq"], "go")
    (press,), _ = await heard(world, page["cursor"], 1)
    answers = [{"key": f"notice-{number:02}"} | one for number, one in enumerate(NOTICES)]
    # A repeat is one as long as it could be an answer at all.
    answers += [answers[0], answers[0] | {"notice": ""}, answers[0] | {"notice": "another"}]
    return [without_words(*await respond(world, press, answer)) for answer in answers]


@on_one_database
@pytest.mark.parametrize("scenario", [declaring, answering, pressing, noticing])
async def test_requests_are_answered_alike(real: World, fake: World, scenario: Scenario) -> None:
    expected = Normalizer().of(await scenario(real))
    assert Normalizer().of(await scenario(fake)) == expected


def deploying(transport: str) -> Bot:
    """Return a bot with a command and buttons."""
    bot = Bot(transport=transport)

    @bot.command("deploy", about="Deploys a branch")
    async def deploy(call: CommandCall, branch: str, times: int = 1) -> None:
        for _ in range(times):
            card = await call.reply(f"{call.user.name}: {branch}?", actions=[bot.button("Go")])
            assert card is not None

    @bot.on_action("go")
    async def go(action: Action) -> None:
        await action.update(f"{action.message.body} Started.", actions=[bot.button("Stop")])
        await action.notice("Thank you")

    @bot.on_action("stop")
    async def stop(action: Action) -> None:
        await action.reply("Stopped.")
        await action.update(actions=[])

    return bot


async def clicking(world: World, transport: str) -> Any:
    """Use the bot."""
    async with world.runs(deploying(transport)):
        await world.command("deploy", '"my branch"')
        (card,) = await world.wait_for(lambda found: len(found) == 1)
        await world.command("deploy", "main never")
        await world.press(card["seq"], "go")
        await world.wait_for(lambda found: "Started" in found[0]["body"])
        await world.press(card["seq"], "stop")
        await world.command("deploy", "main 2")
        return await world.wait_for(lambda found: len(found) == 4 and "actions" not in found[0])


@on_one_database
@pytest.mark.parametrize("transport", ["auto", "poll"])
async def test_a_bot_does_the_same_on_both(real: World, fake: World, transport: str) -> None:
    expected = Normalizer().of(await clicking(real, transport))
    assert [one["body"] for one in expected] == [
        "Ada: my branch? Started.",
        "Stopped.",
        "Ada: main?",
        "Ada: main?",
    ]
    assert Normalizer().of(await clicking(fake, transport)) == expected


RECKLESS = """
import os, random, runpy, sys
from echosphere_bot.api import Api
send, chance = Api.send, random.Random(os.getpid())

async def send_and_perhaps_die(self, method, *given, **options):
    dies = chance.random()
    if method == "POST" and dies < 0.15:
        os.kill(os.getpid(), 9)
    answer = await send(self, method, *given, **options)
    if method == "POST" and dies > 0.85:
        os.kill(os.getpid(), 9)
    return answer

Api.send = send_and_perhaps_die
runpy.run_path(sys.argv[1], run_name="__main__")
"""
"""Runs an example, and kills it before or after a request, as it happens."""


@pytest.fixture
def keep_running(tmp_path: Path) -> Callable[[World, str, str], Awaitable[None]]:
    """Runs an example, again and again as it is killed."""
    program = tmp_path / "reckless.py"
    program.write_text(RECKLESS)

    async def keep_running(world: World, example: str, transport: str) -> None:
        state = tmp_path / "state.json"
        now = (await world.http.get("/events")).json()["cursor"]
        FileStorage(state).save(Progress(now))
        environment = os.environ | {
            "ECHOSPHERE_URL": world.url,
            "ECHOSPHERE_KEY": world.key,
            "ECHOSPHERE_STATE": str(state),
            "ECHOSPHERE_TRANSPORT": transport,
            "DEPLOY": str(script_in(tmp_path)),
        }
        while True:
            process = await asyncio.create_subprocess_exec(
                sys.executable, program, EXAMPLES / f"{example}.py", cwd=tmp_path, env=environment
            )
            try:
                await process.wait()
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()

    return keep_running


def script_in(folder: Path) -> Path:
    """Return a program that notes what it deploys."""
    script = folder / "deploy.sh"
    script.write_text(f'#!/bin/sh\necho "$@" >>{folder}/deployed\n')
    script.chmod(0o755)
    return script


Keep = Callable[[World, str, str], Awaitable[None]]


@pytest.mark.parametrize("transport", ["auto", "poll"])
async def test_a_poll_that_is_killed_counts_every_vote_once(
    real: World, keep_running: Keep, transport: str
) -> None:
    running = asyncio.ensure_future(keep_running(real, "poll", transport))
    try:
        for name in ("Lunch", "Dinner"):
            await real.command("poll", f'"{name}?" pizza sushi')
        cards = await real.wait_for(lambda found: len(found) == 2)
        assert [one["body"].split("\n")[0] for one in cards] == ["**Lunch?**", "**Dinner?**"]
        first, second = (one["seq"] for one in cards)
        for seq, choice in ((first, 0), (first, 1), (second, 0), (second, 0), (second, 1)):
            await real.press(seq, f"choice-{choice}")

        def counts(found: list[dict[str, Any]]) -> list[list[str]]:
            return [re.findall(r"\*\*(\d+)\*\*", one["body"]) for one in found]

        await real.wait_for(lambda found: counts(found) == [["0", "1"], ["0", "1"]])
        await real.command("poll", '"Enough?" yes no')
        found = await real.wait_for(lambda found: len(found) == 3)
        assert counts(found) == [["0", "1"], ["0", "1"], ["0", "0"]]
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@on_one_database
async def test_a_reminder_that_is_killed_reminds_once(real: World, keep_running: Keep) -> None:
    running = asyncio.ensure_future(keep_running(real, "reminder", "auto"))
    try:
        expected = [f"@Ada {number}" for number in range(5)]
        for number in range(5):
            await real.command("remind", f"{1 + number}s {number}")
        await real.wait_for(lambda found: len(found) >= 5)
        await real.command("remind", "1s last")
        found = await real.wait_for(lambda found: found[-1]["body"] == "@Ada last")
        assert sorted(one["body"] for one in found[:-1]) == expected
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@on_one_database
async def test_a_deployment_that_is_killed_is_begun_at_most_once(
    real: World, keep_running: Keep, tmp_path: Path
) -> None:
    running = asyncio.ensure_future(keep_running(real, "deploy", "auto"))
    try:
        for number in range(3):
            await real.command("deploy", f"branch-{number} production")
        cards = await real.wait_for(lambda found: len(found) == 3)
        for card in cards:
            await real.press(card["seq"], "go")
        await real.command("deploy", "last")
        found = await real.wait_for(lambda found: len(found) == 4)
        assert [one["body"] for one in found][-1] == "Deploy **last** to staging?"
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    ran = (
        (tmp_path / "deployed").read_text().splitlines() if (tmp_path / "deployed").exists() else []
    )
    assert len(set(ran)) == len(ran)
    assert set(ran) <= {f"branch-{number} production" for number in range(3)}


async def test_the_examples_are_those_of_the_readme() -> None:
    readme = (EXAMPLES.parent / "README.md").read_text(encoding="utf-8")
    assert {file.name for file in EXAMPLES.glob("*.py")} == set(
        re.findall(r"\(examples/(\w+\.py)\)", readme)
    )
