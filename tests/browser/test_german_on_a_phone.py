"""German is longer: no page of the settings and no panel is too wide for a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.looks import TOO_WIDE, keep_picture
from tests.browser.people import NARROW, Open
from tests.browser.test_accessibility import CALM

PAGES = (
    "Profil",
    "Mitteilungen",
    "Privatsphäre",
    "Darstellung",
    "Speicher",
    "Konto",
    "Sicherheit",
)
PANELS = (
    "devices",
    "invite",
    "add-contact",
    "new-group",
    "saved",
    "help",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_settings_and_no_panel_is_too_wide(newcomer: Open, scheme: str) -> None:
    given = {"locale": "de-DE", "viewport": NARROW, "color_scheme": scheme, **CALM}
    ada = newcomer("Ada", **given)
    ada.join()
    page = ada.page
    wide: list[str] = []

    def look(name: str) -> None:
        expect(page.locator("[aria-busy=true]").filter(visible=True)).to_have_count(0)
        if page.evaluate(TOO_WIDE):
            wide.append(name)
        keep_picture(page, f"german {name} {scheme}")

    page.goto("/#settings")
    dialog = page.get_by_role("dialog")
    for name in PAGES:
        dialog.get_by_role("button", name=name, exact=True).click()
        expect(dialog.get_by_role("heading", name=name, level=2)).to_be_visible()
        look(name)
        if name == "Konto":
            dialog.get_by_role("button", name="Konto schließen").click()
            look("Konto schließen")
        dialog.get_by_role("button", name="Zurück", exact=True).click()
    for name in PANELS:
        page.goto(f"/#{name}")
        expect(page.locator("dialog[open] h2")).to_be_visible()
        look(name)
    expect(page.get_by_text("Strg", exact=True).first).to_be_visible()
    assert wide == []
