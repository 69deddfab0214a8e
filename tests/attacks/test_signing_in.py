"""Attacks on accounts, passwords and sessions."""

import asyncio
import secrets
from typing import Any

import httpx
import pytest

from tests.attacks.conftest import Cast, code_of
from tests.attacks.servers import Servers, Target
from tests.product.people import PASSWORD, Person, client_of, people_on, register

NEW = "a quite different passphrase"


def somebody() -> str:
    """Return an address that no one has."""
    return f"nobody.{secrets.token_hex(6)}@example.org"


def essence(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """Return what tells two answers apart."""
    told = {name: value for name, value in answer.headers.items() if name not in CHANGING}
    return answer.status_code, answer.content, told


CHANGING = {"date", "x-request-id"}


async def sign_in(target: Target, email: Any, password: Any) -> httpx.Response:
    async with target.browser() as http:
        return await http.post("/api/v1/sessions", json={"email": email, "password": password})


async def test_a_wrong_password_tells_no_more_than_an_unknown_address(cast: Cast) -> None:
    known = await sign_in(cast.target, cast.ada.email, "a wrong password")
    unknown = await sign_in(cast.target, somebody(), "a wrong password")
    assert known.status_code == 401
    assert essence(known) == essence(unknown)


async def test_a_page_of_sign_in_tells_no_more_of_a_known_address(cast: Cast) -> None:
    pages = []
    for email in (cast.ada.email, "x" * len(cast.ada.email.partition("@")[0]) + "@example.org"):
        async with cast.target.browser() as http:
            form = {"email": email, "password": "a wrong password", "key": "key-of-the-form"}
            answer = await http.post("/login", data=form)
            pages.append((answer.status_code, answer.text.replace(email, "")))
    assert pages[0] == pages[1]
    assert pages[0][0] == 401


async def test_asking_for_a_reset_does_not_tell_who_has_an_account(cast: Cast) -> None:
    answers = []
    for email in (cast.ada.email, somebody()):
        async with cast.target.browser(accept="text/html") as http:
            answers.append(essence(await http.post("/forgot-password", data={"email": email})))
    assert answers[0] == answers[1]


async def test_a_contact_request_does_not_tell_who_has_an_account(cast: Cast) -> None:
    known = await cast.oscar.http.post("/contacts", json={"email": cast.ada.email})
    unknown = await cast.oscar.http.post("/contacts", json={"email": somebody()})
    assert known.status_code == 202
    assert essence(known) == essence(unknown)


async def test_sent_requests_do_not_tell_who_has_an_account(cast: Cast) -> None:
    for email in (cast.ada.email, somebody()):
        await cast.oscar.post("/contacts", {"email": email}, 202)
    sent = (await cast.oscar.get("/contacts/sent-requests"))["requests"]
    assert [one["user"] for one in sent] == [None, None]


WEAK = {
    "short": "nine char",
    "common": "password123",
    "repeated": "aaaaaaaaaaaaaaa",
    "a row of keys": "qwertyuiop12",
    "the own name": "Ada Lovelace Example",
    "the own address": "ada.weak@example.org",
    "blanks": " " * 20,
    "over 1,024 bytes": "long enough, yet far too long " * 40,
    "over 1,024 bytes of few characters": "\U0001f600" * 300,
    "the server's name": "echosphere1",
}


@pytest.mark.parametrize("password", WEAK.values(), ids=WEAK)
async def test_a_weak_password_is_not_taken(target: Target, password: str) -> None:
    account = {"email": "ada.weak@example.org", "name": "Ada Lovelace Example"}
    async with target.browser() as http:
        answer = await http.post("/api/v1/accounts", json=account | {"password": password})
    assert (answer.status_code, "password" in answer.json()["fields"]) == (400, True)


OFFICIAL = {
    "plain": "Administrator",
    "Cyrillic": "\u0410dministr\u0430tor",
    "full width": "\uff21dmin",
    "invisible": "Ad\u200bmin\u200b",
    "support": "EchoSphere Support",
    "digits": "Adm1n",
    "German": "Verwaltung",
    "nothing to see": "\u2800\u3164",
    "direction": "\u202e\u202d",
}


@pytest.mark.parametrize("name", OFFICIAL.values(), ids=OFFICIAL)
async def test_no_one_passes_for_an_official(cast: Cast, name: str) -> None:
    account = {"email": somebody(), "name": name, "password": PASSWORD}
    async with cast.target.browser() as http:
        made = await http.post("/api/v1/accounts", json=account)
    assert code_of(made) == (400, "invalid")
    await cast.ada.patch("/me", {"name": name}, 400)


async def test_a_name_keeps_no_signs_that_turn_the_direction(cast: Cast) -> None:
    shown = await cast.ada.patch("/me", {"name": "Ada\u202e gpj.\u2066txt\u0007 \u200bLine\nBreak"})
    assert shown["user"]["name"] == "Ada gpj.txt LineBreak"


SAME_ADDRESS = {
    "upper case": str.upper,
    "blanks": lambda email: f"  {email} ",
    "full width": lambda email: email.replace("@", "\uff20").replace("ada", "\uff41da"),
    "upper case domain": lambda email: email.replace("example", "EXAMPLE"),
}


@pytest.mark.parametrize("spelling", SAME_ADDRESS.values(), ids=SAME_ADDRESS)
async def test_one_address_has_one_account_however_it_is_spelled(cast: Cast, spelling: Any) -> None:
    account = {"email": spelling(cast.ada.email), "name": "Eve", "password": PASSWORD}
    async with cast.target.browser() as http:
        made = await http.post("/api/v1/accounts", json=account)
    assert made.status_code in (400, 409)


MORE = {
    "role": "owner",
    "id": "0123456789abcdef0123",
    "is_admin": True,
    "email_confirmed_at": 1,
    "created_at": 1,
    "suspended_until": None,
    "second_factor_at": 1,
    "__class__": "x",
}


@pytest.mark.parametrize("field", MORE)
async def test_no_one_registers_with_more_than_is_asked(target: Target, field: str) -> None:
    account = {"email": somebody(), "name": "Eve", "password": PASSWORD, field: MORE[field]}
    async with target.browser() as http:
        assert code_of(await http.post("/api/v1/accounts", json=account)) == (400, "invalid")


@pytest.mark.parametrize("field", [*MORE, "email", "password"])
async def test_no_one_changes_what_is_not_theirs_to_change(cast: Cast, field: str) -> None:
    await cast.ada.patch("/me", {field: MORE.get(field, "eve@example.org")}, 400)
    own = (await cast.ada.get("/me"))["user"]
    assert (own["role"], own["email"]) == ("member", cast.ada.email)


async def test_a_session_that_was_planted_is_not_taken_over(cast: Cast) -> None:
    planted = "A" * 43
    async with cast.target.browser() as http:
        http.cookies.set("echosphere_session", planted)
        proof = {"email": cast.ada.email, "password": PASSWORD}
        answer = await http.post("/api/v1/sessions", json=proof)
        given = answer.cookies["echosphere_session"]
        assert given != planted
        assert len(given) == 43
    async with cast.target.browser() as http:
        http.cookies.set("echosphere_session", planted)
        assert (await http.get("/api/v1/me")).status_code == 401


async def test_signing_in_again_ends_the_session_that_the_browser_had(cast: Cast) -> None:
    async with cast.target.browser() as http:
        proof = {"email": cast.ada.email, "password": PASSWORD}
        first = (await http.post("/api/v1/sessions", json=proof)).cookies["echosphere_session"]
        await http.post("/api/v1/sessions", json=proof)
    async with cast.target.browser() as http:
        http.cookies.set("echosphere_session", first)
        assert (await http.get("/api/v1/me")).status_code == 401


async def test_a_token_is_dead_after_signing_out(cast: Cast) -> None:
    device = await cast.target.sign_in(cast.ada.email)
    await device.get("/me")
    await device.delete("/sessions/current")
    await device.get("/me", 401)
    await device.get(cast.messages(), 401)
    await device.close()


GUESSES: dict[str, Any] = {
    "cut": lambda token: token[:-1],
    "longer": lambda token: token + "A",
    "upper case": str.upper,
    "padded": lambda token: f"{token}=",
    "blank": lambda _: "x",
    "zeros": lambda _: "0" * 64,
    "SQL": lambda _: "' OR 1=1 --",
    "any": lambda _: "%",
    "very long": lambda _: "x" * 8_000,
    "two": lambda token: f"{token}, {token}",
    "a path": lambda _: "../../sessions",
    "null": lambda _: "null",
}


@pytest.mark.parametrize("guess", GUESSES.values(), ids=GUESSES)
async def test_what_only_resembles_a_token_lets_no_one_in(cast: Cast, guess: Any) -> None:
    token = guess(cast.ada.token)
    async with cast.target.browser(Authorization=f"Bearer {token}") as http:
        assert (await http.get("/api/v1/me")).status_code == 401
    async with cast.target.browser(Cookie=f"echosphere_session={token}") as http:
        assert (await http.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize("name", ["token", "access_token", "auth", "session", "echosphere_session"])
async def test_a_token_in_an_address_lets_no_one_in(cast: Cast, name: str) -> None:
    async with cast.target.browser() as http:
        answer = await http.get("/api/v1/me", params={name: cast.ada.token})
    assert answer.status_code == 401


async def test_an_id_or_a_hash_is_no_token(cast: Cast) -> None:
    import hashlib  # noqa: PLC0415 - this attack alone

    session = (await cast.ada.get("/sessions"))["sessions"][0]["id"]
    hashed = hashlib.sha256(cast.ada.token.encode()).hexdigest()
    for token in (session, cast.ada.id, hashed):
        async with cast.target.browser(Authorization=f"Bearer {token}") as http:
            assert (await http.get("/api/v1/me")).status_code == 401


async def test_no_answer_about_oneself_has_a_token_or_a_hash(cast: Cast) -> None:
    import hashlib  # noqa: PLC0415 - this attack alone

    texts = ""
    for path in ("/me", "/sessions", "/me/security-events", "/me/second-factor", "/me/audit"):
        texts += (await cast.ada.http.get(path)).text
    for secret in (cast.ada.token, hashlib.sha256(cast.ada.token.encode()).hexdigest(), "scrypt"):
        assert secret not in texts


async def test_no_one_ends_the_sessions_of_others(cast: Cast) -> None:
    session = (await cast.ada.get("/sessions"))["sessions"][0]["id"]
    await cast.oscar.delete(f"/sessions/{session}", 404)
    await cast.ada.get("/me")


ODD_PROOFS: dict[str, Any] = {
    "an object": {"$ne": ""},
    "an array": ["ada@example.org"],
    "null": None,
    "a number": 1,
    "true": True,
    "NUL": "ada\0@example.org",
    "SQL": "' OR '1'='1",
    "a megabyte": "x" * 200_000,
    "line breaks": "ada@example.org\r\nBcc: eve@example.org",
    "two addresses": "ada@example.org,eve@example.org",
}


@pytest.mark.parametrize("odd", ODD_PROOFS.values(), ids=ODD_PROOFS)
async def test_odd_proofs_are_refused_and_nothing_fails(cast: Cast, odd: Any) -> None:
    assert (await sign_in(cast.target, odd, PASSWORD)).status_code == 400
    assert (await sign_in(cast.target, cast.ada.email, odd)).status_code in (400, 401)


async def test_a_stolen_session_does_not_change_the_password(cast: Cast) -> None:
    await cast.ada.put("/me/password", {"new": NEW}, 400)
    await cast.ada.put("/me/password", {"current": "a wrong password", "new": NEW}, 400)
    await cast.ada.put("/me/password", {"current": "", "new": NEW}, 400)
    assert (await sign_in(cast.target, cast.ada.email, PASSWORD)).status_code == 201


async def test_a_stolen_session_does_not_move_the_account_to_another_address(cast: Cast) -> None:
    await cast.ada.put("/me/email", {"email": somebody()}, 400)
    await cast.ada.put("/me/email", {"email": somebody(), "password": "a wrong password"}, 400)
    assert (await cast.ada.get("/me"))["user"]["email"] == cast.ada.email


async def test_a_stolen_session_does_not_close_the_account(cast: Cast) -> None:
    for body in ({}, {"password": "a wrong password"}, {"password": None}):
        answer = await cast.ada.http.request("DELETE", "/me", json=body)
        assert answer.status_code == 400
    await cast.ada.get("/me")


async def test_a_closed_account_opens_no_more_and_looks_like_none(cast: Cast) -> None:
    closed = await cast.oscar.http.request("DELETE", "/me", json={"password": PASSWORD})
    assert closed.status_code == 204
    after = await sign_in(cast.target, cast.oscar.email, PASSWORD)
    assert essence(after) == essence(await sign_in(cast.target, somebody(), PASSWORD))
    await cast.oscar.get("/me", 401)


async def test_a_session_replayed_by_a_repeated_registration_needs_the_password(
    target: Target,
) -> None:
    account = {"email": somebody(), "name": "Ada", "password": PASSWORD, "key": "key-of-the-form"}
    async with target.browser() as http:
        assert (await http.post("/api/v1/accounts", json=account)).status_code == 201
    async with target.browser() as http:
        other = account | {"password": NEW}
        again = await http.post("/api/v1/accounts", json=other)
        assert (again.status_code, dict(again.cookies)) == (409, {})


# ---- rates -------------------------------------------------------------------------------------


def client_at(target: Target, address: str) -> httpx.AsyncClient:
    """A browser behind the proxy that this server trusts, at an address of its own."""
    return target.browser(**{"X-Forwarded-For": address})


async def person_at(target: Target, address: str) -> Person:
    async with client_at(target, address) as http:
        account = {"email": somebody(), "name": "Ada", "password": PASSWORD}
        made = await http.post("/api/v1/accounts", json=account)
        assert made.status_code == 201, made.text
        return Person(target.base, made.json()["user"], made.cookies["echosphere_session"])


async def test_a_password_is_not_guessed_by_trying(servers: Servers) -> None:
    target = servers("strict")
    ada = await person_at(target, "198.51.100.1")
    statuses = []
    for number in range(9):
        async with client_at(target, f"198.51.100.{20 + number}") as http:
            proof = {"email": ada.email, "password": f"wrong password {number}"}
            statuses.append((await http.post("/api/v1/sessions", json=proof)).status_code)
    assert statuses[:5] == [401] * 5
    assert statuses[-1] == 429
    async with client_at(target, "198.51.100.40") as http:
        right = {"email": ada.email, "password": PASSWORD}
        assert (await http.post("/api/v1/sessions", json=right)).status_code == 429
    await ada.close()


async def test_many_accounts_are_not_tried_from_one_address(servers: Servers) -> None:
    target = servers("strict")
    async with client_at(target, "198.51.100.50") as http:
        statuses = []
        for _ in range(25):
            proof = {"email": somebody(), "password": "summer in 2026"}
            statuses.append((await http.post("/api/v1/sessions", json=proof)).status_code)
    assert statuses[0] == 401
    assert statuses[-1] == 429


async def test_no_one_keeps_the_owner_out_by_guessing(servers: Servers) -> None:
    target = servers("strict")
    async with client_at(target, "198.51.100.60") as own:
        account = {"email": somebody(), "name": "Ada", "password": PASSWORD}
        await own.post("/api/v1/accounts", json=account)
        await own.delete("/api/v1/sessions/current")
        for number in range(8):
            async with client_at(target, f"198.51.100.{70 + number}") as http:
                wrong = {"email": account["email"], "password": "a wrong password"}
                await http.post("/api/v1/sessions", json=wrong)
        proof = {"email": account["email"], "password": PASSWORD}
        assert (await own.post("/api/v1/sessions", json=proof)).status_code == 201


async def test_a_password_is_not_guessed_with_a_stolen_session_either(servers: Servers) -> None:
    target = servers("strict")
    ada = await person_at(target, "198.51.100.90")
    statuses = [
        (await ada.http.put("/sessions/current/proof", json={"password": f"wrong {n} guess"}))
        for n in range(8)
    ]
    assert statuses[0].status_code == 400
    assert statuses[-1].status_code == 429
    assert statuses[-1].headers["retry-after"]
    await ada.close()


async def test_a_header_does_not_make_another_address_where_no_proxy_is_trusted(
    servers: Servers,
) -> None:
    target = servers("narrow")  # three an hour; the owner was the first
    statuses = []
    for number in range(5):
        names = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP", "True-Client-IP")
        headers = dict.fromkeys(names, f"203.0.113.{number}")
        async with target.browser(**headers) as http:
            account = {"email": somebody(), "name": "Ada", "password": PASSWORD}
            made = await http.post("/api/v1/accounts", json=account)
            statuses.append(made.status_code)
    assert statuses == [201, 201, 429, 429, 429]


async def test_a_forged_hop_before_the_trusted_proxy_is_not_believed(servers: Servers) -> None:
    target = servers("strict")
    statuses = []
    for number in range(25):
        async with client_at(target, f"203.0.113.{number}, 198.51.100.100") as http:
            proof = {"email": somebody(), "password": "summer in 2026"}
            statuses.append((await http.post("/api/v1/sessions", json=proof)).status_code)
    assert statuses[-1] == 429


async def test_resets_are_asked_for_twice_an_hour_from_one_address(servers: Servers) -> None:
    target = servers("strict")
    async with client_at(target, "198.51.100.110") as http:
        statuses = [
            (await http.post("/forgot-password", data={"email": somebody()})).status_code
            for _ in range(4)
        ]
    assert statuses == [200, 200, 429, 429]


@pytest.mark.parametrize(
    ("method", "path", "tries", "allowed"),
    [
        ("POST", "/contacts", 30, 20),
        ("GET", "/search?q=anything", 40, 30),
        ("GET", "/me/storage", 30, 20),
        ("GET", "/me", 400, 300),
    ],
)
async def test_calls_of_a_person_are_counted(
    servers: Servers, method: str, path: str, tries: int, allowed: int
) -> None:
    target = servers("strict")
    ada = await person_at(target, "198.51.100.120")
    statuses = []
    for _ in range(tries):
        body = {"email": somebody()} if method == "POST" else None
        statuses.append((await ada.http.request(method, path, json=body)).status_code)
    assert 429 not in statuses[:allowed]
    assert 429 in statuses
    await ada.close()


async def test_registering_in_parallel_makes_one_account(target: Target) -> None:
    account = {"email": somebody(), "name": "Ada", "password": PASSWORD}

    async def once() -> int:
        async with target.browser() as http:
            return (await http.post("/api/v1/accounts", json=account)).status_code

    statuses = await asyncio.gather(*(once() for _ in range(20)))
    assert sorted(statuses) == [201, *[409] * 19]


async def test_a_hash_for_a_very_long_password_is_not_computed(cast: Cast) -> None:
    answer = await sign_in(cast.target, cast.ada.email, "x" * 100_000)
    assert answer.status_code == 400
    async with client_of(cast.target.base) as http:
        too_much = {"email": cast.ada.email, "password": "x" * 300_000}
        assert (await http.post("/sessions", json=too_much)).status_code == 413


async def test_sessions_of_one_person_are_bounded(target: Target) -> None:
    async with people_on(target.base, "Ada Example") as (ada,):
        devices = [await target.sign_in(ada.email) for _ in range(22)]
        assert len((await devices[-1].get("/sessions"))["sessions"]) == 20
        await devices[0].get("/me", 401)
        for device in devices:
            await device.close()


async def test_a_registered_address_is_not_taken_over_by_registering_again(cast: Cast) -> None:
    async with cast.target.browser() as http:
        account = {"email": cast.ada.email, "name": "Eve", "password": NEW}
        assert (await http.post("/api/v1/accounts", json=account)).status_code == 409
    assert (await sign_in(cast.target, cast.ada.email, NEW)).status_code == 401


async def test_reset_links_of_others_are_not_guessed(cast: Cast) -> None:
    async with cast.target.browser() as http:
        for token in ("x", "A" * 43, "%00", "..%2f..", "' OR 1=1"):
            page = await http.post(f"/reset-password/{token}", data={"password": NEW})
            assert page.status_code in (404, 410), token
    one = await register(cast.target.base, "Nobody Else")
    await one.close()
