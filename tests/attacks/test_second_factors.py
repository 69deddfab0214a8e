"""Attacks on the second factor: codes, the intermediate step, remembered devices, and passkeys."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pyotp
import pytest

from tests.attacks.conftest import code_of
from tests.attacks.servers import Servers, Target
from tests.attacks.test_ways_in import newcomer
from tests.product.people import PASSWORD, Person
from tests.realtime.clients import greeted
from tests.second_factor.authenticator import Authenticator

NEW = "a quite different passphrase"


def code_at(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).generate_otp(int(time.time()) // 30 + steps)


class Guarded:
    """Someone with an app: the secret, and the recovery codes."""

    def __init__(self, person: Person, secret: str, codes: list[str]) -> None:
        self.person = person
        self.secret = secret
        self.codes = codes

    async def pending(self, target: Target) -> str:
        """Sign in up to the code."""
        proof = {"email": self.person.email, "password": PASSWORD, "bearer": True}
        async with target.browser() as http:
            answer = await http.post("/api/v1/sessions", json=proof)
        assert answer.status_code == 202
        assert not answer.cookies.get("echosphere_session")
        return str(answer.json()["pending"])


async def guard(person: Person) -> Guarded:
    """Set up an app; the code of the step before is used, so that those of now are left."""
    secret = (await person.post("/me/second-factor/app", {}, 200))["secret"]
    answer = await person.put("/me/second-factor/app", {"code": code_at(secret, -1)}, 200)
    return Guarded(person, secret, answer["codes"])


@pytest.fixture
async def guarded(target: Target) -> AsyncIterator[Guarded]:
    """Someone with a second factor."""
    person = await newcomer(target)
    yield await guard(person)
    await person.close()


async def finish(target: Target, pending: str, code: Any, **more: Any) -> httpx.Response:
    async with target.browser() as http:
        body = {"pending": pending, "code": code} | more
        return await http.post("/api/v1/sessions/second-factor", json=body)


async def test_what_comes_after_the_password_is_no_session(
    target: Target, guarded: Guarded
) -> None:
    pending = await guarded.pending(target)
    headers = ({"Authorization": f"Bearer {pending}"}, {"Cookie": f"echosphere_session={pending}"})
    for header in headers:
        async with target.browser(**header) as http:
            assert (await http.get("/api/v1/me")).status_code == 401
    client = await greeted(f"{target.base}/socket.io/")
    client.send("40" + json.dumps({"token": pending}))
    assert await client.expect() == '44{"message":"unauthorized"}'
    client.transport.underlying_transport.abort()
    await asyncio.sleep(0.01)


CODES: list[Any] = [
    "000000", "", "12345", "1234567", None, "\u0661\u0662\u0663\u0664\u0665\u0666", "' OR 1=1", " " * 6,
    "null", "-12345", "1e5", "%00",
]  # fmt: skip


@pytest.mark.parametrize("code", CODES, ids=repr)
async def test_a_wrong_code_lets_no_one_in(target: Target, guarded: Guarded, code: Any) -> None:
    answer = await finish(target, await guarded.pending(target), code)
    assert answer.status_code in (400, 401)
    assert "token" not in answer.json()


async def test_a_code_of_long_ago_or_to_come_lets_no_one_in(
    target: Target, guarded: Guarded
) -> None:
    for steps in (-10, -3, 3, 10):
        code = code_at(guarded.secret, steps)
        assert (await finish(target, await guarded.pending(target), code)).status_code == 400


async def test_a_code_that_is_used_fifty_times_at_once_counts_once(
    target: Target, guarded: Guarded
) -> None:
    tokens = [await guarded.pending(target) for _ in range(50)]
    code = code_at(guarded.secret)
    answers = await asyncio.gather(*(finish(target, token, code) for token in tokens))
    assert sorted(one.status_code for one in answers) == [201, *[400] * 49]
    again = await finish(target, await guarded.pending(target), code)
    assert again.status_code == 400


async def test_a_recovery_code_that_is_used_fifty_times_at_once_counts_once(
    target: Target, guarded: Guarded
) -> None:
    tokens = [await guarded.pending(target) for _ in range(50)]
    answers = await asyncio.gather(*(finish(target, one, guarded.codes[0]) for one in tokens))
    assert sorted(one.status_code for one in answers) == [201, *[400] * 49]


async def test_a_sign_in_under_way_goes_on_once(target: Target, guarded: Guarded) -> None:
    pending = await guarded.pending(target)
    codes = guarded.codes[1:6]
    answers = await asyncio.gather(*(finish(target, pending, code) for code in codes))
    assert sorted(one.status_code for one in answers) == [201, 401, 401, 401, 401]


async def test_a_recovery_code_of_another_is_worth_nothing(
    target: Target, guarded: Guarded
) -> None:
    other = await newcomer(target)
    theirs = await guard(other)
    answer = await finish(target, await guarded.pending(target), theirs.codes[0])
    assert answer.status_code == 400
    await other.close()


async def test_a_sign_in_under_way_ends_with_the_password(target: Target, guarded: Guarded) -> None:
    pending = await guarded.pending(target)
    await guarded.person.put("/me/password", {"current": PASSWORD, "new": NEW})
    answer = await finish(target, pending, code_at(guarded.secret))
    assert answer.status_code == 401


async def test_a_stolen_session_takes_no_factor_away(target: Target, guarded: Guarded) -> None:
    from tests.attacks.test_administration import make_older  # noqa: PLC0415 - used here alone

    make_older(target, guarded.person)
    for method, path, body in (
        ("DELETE", "/me/second-factor/app", None),
        ("POST", "/me/second-factor/app", {}),
        ("POST", "/me/second-factor/recovery-codes", {}),
    ):
        answer = await guarded.person.http.request(method, path, json=body)
        assert code_of(answer) == (403, "proof_needed"), path


async def test_a_remembered_device_is_of_one_person(target: Target, guarded: Guarded) -> None:
    proof = {"email": guarded.person.email, "password": PASSWORD}
    async with target.browser() as http:
        pending = (await http.post("/api/v1/sessions", json=proof)).json()["pending"]
        step = {"pending": pending, "code": code_at(guarded.secret), "remember": True}
        done = await http.post("/api/v1/sessions/second-factor", json=step)
        remembered = done.cookies["echosphere_remembered"]
    other = await newcomer(target)
    theirs = await guard(other)
    for value, person, status in (
        (remembered, theirs.person, 202),
        (remembered[:-1], guarded.person, 202),
        ("", guarded.person, 202),
        (remembered, guarded.person, 201),
    ):
        async with target.browser(Cookie=f"echosphere_remembered={value}") as http:
            body = {"email": person.email, "password": PASSWORD}
            assert (await http.post("/api/v1/sessions", json=body)).status_code == status
    await guarded.person.delete("/me/second-factor/devices")
    async with target.browser(Cookie=f"echosphere_remembered={remembered}") as http:
        assert (await http.post("/api/v1/sessions", json=proof)).status_code == 202
    await other.close()


async def test_codes_are_not_guessed_by_beginning_again_and_again(servers: Servers) -> None:
    target = servers("strict")
    person = await newcomer(target)
    guarded = await guard(person)
    statuses = []
    for number in range(8):
        pending = await guarded.pending(target)
        statuses.append((await finish(target, pending, f"{number:06}")).status_code)
    assert statuses[0] == 400
    assert statuses[-1] == 429
    await person.close()


async def test_who_must_have_a_factor_gets_in_nowhere_without(servers: Servers) -> None:
    target = servers("factor")
    person = await newcomer(target)
    document = (await person.http.get(f"{target.base}/api/v1/openapi.json")).json()["paths"]
    for path in document:
        if "{" in path or "get" not in document[path] or path.endswith("/sessions/passkey"):
            continue
        answer = await person.http.get(f"{target.base}{path}")
        assert code_of(answer) == (403, "factor_needed"), path
    for transport in ("websocket", "polling"):
        with pytest.raises(Exception, match=r"unauthorized|refused|namespaces"):
            await person.connect(transports=[transport])
    bearer = {"email": person.email, "password": PASSWORD, "bearer": True}
    async with target.browser() as http:
        token = (await http.post("/api/v1/sessions", json=bearer)).json()["token"]
        answer = await http.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert code_of(answer) == (403, "factor_needed")
    await person.close()


async def test_the_secret_of_an_app_is_told_once_and_not_stored_plainly(
    target: Target, guarded: Guarded
) -> None:
    shown = (await guarded.person.http.get("/me/second-factor")).text
    assert guarded.secret not in shown
    assert not any(code in shown for code in guarded.codes)
    stored = b"".join(path.read_bytes() for path in target.data.glob("app.db*"))
    assert guarded.secret.encode() not in stored
    assert not any(code.replace("-", "").encode() in stored for code in guarded.codes)


# ---- passkeys ----------------------------------------------------------------------------------


class Keyed:
    """Someone with a passkey, on a server whose address has a name."""

    def __init__(self, target: Target, person: Person, authenticator: Authenticator) -> None:
        self.target = target
        self.person = person
        self.authenticator = authenticator

    async def sign_in(self, authenticator: Authenticator, **more: Any) -> httpx.Response:
        """Sign in with what an authenticator says."""
        async with self.target.browser() as http:
            options = (await http.get("/api/v1/sessions/passkey")).json()
            body = {"assertion": authenticator.sign(options) | more, "bearer": True}
            return await http.post("/api/v1/sessions/passkey", json=body)


@pytest.fixture
async def keyed(servers: Servers) -> AsyncIterator[Keyed]:
    """Someone with a passkey."""
    target = servers("named")
    person = await newcomer(target)
    authenticator = Authenticator(origin=target.origin)
    made = authenticator.make(await person.get("/me/passkey-options"))
    await person.post("/me/passkeys", made)
    yield Keyed(target, person, authenticator)
    await person.close()


async def test_a_passkey_that_is_right_signs_in(keyed: Keyed) -> None:
    """The attacks below fail for what is wrong with them."""
    assert (await keyed.sign_in(keyed.authenticator)).status_code == 201


WRONG: dict[str, dict[str, Any]] = {
    "another site": {"origin": "https://evil.example"},
    "another port": {"origin": "http://localhost:1"},
    "another scheme": {"origin": "https://localhost"},
    "a name of ours in front": {"origin": "http://localhost.evil.example"},
    "another relying party": {"rp_id": "evil.example"},
    "nobody was verified": {"verified": False},
    "a frame of another site": {"cross_origin": True},
    "a credential of nobody": {"credential": b"x" * 32},
    "another key": {"key": Authenticator().key},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
async def test_a_passkey_that_is_wrong_signs_no_one_in(keyed: Keyed, wrong: dict[str, Any]) -> None:
    answer = await keyed.sign_in(keyed.authenticator.but(**wrong))
    assert code_of(answer) == (401, "unauthorized")


FORGED: dict[str, Any] = {
    "no signature": {"signature": ""},
    "half a signature": {"signature": "MEUCIQ"},
    "no data": {"authenticator_data": ""},
    "no client": {"client_data": ""},
    "no JSON": {"client_data": "bm8"},
    "a user of another": {"user_handle": "b3NjYXI"},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
async def test_a_forged_answer_signs_no_one_in(keyed: Keyed, forged: dict[str, Any]) -> None:
    answer = await keyed.sign_in(keyed.authenticator, **forged)
    assert answer.status_code in (400, 401)


async def test_an_answer_is_taken_once_also_of_fifty_at_once(keyed: Keyed) -> None:
    async with keyed.target.browser() as http:
        options = (await http.get("/api/v1/sessions/passkey")).json()
        body = {"assertion": keyed.authenticator.sign(options), "bearer": True}
        answers = await asyncio.gather(
            *(http.post("/api/v1/sessions/passkey", json=body) for _ in range(50))
        )
    assert sorted(one.status_code for one in answers) == [201, *[401] * 49]


async def test_a_challenge_is_of_one_browser(keyed: Keyed) -> None:
    async with keyed.target.browser() as http:
        options = (await http.get("/api/v1/sessions/passkey")).json()
    async with keyed.target.browser() as thief:
        body = {"assertion": keyed.authenticator.sign(options)}
        assert (await thief.post("/api/v1/sessions/passkey", json=body)).status_code == 401


@pytest.mark.parametrize("purpose", ["/sessions/current/proof", "/me/passkey-options"])
async def test_a_challenge_is_for_one_purpose(keyed: Keyed, purpose: str) -> None:
    options = await keyed.person.get(purpose)
    async with keyed.target.browser() as http:
        await http.get("/api/v1/sessions/passkey")
        body = {"assertion": keyed.authenticator.sign(options)}
        assert (await http.post("/api/v1/sessions/passkey", json=body)).status_code == 401


async def test_a_challenge_of_ones_own_making_is_none(keyed: Keyed) -> None:
    async with keyed.target.browser() as http:
        options = (await http.get("/api/v1/sessions/passkey")).json()
        for challenge in ("AAAA", options["challenge"][:-4] + "AAAA", "", "A" * 10_000):
            body = {"assertion": keyed.authenticator.sign(options | {"challenge": challenge})}
            answer = await http.post("/api/v1/sessions/passkey", json=body)
            assert answer.status_code in (400, 401)


async def test_a_counter_that_goes_back_is_a_copy(keyed: Keyed) -> None:
    assert (await keyed.sign_in(keyed.authenticator.but(counter=9))).status_code == 201
    assert (await keyed.sign_in(keyed.authenticator.but(counter=9))).status_code == 401
    assert (await keyed.sign_in(keyed.authenticator.but(counter=3))).status_code == 401


async def test_a_passkey_of_another_is_not_added_renamed_or_removed(keyed: Keyed) -> None:
    other = await newcomer(keyed.target)
    key = (await keyed.person.get("/me/second-factor"))["passkeys"][0]["id"]
    await other.patch(f"/me/passkeys/{key}", {"name": "Mine"}, 404)
    await other.delete(f"/me/passkeys/{key}", 404)
    made = keyed.authenticator.make(await other.get("/me/passkey-options"))
    assert (await other.http.post("/me/passkeys", json=made)).status_code in (400, 409)
    await other.close()


async def test_a_registration_for_another_session_is_not_taken(keyed: Keyed) -> None:
    other = await newcomer(keyed.target)
    options = await keyed.person.get("/me/passkey-options")
    made = Authenticator(origin=keyed.target.origin).make(options)
    assert (await other.http.post("/me/passkeys", json=made)).status_code == 400
    await other.close()


async def test_a_passkey_of_someone_who_is_kept_out_signs_no_one_in(keyed: Keyed) -> None:
    olga = await keyed.target.owner()
    path = f"/administration/people/{keyed.person.id}/suspension"
    await olga.put(path, {"reason": "Spam."})
    answer = await keyed.sign_in(keyed.authenticator)
    assert answer.status_code in (401, 403)
    assert "token" not in answer.json()
    await olga.close()
