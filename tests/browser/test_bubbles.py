"""How messages look: legible in both colours, no wider than their lines, pictures without a frame."""

from itertools import product
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.acts import bubble
from tests.browser.cast import Cast
from tests.browser.sharing import send, upload

WIDTHS = (360, 768, 1280)
# What is written and drawn in bubbles, against what lies behind it, with all that is half clear.
TOO_FAINT = """() => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    const pen = canvas.getContext('2d', { willReadFrequently: true });
    const rgba = (colour) => {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = ([r, g, b, a], below) =>
        [r, g, b].map((one, at) => one * a + below[at] * (1 - a)).concat(1);
    const ground = (element) => {
        const layers = [];
        for (let at = element; at !== null; at = at.parentElement) {
            layers.push(rgba(getComputedStyle(at).backgroundColor));
            if (layers.at(-1)[3] === 1) break;
        }
        return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255, 1]);
    };
    const light = (colour) => {
        const [r, g, b] = colour.slice(0, 3).map((one) => {
            const part = one / 255;
            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const faint = [];
    const look = (element, colour, what) => {
        if (element.closest('.visually-hidden') !== null) return;
        const behind = ground(element);
        const [a, b] = [light(over(rgba(colour), behind)), light(behind)].sort((x, y) => y - x);
        const contrast = (a + 0.05) / (b + 0.05);
        if (contrast < 4.5) faint.push(`${what}: ${contrast.toFixed(2)}`);
    };
    for (const part of document.querySelectorAll('[role=log] :is(.bubble, .reactions) *')) {
        const own = [...part.childNodes].some((node) =>
            node.nodeType === Node.TEXT_NODE && /[\\p{L}\\p{N}]/u.test(node.data));
        const { color, stroke } = getComputedStyle(part);
        if (own) look(part, color, part.textContent.trim());
        if (part instanceof SVGPathElement && stroke !== 'none') {
            look(part.ownerSVGElement, stroke, part.ownerSVGElement.getAttribute('class'));
        }
    }
    return faint;
}"""
# The room that bubbles leave beside their longest line; a space may hang at the end of it.
LEFT_OVER = """() => [...document.querySelectorAll('[role=log] .bubble')].flatMap((bubble) => {
    const said = bubble.querySelector('.said');
    const words = said.querySelector('.words');
    if (words === null) return [];
    const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    const pieces = [];
    while (walker.nextNode() !== null) {
        range.selectNodeContents(walker.currentNode);
        pieces.push(...range.getClientRects());
    }
    const box = said.getBoundingClientRect();
    const meta = said.querySelector('.meta').getBoundingClientRect();
    const behind = pieces.filter(({ bottom }) => bottom > meta.top + 1);
    const longest = Math.max(
        ...pieces.map(({ right }) => right - box.left),
        ...behind.map(({ right }) => right - box.left + meta.width + 10),
        meta.width,
    );
    const left = Math.round(box.width - longest);
    return left > 8 ? [`${said.textContent.slice(0, 20)}: ${left}`] : [];
})"""


def test_everything_in_bubbles_is_legible_in_both_colours(cast: Cast) -> None:
    lines = (
        "Words with `code`, **weight** and https://example.org/pier",
        "> a quote\n\n- a list\n- of two",
        "@Ben, @Ada and @all",
        "😀",
        "😀😀😀😀😀😀",
    )
    for person in (cast.ada, cast.ben):
        for line in lines:
            cast.post(person, cast.group, f"{line}")
        answered = cast.post(person, cast.group, f"Asked by {person.name}")
        cast.post(person, cast.group, f"Answered by {person.name}", reply_to=answered)
        gone = cast.post(person, cast.group, f"Regretted by {person.name}")
        path = f"/conversations/{cast.group}/messages/{gone}"
        person.call("DELETE", path)
        cast.ada.call("PUT", f"/conversations/{cast.group}/messages/{answered}/reactions/👍")
    cast.at(cast.group, cast.ada, cast.ben, cast.cleo)
    for person in (cast.ben, cast.cleo):
        bubble(person, "Answered by Ben")
    page = cast.ada.page
    bubble(cast.ada, "Answered by Ben")
    expect(page.get_by_role("log").get_by_role("img", name="Read").first).to_be_attached()
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours, reduced_motion="reduce")
        assert page.evaluate(TOO_FAINT) == [], colours


def settled(page: Page, script: str) -> list[str]:
    """Return what a script finds, once it finds nothing or the page has had its time."""
    found: list[str] = []
    for _ in range(20):
        found = page.evaluate(script)
        if not found:
            break
        page.wait_for_timeout(100)
    return found


def test_a_bubble_is_as_wide_as_its_longest_line(cast: Cast) -> None:
    lines = (
        "A word " * 30,
        "Short",
        "The first of them\nand another line that is longer than the first",
        "An answer that does not fit on one line of any bubble, however wide the window may be. So",
        "Reallylongwordsthatmustbebroken" * 5 + " end",
        "**Marked** " * 12,
    )
    for line in lines:
        cast.post(cast.ada, cast.group, line)
    cast.at(cast.group, cast.ada, cast.ben)
    for person in (cast.ada, cast.ben):
        bubble(person, "Marked")
        for width in (*WIDTHS, 360):
            person.page.set_viewport_size({"width": width, "height": 740})
            expect(person.page.get_by_role("log")).to_be_visible()
            assert settled(person.page, LEFT_OVER) == [], width


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """A wide picture, a high one and a small one."""
    paths = []
    for name, size in (("wide", (1600, 900)), ("high", (300, 1100)), ("small", (40, 40))):
        paths.append(tmp_path / f"{name}.png")
        Image.new("RGB", size, (200, 120, 40)).save(paths[-1])
    return paths


