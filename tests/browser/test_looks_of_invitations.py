"""People of a file are invited: it looks well at both widths in both colours, and goes by keyboard."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.looks import looks_well_everywhere
from tests.browser.people import NARROW, Open
from tests.browser.separate_product import press, product
from tests.browser.test_accessibility import CALM

LONG = "dora.with-a-rather-long-address@department-of-the-harbour.example.org"
RIGHT = f"Name;E-Mail;Gruppen\nCleo;cleo@example.org;Harbour\nDora;{LONG};"


def test_the_people_of_a_file_are_seen_before_they_are_invited(
    newcomer: Open, tmp_path: Path
) -> None:
    with product(tmp_path, REGISTRATION="invitation") as served:
        ada = newcomer("Ada", base_url=served.address, **CALM)
        ada.join()
        page = ada.page
        page.goto("/")
        page.get_by_role("button", name="Invite people without an account").first.press("Enter")
        ada.call("POST", "/conversations", {"kind": "group", "title": "Harbour", "members": []})
        press(page, "By e-mail")
        expect(page.get_by_text("You can check the list before anyone is invited.")).to_be_visible()
        file = page.locator("input[type=file]")
        broken, right = tmp_path / "broken.csv", tmp_path / "right.csv"
        broken.write_text(RIGHT.replace("Harbour", "Hill"), "utf-8")
        right.write_text(RIGHT, "utf-8-sig")
        file.set_input_files(broken)
        expect(page.get_by_role("alert")).to_contain_text("Line 2")
        looks_well_everywhere(page, "file with a wrong line")
        file.set_input_files(right)
        expect(page.get_by_role("list", name="2 people")).to_contain_text("Cleo · Harbour")
        looks_well_everywhere(page, "people of a file")
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        press(page, "Invite these 2 people")
        handed = page.get_by_text(
            "This server does not send e-mail. Send each person their link yourself."
        )
        expect(handed).to_be_in_viewport()
        looks_well_everywhere(page, "links of the people of a file")
        invites = ada.call("GET", "/server/invites")["invites"]
        assert {one["email"] for one in invites} == {"cleo@example.org", LONG}
