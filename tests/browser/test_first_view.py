"""The cost of the messenger's first view: how much script it loads, and what it must not do."""

import msgspec
from playwright.sync_api import expect

from echosphere.web.pages import CLIENT, CONVERSATION_VIEW, MANIFEST, MESSENGER, STATIC, Chunk
from tests.browser.acts import bubble
from tests.browser.people import Pair

MOST_SCRIPT = 300_000
"""Bytes of script, not compressed; 273,000 in November 2026."""

SMALL_FILE = 4_000
COUNT_DATE_FORMATS = """
  window.dateFormats = 0;
  Intl.DateTimeFormat = new Proxy(Intl.DateTimeFormat, {
    construct(format, given) { window.dateFormats += 1; return new format(...given); },
  });
"""


def first_scripts() -> dict[str, str]:
    """Return the scripts that the browser reads before the messenger begins, by source or file."""
    chunks = msgspec.json.decode((STATIC / CLIENT / MANIFEST).read_bytes(), type=dict[str, Chunk])
    found: dict[str, str] = {}
    waiting = [MESSENGER]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = (STATIC / CLIENT / chunks[name].file).read_text(encoding="utf-8")
            waiting += chunks[name].imports
    return found


def test_the_messenger_begins_with_little_script() -> None:
    scripts = first_scripts()
    assert CONVERSATION_VIEW not in scripts
    assert sum(len(script.encode()) for script in scripts.values()) <= MOST_SCRIPT


def test_no_large_script_makes_an_error_as_it_begins() -> None:
    """For its stack, V8 would read the whole file once more; Svelte has such an error."""
    holders = [script for script in first_scripts().values() if "StaleReactionError" in script]
    assert len(holders) == 1
    assert len(holders[0]) < SMALL_FILE


def test_the_first_view_makes_no_date_format(pair: Pair) -> None:
    """The first one takes a slow phone as long as all the rest."""
    ada, ben = pair()
    ben.say("Are you there?")
    expect(bubble(ada, "Are you there?")).to_be_visible()
    ada.page.add_init_script(COUNT_DATE_FORMATS)
    ada.page.reload()
    expect(bubble(ada, "Are you there?")).to_be_visible()
    expect(ada.page.get_by_role("navigation", name="Conversations").locator("time")).to_be_visible()
    assert ada.page.evaluate("window.dateFormats") == 0
