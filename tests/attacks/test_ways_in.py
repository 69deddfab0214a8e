"""Attacks on registration, roles and recovery: invitations, approval, domains, links and confirmation."""

import asyncio
import re
import secrets
from typing import Any

import httpx
import pytest

from tests.attacks.servers import Servers, Target
from tests.mail_server import text_of
from tests.product.people import PASSWORD, TIMEOUT, Person

NEW = "a quite different passphrase"


def somebody(domain: str = "example.org") -> str:
    """Return an address that no one has."""
    return f"nobody.{secrets.token_hex(6)}@{domain}"


async def register(target: Target, email: str, **more: Any) -> httpx.Response:
    account = {"email": email, "name": "Eve", "password": PASSWORD}
    async with target.browser() as http:
        return await http.post("/api/v1/accounts", json=account | more)


async def newcomer(target: Target, **more: Any) -> Person:
    """Someone who came in."""
    made = await register(target, somebody(), **more)
    assert made.status_code == 201, made.text
    return Person(target.base, made.json()["user"], made.cookies["echosphere_session"])


TOKENS: list[Any] = [None, "", "x", "A" * 43, "' OR 1=1 --", "A" * 5_000, "%", "\u202e", "null"]


@pytest.mark.parametrize("kind", ["invitation", "closed", "everybody-invites"])
@pytest.mark.parametrize("token", TOKENS, ids=repr)
async def test_no_one_comes_in_with_an_invite_that_there_is_not(
    servers: Servers, kind: str, token: Any
) -> None:
    more = {} if token is None else {"invite": token}
    made = await register(servers(kind), somebody(), **more)
    assert made.status_code in (400, 403)
    assert "echosphere_session" not in made.cookies


async def invite_of(person: Person, **terms: Any) -> dict[str, Any]:
    body = {"expires_in": 3600, "max_uses": 1, "role": "member", "contact": False, "groups": []}
    made: dict[str, Any] = (await person.post("/server/invites", body | terms))["invite"]
    return made


def token_in(invite: dict[str, Any]) -> str:
    return str(invite["url"].rpartition("/")[2])


async def test_an_invite_raced_fifty_times_lets_one_in(servers: Servers) -> None:
    target = servers("invitation")
    olga = await target.owner()
    token = token_in(await invite_of(olga))
    answers = await asyncio.gather(*(register(target, somebody(), invite=token) for _ in range(50)))
    statuses = [one.status_code for one in answers]
    assert statuses.count(201) == 1
    assert set(statuses) <= {201, 403, 410}
    await olga.close()


async def test_a_revoked_invite_lets_no_one_in(servers: Servers) -> None:
    target = servers("invitation")
    olga = await target.owner()
    invite = await invite_of(olga)
    await olga.delete(f"/server/invites/{invite['id']}")
    assert (await register(target, somebody(), invite=token_in(invite))).status_code == 403
    await olga.close()


async def test_an_invite_to_one_address_lets_no_other_in(servers: Servers) -> None:
    target = servers("invitation")
    olga = await target.owner()
    email = somebody()
    body = {"emails": [email], "role": "member", "contact": False, "groups": [], "expires_in": 3600}
    [invite] = (await olga.post("/server/invites/people", body))["invites"]
    token = token_in(invite)
    for other in (somebody(), f"x{email}", email.replace("@", "+x@")):
        assert (await register(target, other, invite=token)).status_code == 403
    assert (await register(target, email, invite=token)).status_code == 201
    await olga.close()


@pytest.mark.parametrize("role", ["owner", "administrator", "moderator", "Member", "root", ""])
async def test_an_invite_makes_no_one_more_than_a_member(servers: Servers, role: str) -> None:
    target = servers("everybody-invites")
    olga = await target.owner()
    eve = await newcomer(target, invite=token_in(await invite_of(olga)))
    body = {"expires_in": 60, "max_uses": 1, "role": role, "contact": False, "groups": []}
    for person in (eve, olga):
        answer = await person.http.post("/server/invites", json=body)
        assert answer.status_code in (400, 403)
    for person in (eve, olga):
        await person.close()


async def test_an_invite_leads_into_no_group_that_its_maker_does_not_run(servers: Servers) -> None:
    target = servers("everybody-invites")
    olga = await target.owner()
    eve = await newcomer(target, invite=token_in(await invite_of(olga)))
    group = {"kind": "group", "title": "Secret", "members": []}
    here = (await olga.post("/conversations", group))["conversation"]["id"]
    body = {"expires_in": 60, "max_uses": 1, "role": "member", "contact": False, "groups": [here]}
    assert (await eve.http.post("/server/invites", json=body)).status_code in (400, 403, 404)
    for person in (eve, olga):
        await person.close()


