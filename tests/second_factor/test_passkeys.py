"""Passkeys: registered, signed in with, asked for after the password and as a proof; and refused."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from echosphere.accounts import SecurityEvent, suspend
from echosphere.core.clock import MINUTE
from echosphere.database import Database, Snapshot
from echosphere.second_factor import lost_passkeys, reset_second_factor
from echosphere.second_factor.other_hosts import PasskeyHosts
from echosphere.second_factor.relying_party import RelyingParty
from tests.conftest import SetClock
from tests.doors import PASSWORD, Answer, Browser, House, open_house, settings_in
from tests.second_factor.authenticator import ORIGIN, Authenticator, encode
from tests.second_factor.factors import pending, set_up, sign_in

NAMED = {"BASE_URL": ORIGIN}


@pytest.fixture
async def named(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    """A server that is reached as `localhost`, where browsers make passkeys."""
    async with open_house(database, settings_in(tmp_path, **NAMED)) as house:
        yield house


async def add(person: Browser, key: Authenticator | None = None) -> Authenticator:
    """Register a passkey; return what holds it."""
    key = key or Authenticator()
    status, options = await person.get("/me/passkey-options")
    assert status == 200, options
    status, answer = await person.post("/me/passkeys", key.make(options))
    assert status == 201, answer
    return key


async def enter(browser: Browser, key: Authenticator, *, bearer: bool = False) -> Answer:
    """Sign in by a passkey alone."""
    status, options = await browser.get("/sessions/passkey")
    assert status == 200, options
    return await browser.post(
        "/sessions/passkey", {"assertion": key.sign(options), "bearer": bearer}
    )


async def listed(person: Browser) -> list[dict[str, Any]]:
    return list((await person.get("/me/second-factor"))[1]["passkeys"])


def kinds(house: House) -> list[str]:
    return [event.kind for event in house.events if isinstance(event, SecurityEvent)]


async def test_a_passkey_is_added_and_signs_in_without_a_password(named: House) -> None:
    ana = await named.person("Ana")
    key = await add(ana)
    assert kinds(named)[-1] == "passkey_added"
    phone = named.browser()
    status, answer = await enter(phone, key)
    assert (status, answer["user"]["id"]) == (201, ana.id)
    assert (await phone.get("/me"))[0] == 200
    [one] = await listed(phone)
    assert (one["name"], one["works"], one["host"]) == ("My key", True, "localhost")
    assert one["used_at"] is not None


async def test_a_program_gets_its_token(named: House) -> None:
    key = await add(await named.person("Ana"))
    program = named.browser()
    _, answer = await enter(program, key, bearer=True)
    assert program.token is None
    program.headers = {"authorization": f"Bearer {answer['token']}"}
    assert (await program.get("/me"))[0] == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://localhost:5001"},
        {"origin": "https://localhost:5000"},
        {"rp_id": "evil.example"},
        {"verified": False},
        {"cross_origin": True},
        {"credential": b"another one, which nobody has"},
        {"key": Authenticator().key},
        {"user_handle": "c29tZWJvZHkgZWxzZQ"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
async def test_what_is_wrong_with_a_passkey_is_all_answered_alike(
    named: House, wrong: dict[str, Any]
) -> None:
    key = await add(await named.person("Ana"))
    status, refusal = await enter(named.browser(), key.but(**wrong))
    assert (status, refusal["code"]) == (401, "unauthorized")
    assert refusal["detail"].startswith("This passkey was not accepted, or it took too long.")
    assert (await enter(named.browser(), key))[0] == 201


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://evil.example"},
        {"rp_id": "evil.example"},
        {"cross_origin": True},
        {"attestation": "tpm"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
async def test_a_passkey_for_another_page_is_not_taken(named: House, wrong: dict[str, Any]) -> None:
    ana = await named.person("Ana")
    options = (await ana.get("/me/passkey-options"))[1]
    assert (await ana.post("/me/passkeys", Authenticator(**wrong).make(options)))[0] == 400
    assert await listed(ana) == []


async def test_a_challenge_is_for_one_browser_one_purpose_once_and_soon(
    named: House, clock: SetClock
) -> None:
    ana = await named.person("Ana")
    key = await add(ana)
    phone, other = named.browser(), named.browser()
    options = (await phone.get("/sessions/passkey"))[1]
    signed = {"assertion": key.sign(options)}
    await other.get("/sessions/passkey")
    assert (await other.post("/sessions/passkey", signed))[0] == 401
    assert (await named.browser().post("/sessions/passkey", signed))[0] == 401
    assert (await ana.put("/sessions/current/proof", signed))[0] == 400
    assert (await phone.post("/sessions/passkey", signed))[0] == 201
    assert (await phone.post("/sessions/passkey", signed))[0] == 401
    late = (await phone.get("/sessions/passkey"))[1]
    clock.advance(10 * MINUTE)
    assert (await phone.post("/sessions/passkey", {"assertion": key.sign(late)}))[0] == 401
    forged = late | {"challenge": "A" * 96}
    assert (await phone.post("/sessions/passkey", {"assertion": key.sign(forged)}))[0] == 401


async def test_of_fifty_answers_to_one_challenge_one_counts(named: House) -> None:
    key = await add(await named.person("Ana"))
    phone = named.browser()
    signed = {"assertion": key.sign((await phone.get("/sessions/passkey"))[1])}
    answers = await asyncio.gather(*(phone.post("/sessions/passkey", signed) for _ in range(50)))
    assert sorted(status for status, _ in answers) == [201] + [401] * 49


async def test_a_counter_that_goes_back_is_refused_and_told(named: House) -> None:
    ana = await named.person("Ana")
    key = await add(ana, Authenticator(counter=7))
    assert (await enter(named.browser(), key.but(counter=8)))[0] == 201
    named.events.clear()
    for counter in (8, 3, 0):
        assert (await enter(named.browser(), key.but(counter=counter)))[0] == 401
    assert kinds(named) == ["passkey_copied"] * 3
    assert (await enter(named.browser(), key.but(counter=9)))[0] == 201


async def test_after_the_password_a_passkey_is_the_second_factor(named: House) -> None:
    ana, ben = await named.person("Ana"), await named.person("Ben")
    key, foreign = await add(ana, Authenticator(verified=False)), await add(ben)
    phone = named.browser()
    token = await pending(phone, ana.email)
    options = (await phone.post("/sessions/second-factor/passkey", {"pending": token}))[1]
    assert [one["id"] for one in options["passkeys"]] == [encode(key.credential)]
    for wrong in (foreign, key.but(origin="http://evil.example")):
        body = {"pending": token, "assertion": wrong.sign(options)}
        assert (await phone.post("/sessions/second-factor", body))[0] == 400
    body = {"pending": token, "assertion": key.sign(options)}
    answers = await asyncio.gather(
        *(phone.post("/sessions/second-factor", body) for _ in range(50))
    )
    assert sorted(status for status, _ in answers)[:2] == [201, 400]
    unknown = {"pending": "A" * 43}
    assert (await phone.post("/sessions/second-factor/passkey", unknown))[0] == 401
    nothing = {"pending": await pending(phone, ana.email)}
    assert (await phone.post("/sessions/second-factor", nothing))[0] == 400


async def test_a_passkey_is_a_fresh_proof(named: House, clock: SetClock) -> None:
    ana, ben = await named.person("Ana"), await named.person("Ben")
    key, foreign = await add(ana), await add(ben)
    clock.advance(10 * MINUTE)
    assert (await ana.get("/me/passkey-options"))[1]["code"] == "proof_needed"
    options = (await ana.get("/sessions/current/proof"))[1]
    assert len(options["passkeys"]) == 1
    for wrong in (foreign, key.but(verified=False)):
        assert (await ana.put("/sessions/current/proof", {"assertion": wrong.sign(options)}))[
            0
        ] == 400
    signed = {"assertion": key.sign(options)}
    assert (await ana.put("/sessions/current/proof", signed))[0] == 204
    assert (await ana.put("/sessions/current/proof", signed))[0] == 400
    assert (await ana.get("/me/passkey-options"))[0] == 200


async def test_a_passkey_is_renamed_and_removed_by_its_owner_alone(
    named: House, clock: SetClock
) -> None:
    ana, ben = await named.person("Ana"), await named.person("Ben")
    key = await add(ana)
    path = f"/me/passkeys/{(await listed(ana))[0]['id']}"
    assert (await ben.patch(path, {"name": "Mine"}))[0] == 404
    assert (await ben.delete(path))[0] == 404
    assert (await ana.patch(path, {"name": "\u200b "}))[0] == 400
    assert (await ana.patch(path, {"name": " Blue\u202e key "}))[0] == 204
    assert (await listed(ana))[0]["name"] == "Blue key"
    clock.advance(10 * MINUTE)
    assert (await ana.delete(path))[1]["code"] == "proof_needed"
    assert (await ana.put("/sessions/current/proof", {"password": PASSWORD}))[0] == 204
    assert (await ana.delete(path))[0] == 204
    assert kinds(named)[-1] == "passkey_removed"
    assert (await enter(named.browser(), key))[0] == 401
    assert (await ana.get("/me/second-factor"))[1]["recovery_codes"] == 0
    assert (await named.browser().sign_in(ana.email))[0] == 201


async def test_a_passkey_of_someone_else_cannot_be_registered_again(named: House) -> None:
    ana, ben = await named.person("Ana"), await named.person("Ben")
    key = await add(ana)
    options = (await ben.get("/me/passkey-options"))[1]
    assert (await ben.post("/me/passkeys", key.but().make(options)))[0] == 409
    assert (await enter(named.browser(), key))[1]["user"]["id"] == ana.id
    known = (await ana.get("/me/passkey-options"))[1]["known"]
    assert len(known) == 1


async def test_adding_one_signs_other_devices_out_and_is_audited(
    named: House, clock: SetClock
) -> None:
    ana = await named.person("Ana")
    phone = named.browser()
    await phone.sign_in(ana.email)
    await add(ana)
    assert (await phone.get("/me"))[0] == 401
    assert (await ana.get("/me"))[0] == 200
    assert await named.database.read(actions) == ["user.passkey_added"]


def actions(snapshot: Snapshot) -> list[str]:
    found = snapshot.execute(text("SELECT action FROM audit_log WHERE action LIKE '%passkey%'"))
    return [row[0] for row in found]


async def test_who_is_kept_out_does_not_enter_by_a_passkey(named: House) -> None:
    await named.person("Olaf")
    ana = await named.person("Ana")
    key = await add(ana)
    await named.database.write(suspend, ana.id, 2**52, "spam")
    status, refusal = await enter(named.browser(), key)
    assert (status, refusal["code"], "spam" in refusal["detail"]) == (403, "forbidden", True)


async def test_a_closed_account_takes_its_passkeys_with_it(named: House) -> None:
    await named.person("Olaf")
    ana = await named.person("Ana")
    key = await add(ana)
    assert (await ana.delete("/me", {"password": PASSWORD}))[0] == 204
    assert (await enter(named.browser(), key))[0] == 401


async def test_the_last_factor_of_who_must_have_one_stays(
    database: Database, tmp_path: Path, clock: SetClock
) -> None:
    async with open_house(database, settings_in(tmp_path, **NAMED)) as house:
        ana = await house.person("Ana")
        key = await add(ana)
    own = settings_in(tmp_path, **NAMED, REQUIRE_SECOND_FACTOR="everybody")
    async with open_house(database, own) as house:
        phone = house.browser()
        assert (await enter(phone, key))[0] == 201
        path = f"/me/passkeys/{(await listed(phone))[0]['id']}"
        assert (await phone.delete(path))[0] == 409
        await set_up(phone, clock)
        assert (await phone.delete(path))[0] == 204
        assert (await phone.delete("/me/second-factor/app"))[0] == 409


@pytest.mark.parametrize(
    ("base_url", "origin", "missing"),
    [
        ("http://localhost:5000", "http://localhost:5000", None),
        ("http://LocalHost:80", "http://localhost", None),
        ("https://chat.example.org:443", "https://chat.example.org", None),
        ("https://chat.example.org:8443", "https://chat.example.org:8443", None),
        ("http://chat.example.org", "http://chat.example.org", "plain_http"),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000", "address"),
        ("https://[2001:DB8::1]", "https://[2001:db8::1]", "address"),
    ],
)
def test_the_base_url_says_for_whom_passkeys_are(
    base_url: str, origin: str, missing: str | None
) -> None:
    party = RelyingParty.of(base_url)
    assert (party.origin, party.missing) == (origin, missing)


async def test_a_server_without_a_name_says_why_there_are_none(house: House) -> None:
    ana = await house.person("Ana")
    state = (await ana.get("/me/second-factor"))[1]
    assert (state["passkeys"], state["no_passkeys"]) == ([], "address")
    for path in ("/sessions/passkey", "/me/passkey-options", "/sessions/current/proof"):
        status, refusal = await ana.get(path)
        assert (status, "reached by an IP address" in refusal["detail"]) == (409, True)
    signed = Authenticator().sign({"challenge": "A" * 96, "rp_id": "127.0.0.1"})
    assert (await ana.post("/sessions/passkey", {"assertion": signed}))[0] == 409


async def test_passkeys_of_another_host_are_shown_and_do_not_work(
    database: Database, tmp_path: Path, clock: SetClock
) -> None:
    async with open_house(database, settings_in(tmp_path, **NAMED)) as house:
        ana = await house.person("Ana")
        key = await add(ana)
        app, _ = await set_up(ana, clock)
        assert await database.read(lost_passkeys, ORIGIN) is None
    moved = "http://chat.localhost:5000"
    async with open_house(
        database, settings_in(tmp_path, BASE_URL=moved, INSECURE_HTTP="on")
    ) as house:
        assert (await enter(house.browser(), key.but(origin=moved, rp_id="localhost")))[0] == 401
        assert (await enter(house.browser(), key.but(origin=moved)))[0] == 401
        phone = await sign_in(house, "ana@example.org", app.next_code())
        [one] = await listed(phone)
        assert (one["works"], one["host"]) == (False, "localhost")
        assert (await phone.get("/sessions/current/proof"))[1]["passkeys"] == []
    warning = await database.read(lost_passkeys, moved)
    assert warning is not None
    assert "a host other than chat.localhost and do not work: 1;" in warning


async def test_wrong_signatures_are_counted_like_wrong_codes(
    database: Database, tmp_path: Path
) -> None:
    async with open_house(database, settings_in(tmp_path, **NAMED, RATE_LIMITS="on")) as house:
        ana = await house.person("Ana")
        key = await add(ana)
        wrong = key.but(key=Authenticator().key)
        answers = [await enter(house.browser(address="203.0.113.9"), wrong) for _ in range(6)]
        assert [status for status, _ in answers] == [401] * 5 + [429]
        assert (await enter(house.browser(address="203.0.113.9"), key))[0] == 429
        # On a device where she signed in before, Ana has a count of her own.
        assert (await enter(ana, key))[0] == 201


async def test_the_operator_removes_lost_passkeys(named: House) -> None:
    ana = await named.person("Ana")
    key = await add(ana)
    await named.database.write(reset_second_factor, ana.email)
    assert (await enter(named.browser(), key))[0] == 401
    assert (await ana.get("/me"))[0] == 401
    assert (await ana.sign_in(ana.email))[0] == 201
    assert await listed(ana) == []


async def test_the_start_warns_of_passkeys_for_another_host(
    named: House, caplog: pytest.LogCaptureFixture
) -> None:
    await add(await named.person("Ana"))
    await PasskeyHosts(named.database, ORIGIN).start()
    assert "do not work" not in caplog.text
    await PasskeyHosts(named.database, "https://chat.example.org").start()
    assert "a host other than chat.example.org and do not work: 1" in caplog.text
