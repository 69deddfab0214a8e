"""axe finds nothing on any screen: light and dark, wide and narrow."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE, Open, Pair, Someone
from tests.conftest import missing

AXE = Path(__file__).parents[2] / "client/node_modules/axe-core/axe.min.js"
# Colours may fade when they change, one generation of elements after the other.
SETTLED = """async () => {
    for (let calm = 0; calm < 3; ) {
        await new Promise(requestAnimationFrame);
        calm = document.getAnimations().length === 0 ? calm + 1 : 0;
    }
}"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CALM = {"reduced_motion": "reduce", "bypass_csp": True}  # nothing half faded in; axe let in


@pytest.fixture(autouse=True)
def axe() -> None:
    """The client's development packages, of which axe is one."""
    if not AXE.is_file():
        missing("axe-core in client/node_modules (bin/setup)")


def finds_nothing(page: Page, screen: str) -> None:
    """Ask axe in both colours and both widths."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=AXE)
    found: list[str] = []
    for colours in ("light", "dark"):
        for size in (WIDE, NARROW):
            page.emulate_media(color_scheme=colours)
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.evaluate(SETTLED)
            for violation in violations(page):
                found.append(f"{screen}, {colours}, {size['width']}: {violation}")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    assert not found, "\n".join(found)


def violations(page: Page) -> list[str]:
    result: dict[str, Any] = page.evaluate(
        """(tags) => axe.run(document, {
            runOnly: { type: 'tag', values: tags },
            resultTypes: ['violations'],
        })""",
        RULES,
    )
    assert result["testEngine"]["name"] == "axe-core"
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary']}"
        for one in result["violations"]
        for node in one["nodes"]
    ]


def test_axe_finds_a_fault_where_there_is_one(newcomer: Open) -> None:
    page = newcomer("Ada", **CALM).page
    page.goto("/login")
    page.evaluate("document.querySelector('label').remove()")
    with pytest.raises(AssertionError, match="label"):
        finds_nothing(page, "broken")


def test_axe_finds_nothing_before_the_first_contact(newcomer: Open) -> None:
    ada = newcomer("Ada", **CALM)
    page = ada.page
    page.goto("/login")
    finds_nothing(page, "sign-in")
    page.get_by_label("E-mail address").fill(ada.email)
    page.get_by_label("Password", exact=True).fill("not her password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    finds_nothing(page, "sign-in refused")
    page.goto("/register")
    finds_nothing(page, "register")
    ada.join()
    page.goto("/")
    expect(page.get_by_role("heading", name="Welcome, Ada")).to_be_visible()
    finds_nothing(page, "first use")
    page.goto("/contacts/add")
    expect(page.get_by_role("dialog", name="Add contact")).to_be_visible()
    finds_nothing(page, "add contact")


def test_axe_finds_nothing_among_contacts_messages_and_files(
    newcomer: Open, pair: Pair, image: Path, document: Path
) -> None:
    ada, ben = pair(**CALM)
    page = ada.page
    talk(ada, ben, image, document)
    finds_nothing(page, "conversation")
    page.get_by_role("button", name="Details").click()
    finds_nothing(page, "details")
    page.get_by_role("button", name="Details").click()
    page.get_by_role("button", name="Open image sun.jpg").click()
    expect(page.get_by_role("dialog").get_by_role("img")).to_be_visible()
    finds_nothing(page, "image viewer")
    page.keyboard.press("Escape")

    stranger = newcomer("Cid")
    stranger.join()
    stranger.call("POST", "/contacts", {"email": ada.email})
    page.goto("/#contacts")
    expect(page.get_by_role("button", name="Accept Cid")).to_be_visible()
    finds_nothing(page, "contacts with a request")


def talk(ada: Someone, ben: Someone, image: Path, document: Path) -> None:
    ben.say("Hello Ada, look at https://example.org/map")
    ada.attach(image, document)
    ada.say("The sun and the plan")
    ben.hears("The sun and the plan")
    ada.sees("img", "Image sun.jpg")
    ada.sees("img", "First page of plan.pdf")
