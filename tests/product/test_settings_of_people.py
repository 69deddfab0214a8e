"""User settings: validated, with defaults, and the same on all devices."""

from typing import Any

import pytest
import socketio

from echosphere.accounts import UserSettings, settings_of, settings_of_all
from echosphere.accounts.store import update_user
from tests.product.conftest import Running
from tests.product.once import on_one_database
from tests.product.people import Person

Cast = tuple[Person, Person, Person]

ACCEPTED: list[tuple[str, Any]] = [
    ("receipts", False),
    ("typing", False),
    ("presence", "invisible"),
    ("link_previews", False),
    ("enter_sends", False),
    ("language", "de"),
    ("colours", "dark"),
    ("notify", "mentions"),
    ("notify_content", False),
    ("notify_sound", False),
    ("quiet_from", 22 * 60),
    ("quiet_to", 0),
    ("time_zone", "Europe/Berlin"),
    ("digest", False),
    ("requests_from", "contacts"),
    ("directory", False),
    ("checklist", False),
]
REFUSED: list[tuple[str, Any]] = [
    ("receipts", "yes"),
    ("typing", 1),
    ("presence", "hidden"),
    ("presence", True),
    ("language", "tlh"),
    ("colours", "pink"),
    ("notify", "some"),
    ("quiet_from", -1),
    ("quiet_to", 24 * 60),
    ("quiet_to", "22:00"),
    ("time_zone", "Middle/Earth"),
    ("time_zone", "../../etc/passwd"),
    ("time_zone", "/etc/passwd"),
    ("time_zone", ""),
    ("time_zone", "Europe"),
    ("time_zone", 1),
    ("digest", 0),
    ("requests_from", "nobody"),
    ("directory", "off"),
    ("checklist", "off"),
]


@on_one_database
async def test_every_known_setting_takes_what_it_may_be(cast: Cast) -> None:
    ada, _, _ = cast
    changed = await ada.patch("/me", {"settings": dict(ACCEPTED)})
    assert changed["user"]["settings"] == dict(ACCEPTED)
    assert {name for name, _ in ACCEPTED} == set(UserSettings.__struct_fields__)


@on_one_database
async def test_a_known_setting_refuses_everything_else_and_says_which(cast: Cast) -> None:
    ada, _, _ = cast
    await ada.patch("/me", {"settings": {"notify": "mentions"}})
    for name, value in REFUSED:
        change = {"about": "I am new here", "settings": {"size": 4, name: value}}
        problem = await ada.patch("/me", change, 400)
        assert list(problem["fields"]) == [f"settings.{name}"], (name, value)
        assert name in problem["detail"]
    user = (await ada.get("/me"))["user"]
    assert (user["settings"], user["about"]) == ({"notify": "mentions"}, "")


@on_one_database
async def test_settings_of_programs_stay_free_and_null_forgets(cast: Cast) -> None:
    ada, _, _ = cast
    await ada.patch("/me", {"settings": {"my.program": "anything", "receipts": False}})
    changed = await ada.patch("/me", {"settings": {"receipts": None, "time_zone": None}})
    assert changed["user"]["settings"] == {"my.program": "anything"}


async def test_what_is_not_set_has_its_default(running: Running, cast: Cast) -> None:
    ada, ben, _ = cast
    await ben.patch("/me", {"settings": {"receipts": False, "quiet_from": 60}})
    database = running.application.database
    assert await database.read(settings_of, ada.id) == UserSettings()
    assert await database.read(settings_of, "nobody") == UserSettings()
    found = await database.read(settings_of_all, [ada.id, ben.id, "nobody"])
    assert found == {
        ada.id: UserSettings(),
        ben.id: UserSettings(receipts=False, quiet_from=60),
    }


async def test_what_was_kept_before_it_was_checked_counts_as_not_set(
    running: Running, cast: Cast
) -> None:
    ada, _, _ = cast
    kept = '{"receipts": "no", "typing": false, "notify": 3, "other": "x"}'
    database = running.application.database
    await database.write(lambda transaction: update_user(transaction, ada.id, settings=kept))
    assert await database.read(settings_of, ada.id) == UserSettings(typing=False)


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_a_change_reaches_all_own_devices_and_no_one_else(cast: Cast, transport: str) -> None:
    ada, ben, _ = cast
    await ada.befriend(ben)
    phone, laptop = await ada.connect(transports=[transport]), await ada.connect()
    other = await ben.connect()
    changed = await ada.patch("/me", {"settings": {"language": "de"}})
    for device in (phone, laptop):
        assert await device.next("me") == changed
    renamed = await ada.patch("/me", {"name": "Ada Renamed"})
    for device in (phone, laptop):
        assert await device.next("me", user=renamed["user"]) == renamed
    seen = await other.next("user")
    assert other.of("me") == []
    assert set(seen["user"]) == {"id", "kind", "name", "about", "avatar_url", "status"}
    assert len(other.of("user")) == 1


@on_one_database
async def test_calls_are_refused_in_the_language_of_the_page(server: str, cast: Cast) -> None:
    client = socketio.AsyncClient(reconnection=False)
    headers = {"Cookie": "echosphere_language=de", "Accept-Language": "en"}
    auth = {"token": cast[0].token}
    await client.connect(server, headers=headers, auth=auth, transports=["websocket"])
    read = await client.call("read", {"conversation": "nowhere", "seq": 1})
    search = await client.call("search", {"q": "from:niemand"})
    await client.disconnect()
    assert read["error"]["detail"] == "Diese Unterhaltung gibt es nicht."
    own = "Du kennst niemanden namens 'niemand'. Ändere, was nach 'from:' steht."
    assert search["error"]["detail"] == own
    assert search["error"]["fields"] == {"q": own}


@on_one_database
async def test_requests_are_refused_in_the_language_of_the_page(cast: Cast) -> None:
    http = cast[0].http
    http.headers["accept-language"] = "de"
    for asked, detail in (
        (
            http.get("/search", params={"q": "from:niemand"}),
            "Du kennst niemanden namens 'niemand'.",
        ),
        (
            http.get("/search", params={"q": "x" * 401}),
            "Das Feld 'q' darf höchstens 400 Zeichen haben.",
        ),
        (
            http.post("/conversations", json={"kind": "group", "members": []}),
            "Das Feld 'title' fehlt.",
        ),
        (
            http.patch("/me", json={"settings": {"quiet_from": 2_000}}),
            "Das Feld 'settings.quiet_from' darf höchstens 1439 sein.",
        ),
        (http.post("/contacts"), "Sende den Inhalt als JSON"),
        (http.get("/no/such/address"), "Unter dieser Adresse ist nichts."),
    ):
        refused = (await asked).json()
        assert refused["detail"].startswith(detail), refused
        assert refused["title"] in ("Ungültige Anfrage", "Nicht gefunden")
