"""Browser: what the first view weighs, how soon a conversation is read, what a key costs in it."""

import gzip
import shutil
from argparse import ArgumentParser, Namespace
from typing import Any

from playwright.async_api import Browser, CDPSession, Page, async_playwright

from bench.people import PASSWORD, Person, befriend, register, start_direct
from bench.progress import say
from bench.rest import Rest
from bench.result import IncompleteError, emit, percentiles, tidy
from bench.server import BUILD, EchoSphere

SENTENCES = (
    "The ferry leaves at seven, the other one at nine.",
    "I looked it up: *both* run on Sundays, too.",
    "Then `seven` it is.\nWho brings the rope?",
    "See https://example.org/timetable for the rest, page 3.",
    "👍",
)
WEIGHED = (".js", ".css")
TYPED = "The quick brown fox jumps over the lazy dog, and @nobody sees :it. " * 2
BETWEEN_KEYS = 50
"""Milliseconds; a quick typist's."""

# From the click until the browser has painted the conversation's newest message and is idle again.
OPEN = """async ([path, text]) => {
    const link = document.querySelector(`a[href="${path}"]`);
    const shown = () => [...document.querySelectorAll('[role=log] [data-seq]')]
        .some((row) => row.textContent.includes(text));
    const start = performance.now();
    link.click();
    while (!shown()) await new Promise(requestAnimationFrame);
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
    return performance.now() - start;
}"""


def arguments(parser: ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--messages", type=int, default=300)
    parser.add_argument("--runs", type=int, default=20)


async def run(given: Namespace) -> None:
    """Run the workload and print its result."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise IncompleteError("there is no chromium on this machine")
    with EchoSphere() as server:
        reader, known, other, last = await _fill(server.port, given.messages)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium)
            page, weight = await _first_view(browser, server.port, reader)
            seconds = [
                await _opening(page, known, other, last) / 1000 for _ in range(given.runs + 2)
            ][2:]
            key = await _typing(page)
            await browser.close()
    figures = {
        "first_view_kb_gzip": tidy(weight / 1000),
        **percentiles(seconds),
        "ms_per_key": key,
    }
    parameters = {"messages": given.messages, "runs": given.runs}
    emit("browser", parameters, {name: tidy(one) for name, one in figures.items()}, BUILD)


async def _fill(port: int, messages: int) -> tuple[Person, str, str, str]:
    """Make a long conversation and a short one; return who reads, both, and the last message."""
    rest = Rest(port)
    reader, *others = await register(rest, 3)
    await befriend(rest, reader, others)
    long, short = [await start_direct(rest, reader, other) for other in others]
    say(f"posting {messages} messages …")
    for number in range(messages):
        body = f"{number}: {SENTENCES[number % len(SENTENCES)]}"
        author = (reader, others[0])[number // 3 % 2]
        message = {"key": f"bench-{number:08}", "body": body}
        await rest.call("POST", f"/conversations/{long}/messages", message, author.token)
    message = {"key": "bench-short", "body": "A short conversation."}
    await rest.call("POST", f"/conversations/{short}/messages", message, reader.token)
    await rest.close()
    return reader, long, short, f"{messages - 1}: "


async def _first_view(browser: Browser, port: int, reader: Person) -> tuple[Page, int]:
    """Sign in and return the page and the bytes of script and styles that it needed, compressed."""
    context = await browser.new_context(base_url=f"http://127.0.0.1:{port}")
    credentials = {"email": reader.email, "password": PASSWORD}
    origin = {"Origin": f"http://127.0.0.1:{port}"}
    await context.request.post("/api/v1/sessions", data=credentials, headers=origin)
    page = await context.new_page()
    loaded: dict[str, Any] = {}
    page.on("response", lambda answer: loaded.setdefault(answer.url, answer))
    await page.goto("/")
    await page.wait_for_selector('nav a[href^="/c/"]')
    weighed = [answer for url, answer in loaded.items() if url.endswith(WEIGHED)]
    bodies = [await answer.body() for answer in weighed if answer.request.frame == page.main_frame]
    return page, sum(len(gzip.compress(body, 9)) for body in bodies)


async def _opening(page: Page, known: str, other: str, last: str) -> float:
    """Go from the short conversation to the long one; return the milliseconds it took."""
    await page.evaluate(OPEN, [f"/c/{other}", "A short conversation."])
    await page.wait_for_timeout(300)
    return float(await page.evaluate(OPEN, [f"/c/{known}", last]))


async def _typing(page: Page) -> float:
    """Type a text below the conversation; return the page's work for a key, in milliseconds.

    It is what the page's thread has done: script, styles, layout and painting. Waiting for the
    next frame is not in it.
    """
    box = page.get_by_role("textbox", name="Message")
    await box.press_sequentially(TYPED)  # what is loaded with the first keys is there
    await box.fill("")
    probe = await page.context.new_cdp_session(page)
    await probe.send("Performance.enable")
    before = await _busy(probe)
    await box.press_sequentially(TYPED, delay=BETWEEN_KEYS)
    busy = await _busy(probe) - before
    if await box.input_value() != TYPED:
        raise IncompleteError("what was typed is not what is in the composer")
    await box.fill("")
    return tidy(busy / len(TYPED) * 1000)


async def _busy(probe: CDPSession) -> float:
    """Return the seconds that the page's thread has worked."""
    answer = await probe.send("Performance.getMetrics")
    return float(next(one["value"] for one in answer["metrics"] if one["name"] == "TaskDuration"))