async def test_a_guest_invites_no_one_and_finds_no_one(servers: Servers) -> None:
    target = servers("everybody-invites")
    olga = await target.owner()
    guest = await newcomer(target, invite=token_in(await invite_of(olga, role="guest")))
    assert (await guest.get("/me"))["user"]["role"] == "guest"
    terms = {"expires_in": 60, "max_uses": 1, "role": "guest", "contact": False, "groups": []}
    tries: list[tuple[str, str, Any]] = [
        ("POST", "/server/invites", terms),
        ("POST", "/me/invites", {}),
        ("POST", "/contacts", {"email": "olga.owner@example.org"}),
        ("POST", "/conversations", {"kind": "group", "title": "x", "members": []}),
        ("GET", "/directory", None),
    ]
    for method, path, body in tries:
        answer = await guest.http.request(method, path, json=body)
        assert answer.status_code in (403, 404), path
    for person in (guest, olga):
        await person.close()


async def test_an_invite_ends_with_the_rights_of_its_maker(servers: Servers) -> None:
    target = servers("everybody-invites")
    olga = await target.owner()
    eve = await newcomer(target, invite=token_in(await invite_of(olga)))
    token = token_in(await invite_of(eve, max_uses=5))
    await olga.put(f"/administration/people/{eve.id}/suspension", {"reason": "Spam."})
    assert (await register(target, somebody(), invite=token)).status_code == 403
    for person in (eve, olga):
        await person.close()


DOMAINS = [
    "example.org", "club.example.evil.org", "evilclub.example", "sub.club.example", "club.example@evil.org",
    "evil.org@club.example.", "club.exampIe", "club\u3002example.org", "xn--club-.example", "club.example\n.evil.org",
    '"@club.example"@evil.org', "club.example%00.evil.org", "club.example,evil.org", "clu\u0431.example",
]  # fmt: skip


@pytest.mark.parametrize("domain", DOMAINS)
async def test_an_address_only_resembles_the_domain(servers: Servers, domain: str) -> None:
    target = servers("domain")
    made = await register(target, f"eve.{secrets.token_hex(4)}@{domain}")
    assert made.status_code in (400, 403), made.text
    inside = await register(target, somebody("club.example"))
    assert inside.status_code == 201


async def test_no_one_moves_out_of_the_domain_and_stays(servers: Servers) -> None:
    target = servers("domain")
    made = await register(target, somebody("club.example"))
    person = Person(target.base, made.json()["user"], made.cookies["echosphere_session"])
    body = {"email": somebody("evil.org"), "password": PASSWORD}
    changed = await person.http.put("/me/email", json=body)
    assert changed.status_code in (200, 403)
    assert (await person.get("/me"))["user"]["email"].endswith("@club.example")
    await person.close()


async def test_who_waits_for_approval_gets_in_nowhere(servers: Servers) -> None:
    target = servers("approval")
    email = somebody()
    made = await register(target, email)
    assert (made.status_code, dict(made.cookies)) == (202, {})
    async with target.browser() as http:
        proof = {"email": email, "password": PASSWORD, "bearer": True}
        assert (await http.post("/api/v1/sessions", json=proof)).status_code == 403
        await http.post("/forgot-password", data={"email": email})
    again = await register(target, email)
    assert (again.status_code, dict(again.cookies)) == (202, {})


async def test_no_one_approves_themselves(servers: Servers) -> None:
    target = servers("approval")
    olga = await target.owner()
    await register(target, somebody())
    [waiting] = (await olga.get("/server/approvals"))["registrations"][:1]
    eve = await newcomer(target, invite=token_in(await invite_of(olga)))
    body = {"approve": True}
    await eve.post(f"/server/approvals/{waiting['id']}", body, 404)
    await eve.get("/server/approvals", 404)
    for person in (eve, olga):
        await person.close()


async def test_a_name_in_the_approvals_is_no_markup_for_the_mail(servers: Servers) -> None:
    target = servers("approval")
    olga = await target.owner()
    email = somebody()
    await register(target, email, name='<img src="x" onerror="alert(1)"> Eve')
    waiting = (await olga.get("/server/approvals"))["registrations"]
    [one] = [each["id"] for each in waiting if each["email"] == email]
    await olga.post(f"/server/approvals/{one}", {"approve": True}, 204)
    letter = await mail_to(target, email)
    assert "<img" not in text_of(letter, "html")
    await olga.close()


async def mail_to(target: Target, email: str, which: int = -1) -> Any:
    """Wait for a mail and return the last one."""
    async with asyncio.timeout(TIMEOUT):
        while email not in target.post.recipients:
            await asyncio.sleep(0.05)
    found = [
        letter
        for to, letter in zip(target.post.recipients, target.post.letters, strict=False)
        if to == email
    ]
    return found[which]


# ---- links that let back in --------------------------------------------------------------------


async def handed_over(target: Target) -> tuple[str, str]:
    """Return someone's address, and the path of a link that an administrator hands over to them."""
    olga = await target.owner()
    person = await newcomer(target)
    link = (await olga.post(f"/server/users/{person.id}/reset-link", {}))["link"]
    for one in (person, olga):
        await one.close()
    return person.email, "/reset-password/" + link.rpartition("/")[2]


async def use(target: Target, path: str, password: str) -> int:
    async with target.browser(accept="text/html") as http:
        return (await http.post(path, data={"password": password})).status_code


async def test_a_link_raced_fifty_times_works_once(target: Target) -> None:
    _, path = await handed_over(target)
    statuses = await asyncio.gather(*(use(target, path, f"{NEW} {n}") for n in range(50)))
    assert sorted(statuses) == [303, *[410] * 49]


