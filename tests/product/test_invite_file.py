"""Inviting many people from a CSV file: if any line is invalid, no one is invited."""

from pathlib import Path
from typing import Any

import pytest

from echosphere.commands.answering import answer
from echosphere.commands.files import text_of_file
from echosphere.control import Call
from echosphere.core.errors import Invalid
from echosphere.i18n import translate_error
from tests.mail_server import MailServer, text_of
from tests.product.conftest import Running
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, client_of
from tests.product.test_password_reset import letters

pytestmark = pytest.mark.own_product

Cast = tuple[Person, Person, Person]
PATH = "/server/invites/file"


async def found(ada: Person, title: str) -> str:
    body = {"kind": "group", "title": title, "members": []}
    return str((await ada.post("/conversations", body))["conversation"]["id"])


@pytest.mark.parametrize(
    "text",
    [
        "cleo@example.org,Cleo,Bees|Walkers\ndora@example.org",
        "\ufeffE-Mail;Name;Gruppen\r\ncleo@example.org;Cleo;bees | walkers\r\n\r\ndora@example.org;;",
        'name\temail\tgroups\n"Cleo"\tcleo@example.org\t"Bees|Walkers"\n\tdora@example.org\t',
    ],
    ids=["plain", "of a spreadsheet", "with tabs"],
)
@on_one_database
async def test_people_are_invited_with_their_groups_and_get_a_link_each(
    cast: Cast, text: str
) -> None:
    ada, _, _ = cast
    bees, walkers = await found(ada, "Bees"), await found(ada, "Walkers")
    tried = await ada.post(PATH, {"csv": text, "dry_run": True}, 200)
    assert (tried["invites"], (await ada.get("/server/invites"))["invites"]) == ([], [])
    made = await ada.post(PATH, {"csv": text, "contact": True})
    assert made["people"] == tried["people"]
    cleo, dora = made["people"]
    assert (cleo["email"], cleo["name"], dora["name"]) == ("cleo@example.org", "Cleo", "")
    assert [group["id"] for group in cleo["groups"]] == [bees, walkers]
    assert [one["email"] for one in made["invites"]] == [cleo["email"], dora["email"]]
    assert made["invites"][0]["groups"] == [bees, walkers]
    assert made["mailed"] is False
    token = made["invites"][0]["url"].rpartition("/")[2]
    account = {"email": "cleo@example.org", "name": "Cleo", "password": PASSWORD, "invite": token}
    async with client_of(ada.base) as http:
        assert (await http.post("/accounts", json=account)).status_code == 201


@on_one_database
async def test_what_is_wrong_is_named_by_its_line_and_no_one_is_invited(cast: Cast) -> None:
    ada, ben, _ = cast
    await ada.befriend(ben)
    await found(ada, "Twins")
    await found(ada, "Twins")
    body = {"kind": "group", "title": "Not yours", "members": [ada.id]}
    await ben.post("/conversations", body)
    lines = [
        "email,name,groups",
        "cleo@example.org,Cleo,",
        "no address,Dora,",
        "CLEO@example.org,Cleo again,",
        "ed@example.org,Administrator,",
        "flo@example.org,Flo,Not yours",
        "gil@example.org,Gil,Twins",
        "hal@example.org,Hal," + "|".join(f"g{number}" for number in range(21)),
        'ian@example.org,"Ian',
    ]
    for dry_run in (True, False):
        refused = await ada.post(PATH, {"csv": "\n".join(lines), "dry_run": dry_run}, 400)
        assert list(refused["fields"]) == ["3", "4", "5", "6", "7", "8", "9"]
        assert refused["fields"]["4"] == "This address is already in an earlier line."
    assert (await ada.get("/server/invites"))["invites"] == []
    german = {"Accept-Language": "de"}
    given = {"csv": "a@example.org\na@example.org"}
    told = await ada.http.post(PATH, json=given, headers=german)
    assert told.json()["fields"] == {"2": "Diese Adresse steht schon in einer Zeile davor."}
    many = "\n".join(f"a{number}@example.org" for number in range(201))
    for csv in ("", "email,name\n", many):
        assert "csv" in (await ada.post(PATH, {"csv": csv}, 400))["fields"]


@on_one_database
async def test_the_command_line_reads_a_file_and_prints_a_link_for_each(
    cast: Cast, running: Running, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email;name\ncleo@example.org;Cleo\ndora@example.org;Dora\n", "utf-8-sig")
    text = text_of_file(str(file))

    async def run(**given: Any) -> Any:
        return [
            one async for one in answer(running.application, Call("user invite", given, "root"))
        ]

    [tried] = await run(csv=text, dry_run=True)
    assert tried.invites == []
    [made] = await run(csv=text)
    assert [one.email for one in made.invites] == ["cleo@example.org", "dora@example.org"]
    assert all(one.url for one in made.invites)
    with pytest.raises(Invalid, match="cannot add people to groups") as refused:
        await run(csv="cleo@example.org,Cleo,Bees", dry_run=True)
    assert translate_error("de", refused.value).detail.startswith("Die Kommandozeile leitet")
    for wrong in ({"csv": "x"}, {}, {"emails": ["a@example.org"], "csv": text}, {"dry_run": True}):
        with pytest.raises(Invalid):
            await run(**wrong)


class TestByMail:
    """With a mail server."""

    @pytest.fixture
    def more_settings(self, post: MailServer) -> dict[str, str]:
        return {"ECHOSPHERE_SMTP_URL": f"smtp://127.0.0.1:{post.port}"}

    @on_one_database
    async def test_the_mail_greets_by_name(self, cast: Cast, post: MailServer) -> None:
        ada, _, _ = cast
        made = await ada.post(PATH, {"csv": "cleo@example.org,Cleo\ndora@example.org"})
        assert made["mailed"] is True
        await letters(post, 2)
        by_address = dict(zip(post.recipients, map(text_of, post.letters), strict=True))
        assert "Hello Cleo, You are invited" in by_address["cleo@example.org"]
        assert "Hello" not in by_address["dora@example.org"]
