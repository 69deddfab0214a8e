"""No setting change locks out the person who makes it, or an owner of the server."""

from pathlib import Path

import pytest

from echosphere.accounts import OPERATOR, confirm_email
from echosphere.accounts.store import update_user
from echosphere.core.errors import Conflict
from echosphere.database import Transaction
from echosphere.openid_connect.claims import Identity
from echosphere.openid_connect.store import insert_identity
from echosphere.server_settings import ChangeSetting
from echosphere.settings import Setting, changeable_settings
from tests.owners import add_owner
from tests.product.conftest import Running
from tests.product.people import PASSWORD, Person, client_of
from tests.product.test_server_settings import ALL, Cast

ISSUER = "https://accounts.club.example"
SHUTS_OUT = [("confirm_email", "on"), ("local_passwords", "off")]
SAID = "First, you and every owner "
LISTS = {"registration_domains": "club.example"}


@pytest.fixture
def more_settings(tmp_path: Path) -> dict[str, str]:
    file = tmp_path / "openid.toml"
    file.write_text(f'[club]\nlabel = "Club"\nissuer = "{ISSUER}"\nclient_id = "chat"\n')
    return {
        "ECHOSPHERE_OPENID_PROVIDERS": str(file),
        "ECHOSPHERE_SMTP_URL": "smtp://127.0.0.1:9",
        "ECHOSPHERE_REGISTRATION": "",
    }


def values_of(name: str, setting: Setting) -> list[str]:
    """Return values at the ends of what a setting can be."""
    if setting.kind == "switch":
        return ["on", "off"]
    if setting.kind == "number":
        return [str(setting.least), str(setting.most)]
    if setting.kind == "list":
        return [LISTS.get(name, "images")]
    return list(setting.choices) or ["https://club.example/"]


async def enter(server: str, person: Person) -> str:
    """Sign in with a password; return what is still asked before anything else."""
    async with client_of(server) as http:
        given = {"email": person.email, "password": PASSWORD, "bearer": True}
        made = await http.post("/sessions", json=given)
        assert made.status_code == 201, made.text
        http.headers["authorization"] = f"Bearer {made.json()['token']}"
        asked = str((await http.get("/me")).json().get("code", ""))
        await http.delete("/sessions/current")
        return asked


async def set_to(person: Person, name: str, value: str) -> tuple[int, str]:
    answer = await person.http.put(f"{ALL}/{name}", json={"value": value})
    return answer.status_code, answer.json().get("detail", "")


async def test_after_any_change_the_owner_who_made_it_gets_in_again(
    cast: Cast, running: Running, server: str
) -> None:
    ada, _, _ = cast
    await running.application.database.write(forget_confirmation, ada.id)
    refused, steps = [], set()
    for name, (_, setting) in changeable_settings().items():
        for value in values_of(name, setting):
            status, _ = await set_to(ada, name, value)
            assert status in (200, 400, 409)
            if status == 409:
                refused.append((name, value))
            elif status == 200 and (step := await enter(server, ada)):
                steps.add((name, value, step))
            # As the operator, because whoever lacks a factor must set one up before they go on.
            await running.application.database.write(ChangeSetting(OPERATOR, name, ""))
            await running.application.settings_watch.refresh()
    assert sorted(refused) == SHUTS_OUT
    # Whoever signed in sets a second factor up: that shuts no one out.
    asked = ("administrators", "everybody")
    assert steps == {("require_second_factor", one, "factor_needed") for one in asked}


def forget_confirmation(transaction: Transaction, user: str) -> None:
    """Let an address be unconfirmed, as that of a member who was made an owner."""
    update_user(transaction, user, email_confirmed_at=None)


def link(transaction: Transaction, user: str, issuer: str) -> None:
    """Let a user sign in at a sign-in service."""
    identity = Identity("club", issuer, user, None, None, verified=False, name="")
    insert_identity(transaction, identity, user)


@pytest.mark.parametrize(("name", "value"), SHUTS_OUT)
async def test_it_is_changed_once_no_owner_would_be_shut_out(
    cast: Cast, running: Running, name: str, value: str
) -> None:
    database, (ada, _, _) = running.application.database, cast
    await database.write(forget_confirmation, ada.id)
    for owner in (ada.id, await add_owner(database)):
        # A service that is not among those of the server any more lets no one in.
        await database.write(link, owner, "https://gone.example")
        status, said = await set_to(ada, name, value)
        assert (status, said.startswith(SAID)) == (409, True)
        with pytest.raises(Conflict):
            await database.write(ChangeSetting(OPERATOR, name, value))
        if name == "local_passwords":
            await database.write(link, owner, ISSUER)
        else:
            await database.write(confirm_email, owner)
    assert (await set_to(ada, name, value))[0] == 200