def edges(inner: Locator) -> list[float]:
    """Return what the bubble shows on the left, on the right and above something in it."""
    found: list[float] = inner.evaluate(
        """(inner) => {
            const a = inner.getBoundingClientRect();
            const b = inner.closest('.bubble').getBoundingClientRect();
            return [a.left - b.left, b.right - a.right, a.top - b.top];
        }"""
    )
    return found


def test_pictures_reach_to_the_edges_of_their_bubble(
    cast: Cast, pictures: list[Path], document: Path
) -> None:
    for conversation, words in ((cast.direct, ""), (cast.group, "Words under what is seen")):
        for files in (*([picture] for picture in pictures), pictures, [document]):
            ids = [upload(cast.ada, file.name, file.read_bytes()) for file in files]
            cast.post(cast.ada, conversation, words, attachments=ids, key=f"pictures-{ids[0]}")
    page = cast.ada.page
    for conversation, width in product((cast.direct, cast.group), WIDTHS):
        cast.at(conversation, cast.ada)
        page.set_viewport_size({"width": width, "height": 740})
        bubbles = page.get_by_role("log").locator(".bubble")
        expect(bubbles).to_have_count(5)
        for one in bubbles.all():
            one.scroll_into_view_if_needed()
            shown = one.locator(".media, .pdf > button")
            assert max(map(abs, edges(shown))) < 1, width


def brightness(part: Locator) -> float:
    """Return how bright the ground of something is: 0 is black, 1 white."""
    found: float = part.evaluate(
        """(part) => {
            const pen = document.createElement('canvas').getContext('2d');
            pen.fillStyle = getComputedStyle(part).backgroundColor;
            pen.fillRect(0, 0, 1, 1);
            const [r, g, b] = pen.getImageData(0, 0, 1, 1).data;
            return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
        }"""
    )
    return found


def test_own_words_stand_on_a_light_tint_and_buttons_keep_the_strong_colour(cast: Cast) -> None:
    for person, words in ((cast.ada, "Mine"), (cast.ben, "Theirs")):
        cast.post(person, cast.direct, words)
    cast.at(cast.direct, cast.ada)
    page = cast.ada.page
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    mine, theirs = (bubble(cast.ada, words) for words in ("Mine", "Theirs"))
    ground = "(one) => getComputedStyle(one).backgroundColor"
    assert mine.evaluate(ground) != theirs.evaluate(ground)
    assert brightness(mine) > 0.75
    page.get_by_role("textbox", name="Message").fill("More")
    assert brightness(page.get_by_role("button", name="Send", exact=True)) < 0.5


def test_a_deleted_message_is_an_outline(cast: Cast) -> None:
    for person in (cast.ada, cast.ben):
        seq = cast.post(person, cast.direct, "Regretted")
        person.call("DELETE", f"/conversations/{cast.direct}/messages/{seq}")
    cast.at(cast.direct, cast.ada)
    gone = cast.ada.page.get_by_role("article").filter(has_text="This message was deleted")
    expect(gone).to_have_count(2)
    for one in gone.all():
        expect(one).to_have_css("background-color", "rgba(0, 0, 0, 0)")
        expect(one).not_to_have_css("box-shadow", "none")


def test_the_bar_beside_a_message_begins_with_six_reactions(cast: Cast) -> None:
    for line in ("Ahoy", "Land"):
        cast.post(cast.ben, cast.direct, line)
    cast.at(cast.direct, cast.ada)
    page = cast.ada.page
    labels = "all => all.map((one) => one.getAttribute('aria-label'))"
    bar = page.locator(".bar:has(button.quick)")
    bubble(cast.ada, "Ahoy").hover()
    usual = ["👍", "❤️", "😂", "😮", "😢", "🙏"]
    rest = ["More emoji", "Reply", "More actions"]
    expected = [*(f"React with {emoji}" for emoji in usual), *rest]
    assert bar.get_by_role("button").evaluate_all(labels) == expected
    bar.get_by_role("button", name="React with 👍").click()
    reactions = page.get_by_role("log").get_by_role("group", name="Reactions")
    expect(reactions.get_by_role("button", name="👍 by You")).to_be_visible()
    # What is used more than a usual one takes its place.
    bubble(cast.ada, "Land").hover()
    bar.get_by_role("button", name="More emoji").click()
    picker = page.get_by_role("dialog", name="Emoji")
    picker.get_by_role("searchbox").fill("turtle")
    picker.get_by_role("button", name="turtle").first.click()
    expect(reactions.get_by_role("button", name="🐢 by You")).to_be_visible()
    bubble(cast.ada, "Ahoy").hover()
    expect(bar.get_by_role("button", name="React with 🐢")).to_be_visible()
    expect(bar.locator(".quick")).to_have_count(6)


def test_the_ending_of_a_long_file_name_is_seen(cast: Cast, tmp_path: Path) -> None:
    name = "Minutes of the meeting at the harbour office with everybody who came 2026 final.txt"
    file = tmp_path / name
    file.write_text("Nothing was decided.")
    send(cast, cast.ada, cast.direct, "", file)
    cast.at(cast.direct, cast.ada)
    page = cast.ada.page
    card = bubble(cast.ada, name)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        end = card.get_by_text("final.txt").last
        assert edges(end)[1] > 0, width
        assert end.evaluate("end => end.scrollWidth <= end.clientWidth"), width
