"""Settings changed by administrators while the server runs: they take effect at once, in every process."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from echosphere.accounts import OPERATOR
from echosphere.accounts.store.tables import sessions
from echosphere.app import create_app
from echosphere.audit import verify_log
from echosphere.commands import answering
from echosphere.control import Call
from echosphere.core.clock import MINUTE
from echosphere.core.errors import Conflict
from echosphere.database import Transaction
from echosphere.messages.store import messages
from echosphere.server_settings import ChangeSetting, OneSetting, examine_stored
from echosphere.server_settings.store import save_setting, stored_values
from echosphere.settings import SettingsError, changeable_settings
from tests.product.conftest import Running, settings_for
from tests.product.once import on_one_database
from tests.product.people import (
    PASSWORD,
    TIMEOUT,
    Person,
    client_of,
)

ALL = "/administration/settings"
MIB = 1024 * 1024
Cast = tuple[Person, Person, Person]


@pytest.fixture
def more_settings() -> dict[str, str]:
    return {"ECHOSPHERE_REGISTRATION": "", "ECHOSPHERE_CONTACT_URL": "https://example.org/contact"}


async def change(person: Person, name: str, value: str) -> dict[str, Any]:
    """Change a setting; return it as it is answered."""
    answer = await person.put(f"{ALL}/{name}", {"value": value}, 200)
    shown: dict[str, Any] = answer["setting"]
    return shown


async def by_name(person: Person) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in (await person.get(ALL))["settings"]}


def forget_proofs(transaction: Transaction) -> None:
    """Let it be long ago that anyone proved who they are."""
    transaction.execute(update(sessions).values(proved_at=0))


def make_old(transaction: Transaction) -> None:
    """Let everything have been said two minutes ago."""
    ago = messages.c.created_at - 2 * MINUTE
    transaction.execute(update(messages).values(created_at=ago))


async def test_settings_are_listed_changed_and_let_go_again(cast: Cast, running: Running) -> None:
    ada, _, _ = cast
    listed = await by_name(ada)
    assert list(listed) == list(changeable_settings())
    assert listed["max_attachment_mib"] == {
        "name": "max_attachment_mib",
        "variable": "ECHOSPHERE_MAX_ATTACHMENT_MIB",
        "kind": "number",
        "value": "25",
        "default": "25",
        "fixed": False,
        "changed_at": None,
        "choices": [],
        "least": 1,
        "most": 1024,
    }
    assert {"open", "closed"} < set(listed["registration"]["choices"])
    changed = await change(ada, "max_attachment_mib", " 30 ")
    assert (changed["value"], changed["default"]) == ("30", "25")
    assert changed["changed_at"] is not None
    assert running.application.live_settings.current.max_attachment == 30 * MIB
    assert (await change(ada, "link_previews", "FALSE"))["value"] == "off"
    assert (await by_name(ada))["link_previews"]["value"] == "off"
    reset = (await ada.delete(f"{ALL}/max_attachment_mib", 200))["setting"]
    assert (reset["value"], reset["changed_at"]) == ("25", None)
    assert running.application.live_settings.current.max_attachment == 25 * MIB
    await ada.delete(f"{ALL}/max_attachment_mib", 200)  # there is nothing to let go of any more


async def test_what_the_environment_sets_is_fixed(cast: Cast, running: Running) -> None:
    ada, _, _ = cast
    shown = (await by_name(ada))["contact_url"]
    assert (shown["fixed"], shown["value"]) == (True, "https://example.org/contact")
    for answer in (
        await ada.http.put(f"{ALL}/contact_url", json={"value": "https://example.net"}),
        await ada.http.delete(f"{ALL}/contact_url"),
    ):
        assert answer.status_code == 409
        assert answer.json()["detail"].startswith("This is set in the server's environment.")
    # It wins over what was stored before it was set there, too.
    stored = "https://example.net"
    await running.application.database.write(save_setting, "contact_url", stored)
    await running.application.settings_watch.refresh()
    assert running.application.live_settings.current.contact_url == "https://example.org/contact"
    assert (await by_name(ada))["contact_url"]["value"] == "https://example.org/contact"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("max_attachment_mib", "0", "Enter a whole number from 1 to 1024."),
        ("max_attachment_mib", "many", "Enter a whole number from 1 to 1024."),
        ("registration", "sometimes", "Choose one of the available values."),
        ("directory", "perhaps", "Choose one of the available values."),
        ("imprint_url", "javascript:alert(1)", "Enter an address that starts with https:// or"),
        ("security_contact", "me", "Enter an address that starts with https:// or mailto:."),
        ("registration_domains", "nowhere", "List domains, such as example.org, separated by"),
        ("registration", "domain", "First list the domains whose addresses can register."),
        ("confirm_email", "on", "First set a mail server in ECHOSPHERE_SMTP_URL. Without one"),
        ("local_passwords", "off", "First set a sign-in service in ECHOSPHERE_OPENID_PROVIDERS."),
    ],
)
@on_one_database
async def test_what_makes_no_sense_is_refused_beside_its_field(
    cast: Cast, running: Running, name: str, value: str, said: str
) -> None:
    ada, _, _ = cast
    refused = await ada.put(f"{ALL}/{name}", {"value": value}, 400)
    assert refused["fields"]["value"].startswith(said)
    german = await ada.http.put(
        f"{ALL}/{name}", json={"value": value}, headers={"Accept-Language": "de"}
    )
    assert german.json()["fields"]["value"] != refused["fields"]["value"]
    assert await running.application.database.read(stored_values) == {}


@on_one_database
async def test_only_what_can_change_while_the_server_runs_is_there(cast: Cast) -> None:
    ada, _, _ = cast
    for name in ("database_url", "secret_key", "rate_limits", "nothing"):
        await ada.put(f"{ALL}/{name}", {"value": "on"}, 404)
        await ada.delete(f"{ALL}/{name}", 404)
    assert "SECRET" not in json.dumps(await ada.get(ALL))


async def test_what_another_setting_needs_cannot_be_let_go(cast: Cast) -> None:
    ada, _, _ = cast
    await change(ada, "registration_domains", "Example.org, @Straße.example")
    assert (await by_name(ada))["registration_domains"]["value"] == "example.org, straße.example"
    await change(ada, "registration", "domain")
    for answer in (
        await ada.http.delete(f"{ALL}/registration_domains"),
        await ada.http.put(f"{ALL}/registration_domains", json={"value": ""}),
    ):
        assert answer.status_code == 400
        assert answer.json()["detail"].startswith("First list the domains")
    await ada.delete(f"{ALL}/registration", 200)
    await ada.delete(f"{ALL}/registration_domains", 200)


async def test_a_change_needs_a_fresh_proof_and_is_in_the_log(cast: Cast, running: Running) -> None:
    ada, _, _ = cast
    database = running.application.database
    await database.write(forget_proofs)
    for answer in (
        await ada.http.put(f"{ALL}/edit_minutes", json={"value": "5"}),
        await ada.http.delete(f"{ALL}/edit_minutes"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "proof_needed")
    assert (await by_name(ada))["edit_minutes"]["value"] == "0"
    await ada.put("/sessions/current/proof", {"password": PASSWORD})
    await change(ada, "edit_minutes", "5")
    await change(ada, "edit_minutes", "5")  # that is no change
    await ada.delete(f"{ALL}/edit_minutes", 200)
    entries = (await ada.get("/administration/audit"))["entries"]
    told = [(one["action"], one["details"]) for one in entries if "setting" in one["action"]]
    name = {"setting": "edit_minutes"}
    assert told == [("setting.reset", name), ("setting.changed", name)]
    assert {one["actor"]["id"] for one in entries} == {ada.id}
    await verify_log(database)


async def test_registration_changes_with_the_next_request(cast: Cast, server: str) -> None:
    ada, _, _ = cast
    stranger = {"name": "Eve", "password": PASSWORD}
    async with client_of(server) as http, httpx.AsyncClient(base_url=server) as browser:
        await change(ada, "registration", "closed")
        body = {**stranger, "email": "eve@example.org"}
        assert (await http.post("/accounts", json=body)).status_code == 403
        await change(ada, "registration_domains", "example.net")
        await change(ada, "registration", "domain")
        assert (await http.post("/accounts", json=body)).status_code == 403
        other = {**stranger, "email": "eve@example.net"}
        assert (await http.post("/accounts", json=other)).status_code == 201
        assert "/imprint" not in (await browser.get("/login")).text
        await change(ada, "imprint_url", "https://example.org/imprint")
        assert "https://example.org/imprint" in (await browser.get("/login")).text
        assert (await browser.get("/.well-known/security.txt")).status_code == 404
        await change(ada, "security_contact", "mailto:security@example.org")
        assert "security@example.org" in (await browser.get("/.well-known/security.txt")).text


async def test_who_may_invite_changes_with_the_next_request(cast: Cast) -> None:
    ada, ben, _ = cast
    await ben.get("/server/invites", 404)
    await change(ada, "server_invites", "everybody")
    await ben.get("/server/invites")
    await ada.delete(f"{ALL}/server_invites", 200)
    await ben.get("/server/invites", 404)


async def test_limits_change_with_the_next_request_and_are_told_everyone(cast: Cast) -> None:
    ada, ben, _ = cast
    administrator, member = await ada.connect(), await ben.connect()
    await change(ada, "max_attachment_mib", "1")
    told = await member.next("limits")
    assert (told["largest_file"], told["directory"]) == (MIB, False)
    assert await administrator.next("administration", topic="settings") == {
        "topic": "settings",
        "arrived": False,
        "user": None,
    }
    large = {"file": ("a.bin", bytes(2 * MIB))}
    assert (await ben.http.post("/attachments", files=large)).status_code == 413
    await change(ada, "max_attachment_mib", "3")
    assert (await ben.http.post("/attachments", files=large)).status_code == 201
    await change(ada, "storage_per_person_mib", "2")
    refused = await ben.http.post("/attachments", files=large)
    assert (refused.status_code, refused.json()["code"]) == (507, "quota")
    assert (await ben.get("/me/storage"))["storage"]["quota"] == 2 * MIB
    # What only administrators see is told them alone.
    await change(ada, "digest_hours", "24")
    async with asyncio.timeout(TIMEOUT):
        while len(administrator.of("administration")) < 4:
            await asyncio.sleep(0.01)
    assert member.of("administration") == []
    assert len(member.of("limits")) == 2


async def test_for_how_long_messages_can_be_edited_changes(cast: Cast, running: Running) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    seq = (await ben.say(conversation, "Helo"))["seq"]
    path = f"/conversations/{conversation}/messages/{seq}"
    await ben.patch(path, {"body": "Hello"})
    await change(ada, "edit_minutes", "1")
    await running.application.database.write(make_old)
    assert (await ben.http.patch(path, json={"body": "Hello!"})).status_code == 403
    await change(ada, "edit_minutes", "0")
    await ben.patch(path, {"body": "Hello!"})


async def test_the_directory_is_turned_on_and_off(cast: Cast, running: Running) -> None:
    ada, ben, _ = cast
    await ben.get("/directory", 404)
    await change(ada, "directory", "on")

    async def names() -> set[str]:  # another process turns it on a moment later
        answer = await ben.http.get("/directory")
        return {one["name"] for one in answer.json().get("people", ())}

    async with asyncio.timeout(TIMEOUT):
        while await names() != {"Ada Example", "Oscar Outsider"}:
            await asyncio.sleep(0.05)
    await ada.patch("/me", {"name": "Ada Byron"})
    assert "Ada Byron" in await names()
    await ada.delete(f"{ALL}/directory", 200)
    async with asyncio.timeout(TIMEOUT):
        while await names():
            await asyncio.sleep(0.05)
    await ben.get("/directory", 404)
    # A name that changes while it is off is the new one when it is on again.
    await ada.patch("/me", {"name": "Ada Lovelace"})
    await change(ada, "directory", "on")
    async with asyncio.timeout(TIMEOUT):
        while "Ada Lovelace" not in await names():
            await asyncio.sleep(0.05)
    assert "Ada Byron" not in await names()


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_who_must_have_a_second_factor_from_now_on_is_led_to_it_at_once(
    cast: Cast, transport: str
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    socket = await ben.connect(transports=[transport])
    await change(ada, "require_second_factor", "everybody")
    async with asyncio.timeout(TIMEOUT):
        while socket.client.connected:
            await asyncio.sleep(0.01)
    for path in ("/me", f"/conversations/{conversation}"):
        refused = await ben.http.get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "factor_needed")
    with pytest.raises(Exception, match="failed to connect"):
        await ben.connect(transports=[transport])


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
async def test_another_process_uses_a_change_within_seconds(
    cast: Cast, database_url: str, tmp_path: Path
) -> None:
    ada, _, _ = cast
    other = create_app(settings_for(tmp_path / "data", database_url))
    other.database.share()
    await other.database.start()
    await other.settings_watch.start()
    heard: list[frozenset[str]] = []
    other.live_settings.on_change(heard.append)
    try:
        await change(ada, "max_attachment_mib", "2")
        async with asyncio.timeout(TIMEOUT):
            while not heard:
                await asyncio.sleep(0.05)
        assert heard == [frozenset({"max_attachment"})]
        assert other.live_settings.current.max_attachment == 2 * MIB
    finally:
        await other.settings_watch.stop()
        await other.database.stop()
        await other.password_hasher.stop()


async def test_what_another_version_stored_is_shown_and_let_go(
    cast: Cast, running: Running
) -> None:
    ada, ben, _ = cast
    database = running.application.database
    await database.write(save_setting, "colour_of_the_door", "green")
    assert (await ada.get(ALL))["unknown"] == ["colour_of_the_door"]
    start = running.application.settings
    [said] = (await database.read(examine_stored, start)).unused
    assert "`echosphere setting unset colour_of_the_door` removes it." in said
    await ben.delete(f"{ALL}/colour_of_the_door", 404)
    await ada.delete(f"{ALL}/colour_of_the_wall", 404)
    assert await ada.delete(f"{ALL}/colour_of_the_door", 200) == {"setting": None}
    assert (await ada.get(ALL))["unknown"] == []
    [entry, *_] = (await ada.get("/administration/audit"))["entries"]
    assert (entry["action"], entry["details"]) == (
        "setting.reset",
        {"setting": "colour_of_the_door"},
    )
    await database.write(save_setting, "colour_of_the_door", "red")
    asked = Call("setting unset", {"setting": "colour_of_the_door"}, "root")
    [told] = [part async for part in answering.answer(running.application, asked)]
    assert told == OneSetting(None)
    assert await database.read(stored_values) == {}


@on_one_database
async def test_a_stored_value_that_makes_no_sense_any_more_keeps_the_server_from_starting(
    running: Running, server: str, tmp_path: Path, database_url: str
) -> None:
    application = running.application
    await application.database.write(save_setting, "max_attachment_mib", "many")
    with pytest.raises(SettingsError, match=r"max_attachment_mib must be a whole number"):
        await application.settings_watch.start()
    # Commands still run: this is the way out.
    await application.settings_watch.refresh_leniently()
    assert application.live_settings.current.max_attachment == 25 * MIB
    assert server
    with pytest.raises(Conflict):
        await application.database.write(
            ChangeSetting(OPERATOR, "contact_url", "https://example.net")
        )
