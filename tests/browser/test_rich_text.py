"""Markup in messages: elements for what is meant so, plain text for all else, nothing executed."""

import re
from itertools import pairwise

from playwright.sync_api import Locator, expect

from tests.browser.acts import bubble
from tests.browser.cast import Cast
from tests.browser.overhearing import Overhearing

EVERYTHING = """**bold** _slanted_ ~~gone~~ `x = 1` [the site](https://example.org/a) https://example.com/b?c=d

```python
def greet(name):
    return "hello"  # a comment
```

- milk
- bread
  1. rye
  2. wheat

> wise words"""
HOSTILE = (
    "all plain: [x](javascript:hit()) [y](data:text/html,<script>hit()</script>) <b>no</b> "
    "<img src=/x onerror=hit()> <script>hit()</script> ![z](https://example.org/z.png) "
    "[j](JaVaScRiPt&colon;hit()) <javascript:hit()> [v](vbscript:hit) [f](file:///etc/passwd)"
)
PLAIN = r"2*3*4 = 24, snake_case_name, C:\new_dir\to.txt, 5 > 4, a - b, #1 :nosuchname: 10:30:00"
# Whatever were executed would call `hit`; whatever the policy stops is told as an event.
WATCH = """
    window.hits = [];
    window.hit = () => window.hits.push('executed');
    document.addEventListener('securitypolicyviolation', (event) =>
        window.hits.push(event.violatedDirective));
"""


def colour(piece: Locator) -> str:
    found: str = piece.evaluate("(one) => getComputedStyle(one).color")
    return found


def test_markup_is_shown_as_elements_on_every_device(cast: Cast) -> None:
    olaf = Overhearing(cast.olaf)
    cast.at(cast.group)
    cast.post(cast.ben, cast.group, EVERYTHING)
    for person in (cast.ada, cast.phone, cast.ben, cast.cleo):
        said = bubble(person, "wise words")
        expect(said.locator("strong")).to_have_text("bold")
        expect(said.locator("em")).to_have_text("slanted")
        expect(said.locator("del")).to_have_text("gone")
        expect(said.locator("p code")).to_have_text("x = 1")
        expect(said.get_by_role("link", name="the site")).to_have_attribute(
            "href", "https://example.org/a"
        )
        bare = said.get_by_role("link", name="https://example.com/b?c=d")
        expect(bare).to_have_attribute("rel", re.compile("noopener noreferrer"))
        expect(said.locator("ul > li")).to_have_count(2)
        expect(said.locator("ul ol > li")).to_have_text(["rye", "wheat"])
        expect(said.locator("blockquote")).to_have_text("wise words")
        code = said.get_by_label("Code, python")
        expect(code).to_have_text('def greet(name):\n    return "hello"  # a comment')
        expect(code.locator(".keyword").first).to_have_text("def")
        pieces = (".keyword", ".string", ".comment")
        assert len({colour(code.locator(piece).first) for piece in pieces}) == 3
    page = cast.cleo.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == 'def greet(name):\n    return "hello"  # a comment'
    olaf.heard_nothing_of("wise words", cast.group)


def test_what_could_do_harm_is_text_and_nothing_of_it_runs(cast: Cast) -> None:
    for person in (cast.ada, cast.phone, cast.ben):
        person.page.add_init_script(WATCH)
    cast.at(cast.group, cast.ada, cast.phone, cast.ben)
    cast.post(cast.ben, cast.group, HOSTILE)
    cast.post(cast.cleo, cast.group, "and after it")
    for person in (cast.ada, cast.phone, cast.ben):
        said = bubble(person, "all plain")
        person.hears("and after it")
        expect(said).to_contain_text(HOSTILE)
        expect(said.locator("b, img, script, iframe")).to_have_count(0)
        addresses = said.get_by_role("link").evaluate_all("(all) => all.map(({ href }) => href)")
        assert addresses == ["https://example.org/z.png"]
        assert person.page.evaluate("window.hits") == []


def test_a_few_emoji_alone_are_large_and_plain_text_stays_as_it_is(cast: Cast) -> None:
    cast.at(cast.direct, cast.ada, cast.phone, cast.ben)
    cast.post(cast.ben, cast.direct, PLAIN)
    cast.ada.page.get_by_role("button", name="Emoji", exact=True).click()
    picker = cast.ada.page.get_by_role("dialog", name="Emoji")
    picker.get_by_role("searchbox").fill("rocket")
    picker.get_by_role("button", name="rocket").click()
    cast.ada.page.keyboard.press("Escape")
    box = cast.ada.page.get_by_role("textbox", name="Message")
    expect(box).to_have_value("🚀")
    box.press_sequentially(" :tada: ")
    box.press("Enter")
    size = "(one) => parseFloat(getComputedStyle(one).fontSize)"
    for person in (cast.ada, cast.phone, cast.ben):
        plain = bubble(person, "snake_case_name").get_by_text(PLAIN, exact=True)
        expect(plain).to_be_visible()
        expect(plain.locator("*")).to_have_count(0)
        lone = bubble(person, "🚀").get_by_text("🚀 🎉", exact=True)
        assert lone.evaluate(size) > 2 * plain.evaluate(size)


def test_one_more_emoji_is_hardly_smaller(cast: Cast) -> None:
    lines = ["🚀" * number for number in range(1, 10)]
    for line in lines:
        cast.post(cast.ben, cast.direct, line)
    cast.at(cast.direct, cast.ada)
    log = cast.ada.page.get_by_role("log")
    size = "(one) => parseFloat(getComputedStyle(one).fontSize)"
    sizes = [log.get_by_text(line, exact=True).evaluate(size) for line in lines]
    assert sizes == sorted(sizes, reverse=True)
    ratios = [after / before for before, after in pairwise(sizes)]
    assert min(ratios) >= 0.8, sizes