async def test_looking_at_a_link_does_not_use_it_up(target: Target) -> None:
    """Mail servers look at every link."""
    _, path = await handed_over(target)
    async with target.browser() as http:
        for method in ("GET", "HEAD", "GET"):
            assert (await http.request(method, path)).status_code == 200
    assert await use(target, path, NEW) == 303


async def test_a_link_is_not_used_by_a_page_of_another_site(target: Target) -> None:
    _, path = await handed_over(target)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        async with httpx.AsyncClient(base_url=target.base, headers=headers) as http:
            assert (await http.post(path, data={"password": NEW})).status_code == 403
    assert await use(target, path, NEW) == 303


async def test_a_link_takes_no_weak_password_and_stays(target: Target) -> None:
    _, path = await handed_over(target)
    assert await use(target, path, "short") == 400
    assert await use(target, path, "password123") == 400
    assert await use(target, path, NEW) == 303


async def test_a_later_link_and_a_new_password_void_the_earlier(target: Target) -> None:
    olga = await target.owner()
    person = await newcomer(target)
    links = []
    for _ in range(2):
        link = (await olga.post(f"/server/users/{person.id}/reset-link", {}))["link"]
        links.append("/reset-password/" + link.rpartition("/")[2])
    assert await use(target, links[0], NEW) == 410
    await person.put("/me/password", {"current": PASSWORD, "new": NEW})
    assert await use(target, links[1], f"{NEW} again") == 410
    for one in (person, olga):
        await one.close()


async def test_a_link_for_one_thing_is_none_for_another(target: Target) -> None:
    _, path = await handed_over(target)
    token = path.rpartition("/")[2]
    async with target.browser(accept="text/html") as http:
        for other in ("confirm-email", "confirm-address", "invite", "unsubscribe", "login/once"):
            answer = await http.post(f"/{other}/{token}", data={"password": NEW})
            assert answer.status_code >= 400, other
    assert await use(target, path, NEW) == 303


async def test_only_administrators_hand_links_over(target: Target) -> None:
    olga, eve = await target.owner(), await newcomer(target)
    await eve.post(f"/server/users/{olga.id}/reset-link", {}, 404)
    await eve.post(f"/server/users/{eve.id}/reset-link", {}, 404)
    for one in (eve, olga):
        await one.close()


async def test_a_mail_about_someone_is_no_place_for_markup(target: Target) -> None:
    email = somebody()
    made = await register(target, email, name='<a href="https://evil.example">Click</a>')
    assert made.status_code == 201
    async with target.browser(accept="text/html") as http:
        await http.post("/forgot-password", data={"email": email})
    letter = await mail_to(target, email)
    assert 'href="https://evil.example"' not in text_of(letter, "html")
    assert "\n" not in letter["subject"]
    assert letter["to"] == email


# ---- addresses that must be confirmed ----------------------------------------------------------


async def test_who_has_not_confirmed_their_address_gets_in_nowhere(servers: Servers) -> None:
    target = servers("confirming")
    email = somebody()
    made = await register(target, email)
    token = made.cookies["echosphere_session"]
    person = Person(target.base, made.json()["user"], token)
    document = (await person.http.get(f"{target.base}/api/v1/openapi.json")).json()["paths"]
    for path in document:
        if "{" in path or "get" not in document[path] or path.endswith("/sessions/passkey"):
            continue
        answer = await person.http.get(f"{target.base}{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "confirmation_needed"), path
    for transport in ("websocket", "polling"):
        with pytest.raises(Exception, match=r"unauthorized|refused|namespaces"):
            await person.connect(transports=[transport])
    await person.close()


async def test_a_link_of_confirmation_confirms_one_address_once(servers: Servers) -> None:
    target = servers("confirming")
    email = somebody()
    await register(target, email)
    found = re.search(r"(/confirm-email/[\w-]{43})", text_of(await mail_to(target, email)))
    assert found is not None
    other = somebody()
    await register(target, other)
    async with target.browser(accept="text/html") as http:
        await http.get(found[1])  # looking changes nothing
        proof = {"email": email, "password": PASSWORD, "bearer": True}
        token = (await http.post("/api/v1/sessions", json=proof)).json()["token"]
        bearer = {"Authorization": f"Bearer {token}"}
        assert (await http.get("/api/v1/me", headers=bearer)).status_code == 403
        turned_away = await http.post(found[1])
        assert turned_away.headers["Location"].startswith("/login"), "it is for who is signed in"
        signed_in = {"email": email, "password": PASSWORD}
        assert (await http.post("/api/v1/sessions", json=signed_in)).status_code == 201
        first = await http.post(found[1])
        assert first.status_code < 400
        assert (await http.post(found[1])).status_code == 410
        assert (await http.get("/api/v1/me", headers=bearer)).status_code == 200
        proof["email"] = other
        token = (await http.post("/api/v1/sessions", json=proof)).json()["token"]
        bearer = {"Authorization": f"Bearer {token}"}
        assert (await http.get("/api/v1/me", headers=bearer)).status_code == 403
