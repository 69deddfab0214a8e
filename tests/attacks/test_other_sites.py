"""Attacks by pages of other sites, and what browsers are told about ours."""

import asyncio
import re
from typing import Any

import httpx
import pytest

from tests.attacks.conftest import Cast
from tests.attacks.servers import Servers, Target
from tests.mail_server import text_of
from tests.product.people import PASSWORD, TIMEOUT

ORIGINS: dict[str, Any] = {
    "another site": "https://evil.example",
    "null": "null",
    "our name and more": "{base}.evil.example",
    "our name as a user": "http://127.0.0.1@evil.example",
    "another scheme": "https{rest}",
    "another port": "http://127.0.0.1:1",
    "a file": "file://",
    "a path": "{base}/",
    "upper case": "HTTP{rest}",
    "two": "{base} https://evil.example",
    "another loopback address": "http://127.0.0.2:5000",
    "empty": "",
}


@pytest.mark.parametrize("origin", ORIGINS.values(), ids=ORIGINS)
async def test_a_page_of_another_origin_changes_nothing(cast: Cast, origin: str) -> None:
    base = cast.target.base
    told = origin.format(base=base, rest=base.removeprefix("http"))
    cookie = f"echosphere_session={cast.ada.token}"
    async with httpx.AsyncClient(base_url=f"{base}/api/v1", headers={"Cookie": cookie}) as http:
        for method, path, body in (
            ("PATCH", "/me", {"name": "Eve"}),
            ("DELETE", "/sessions", None),
            ("POST", f"/conversations/{cast.here}/messages", {"key": "k" * 8, "body": "forged"}),
        ):
            answer = await http.request(method, path, json=body, headers={"Origin": told})
            assert answer.status_code == 403, (method, told)
        own = await http.patch("/me", json={"about": "mine"}, headers={"Origin": base})
        assert own.status_code == 200
    assert (await cast.ada.get("/me"))["user"]["name"] == "Ada Example"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", "Same-Origin", ""])
async def test_a_request_that_is_not_of_the_same_origin_changes_nothing(
    cast: Cast, site: str
) -> None:
    headers = {"Cookie": f"echosphere_session={cast.ada.token}", "Sec-Fetch-Site": site}
    async with httpx.AsyncClient(base_url=f"{cast.target.base}/api/v1", headers=headers) as http:
        assert (await http.patch("/me", json={"name": "Eve"})).status_code == 403


async def test_a_cookie_without_an_origin_changes_nothing(cast: Cast) -> None:
    headers = {"Cookie": f"echosphere_session={cast.ada.token}"}
    async with httpx.AsyncClient(base_url=f"{cast.target.base}/api/v1", headers=headers) as http:
        assert (await http.patch("/me", json={"name": "Eve"})).status_code == 403


@pytest.mark.parametrize("path", ["/login", "/register", "/logout"])
async def test_forms_of_other_sites_are_not_taken(cast: Cast, path: str) -> None:
    """No one is signed in as someone else, or out, by a page that they look at."""
    form = {"email": cast.oscar.email, "password": PASSWORD, "name": "Eve", "key": "key-of-a-form"}
    for origin in ("https://evil.example", "null", None):
        headers = {"Origin": origin} if origin else {}
        headers |= {"Cookie": f"echosphere_session={cast.ada.token}"}
        async with httpx.AsyncClient(base_url=cast.target.base, headers=headers) as http:
            answer = await http.post(path, data=form)
            assert answer.status_code == 403
            assert "echosphere_session" not in answer.cookies
    await cast.ada.get("/me")


async def test_forms_of_other_sites_do_not_sign_in_over_rest(cast: Cast) -> None:
    proof = {"email": cast.oscar.email, "password": PASSWORD}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        async with httpx.AsyncClient(base_url=cast.target.base, headers=headers) as http:
            answer = await http.post("/api/v1/sessions", json=proof)
        assert (answer.status_code, dict(answer.cookies)) == (403, {})


KINDS_OF_BODY = {
    "text": ("text/plain", b'{"name": "Eve"}'),
    "a form": ("application/x-www-form-urlencoded", b'{"name": "Eve", "x": "="}'),
    "multipart": ("multipart/form-data; boundary=x", b'--x\r\n\r\n{"name": "Eve"}\r\n--x--'),
    "no type": ("", b'{"name": "Eve"}'),
    "JSON of another kind": ("application/json5", b'{"name": "Eve"}'),
    "JSON in a text": ("text/plain; application/json", b'{"name": "Eve"}'),
    "two types": ("text/plain, application/json", b'{"name": "Eve"}'),
}


@pytest.mark.parametrize(("kind", "body"), KINDS_OF_BODY.values(), ids=KINDS_OF_BODY)
async def test_what_forms_can_send_is_no_json(cast: Cast, kind: str, body: bytes) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = await cast.ada.http.patch("/me", content=body, headers=headers)
    assert answer.status_code == 400
    assert (await cast.ada.get("/me"))["user"]["name"] == "Ada Example"


@pytest.mark.parametrize(
    "header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"]
)
async def test_a_get_is_no_other_method_in_disguise(cast: Cast, header: str) -> None:
    session = (await cast.ada.get("/sessions"))["sessions"][0]["id"]
    for path in (f"/sessions/{session}", "/sessions", "/me"):
        await cast.ada.http.get(path, headers={header: "DELETE"}, params={"_method": "DELETE"})
        await cast.ada.http.post(path, headers={header: "DELETE"}, params={"_method": "DELETE"})
    await cast.ada.get("/me")


async def test_looking_at_every_address_changes_nothing(cast: Cast) -> None:
    """A picture in a mail may point anywhere, and the browser sends its cookie."""
    document = (await cast.ada.get("/openapi.json"))["paths"]
    before = (await cast.ada.get("/me"), await cast.ada.get("/conversations"))
    for path, methods in document.items():
        if "get" in methods:
            continue
        filled = re.sub(r"\{\w+\}", cast.here, path).removeprefix("/api/v1")
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = await cast.ada.http.request(method, filled)
            assert answer.status_code in (200, 204, 404, 405), (method, path)
    for page in ("/logout", "/login", "/register", "/forgot-password"):
        await cast.ada.http.get(f"{cast.target.base}{page}")
    assert (await cast.ada.get("/me"), await cast.ada.get("/conversations")) == before


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:3000"])
async def test_no_other_site_may_read_an_answer(cast: Cast, origin: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "DELETE"}
    for path in ("/api/v1/me", "/api/v1/sessions", "/socket.io/", "/", "/static/client/x.js"):
        for method in ("GET", "OPTIONS"):
            answer = await cast.ada.http.request(
                method, f"{cast.target.base}{path}", headers=asked, params={"transport": "polling"}
            )
            told = [name for name in answer.headers if name.startswith("access-control")]
            assert told == [], path


HOSTS = {
    "Host": {"Host": "evil.example"},
    "X-Forwarded-Host": {"X-Forwarded-Host": "evil.example"},
    "Forwarded": {"Forwarded": "host=evil.example;proto=https"},
    "X-Original-URL": {
        "X-Original-URL": "https://evil.example/",
        "X-Rewrite-URL": "//evil.example",
    },
}


@pytest.mark.parametrize("headers", HOSTS.values(), ids=HOSTS)
async def test_links_in_mails_lead_to_us_whatever_a_request_says(
    servers: Servers, headers: dict[str, str]
) -> None:
    target = servers("https")
    email = f"ada.{abs(hash(str(headers)))}@example.org"
    account = {"email": email, "name": "Ada", "password": PASSWORD}
    async with target.browser() as http:
        assert (await http.post("/api/v1/accounts", json=account)).status_code == 201
    async with target.browser(accept="text/html", **headers) as http:
        assert (await http.post("/forgot-password", data={"email": email})).status_code == 200
    async with asyncio.timeout(TIMEOUT):
        while email not in target.post.recipients:
            await asyncio.sleep(0.05)
    letter = target.post.letters[target.post.recipients.index(email)]
    text = text_of(letter) + text_of(letter, "html")
    assert "https://chat.club.example/reset-password/" in text
    assert "evil.example" not in text


@pytest.mark.parametrize("headers", HOSTS.values(), ids=HOSTS)
async def test_no_page_speaks_of_a_host_that_a_request_made_up(
    cast: Cast, headers: dict[str, str]
) -> None:
    async with cast.target.browser(**headers) as http:
        for path in ("/", "/login", "/register", "/forgot-password", "/nothing", "/robots.txt"):
            answer = await http.get(path)
            assert "evil.example" not in answer.text + str(answer.headers), path


NEXT = [
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%09/evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "/..//evil.example",
    "/login@evil.example",
    "http:evil.example",
    "/\r\nLocation: https://evil.example",
]


@pytest.mark.parametrize("wanted", NEXT)
async def test_signing_in_leads_nowhere_else(cast: Cast, wanted: str) -> None:
    form = {"email": cast.ada.email, "password": PASSWORD, "next": wanted}
    async with cast.target.browser() as http:
        shown = await http.get("/login", params={"next": wanted})
        hidden = re.search(r'name="next" value="([^"]*)"', shown.text)
        assert hidden is not None
        assert str(http.base_url.join(hidden[1])).startswith(f"{cast.target.base}/")
        answer = await http.post("/login", data=form)
        assert answer.status_code == 303
        target = httpx.URL(cast.target.base).join(answer.headers["location"])
        assert str(target).startswith(f"{cast.target.base}/")
        again = await http.get("/login", params={"next": wanted})
        assert str(httpx.URL(cast.target.base).join(again.headers["location"])).startswith(
            f"{cast.target.base}/"
        )


# ---- what browsers are told --------------------------------------------------------------------

PAGES = (
    "/", "/login", "/register", "/forgot-password", "/nothing-here", "/api/v1/me", "/api/v1/nothing",
    "/healthz", "/metrics", "/robots.txt", "/invite/nothing", "/socket.io/", "/c/anything", "/admin",
    "/static/nothing", "/unsubscribe/nothing", "/reset-password/nothing",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
async def test_every_answer_closes_the_page_to_scripts_frames_and_guesses(
    target: Target, path: str
) -> None:
    async with target.browser() as http:
        headers = (await http.get(path)).headers
    policy = headers["content-security-policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["style-src"] == "'self'"
    assert directives["frame-ancestors"] == "'none'"
    assert directives["base-uri"] == "'none'"
    assert directives["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in policy
    assert "*" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]
    assert "server" not in headers
    assert "x-powered-by" not in headers


async def test_private_answers_are_kept_by_no_cache(cast: Cast) -> None:
    file = await cast.ada.upload("notes.txt", b"a secret note")
    for path in ("/me", "/conversations", cast.messages(), "/sessions", "/search?q=hello"):
        assert (await cast.ada.http.get(path)).headers["cache-control"] == "no-store", path
    served = (await cast.ada.http.get(f"/attachments/{file['id']}")).headers
    assert served["cache-control"] == "private, no-cache"
    assert {"Cookie", "Authorization"} <= {one.strip() for one in served["vary"].split(",")}


async def test_no_page_has_a_script_or_a_style_of_its_own(target: Target) -> None:
    async with target.browser() as http:
        for path in ("/login", "/register", "/forgot-password", "/nothing"):
            page = (await http.get(path)).text
            assert not re.search(r"<script(?![^>]*\bsrc=)", page), path
            assert not re.search(r"<style|\bstyle=|\bon\w+=", page), path


async def test_the_cookie_is_shut_to_scripts_and_other_sites(cast: Cast) -> None:
    proof = {"email": cast.ada.email, "password": PASSWORD}
    async with cast.target.browser() as http:
        cookies = (await http.post("/api/v1/sessions", json=proof)).headers.get_list("set-cookie")
    assert cookies
    for cookie in cookies:
        flags = {flag.strip().lower() for flag in cookie.split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= flags
        assert not any(flag.startswith("domain") for flag in flags)


async def test_on_https_cookies_are_of_this_host_alone_and_never_without_it(
    servers: Servers,
) -> None:
    target = servers("https")
    async with target.browser() as http:
        proof = {"email": "olga.owner@example.org", "password": PASSWORD}
        answer = await http.post("/api/v1/sessions", json=proof)
    cookies = answer.headers.get_list("set-cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-echosphere_")
        flags = {flag.strip().lower() for flag in cookie.split(";")[1:]}
        assert {"secure", "httponly", "path=/"} <= flags
    assert int(answer.headers["strict-transport-security"].partition("=")[2]) >= 31_536_000


async def test_on_https_a_cookie_without_its_prefix_is_no_ones(servers: Servers) -> None:
    """Whoever controls another host of the domain can set cookies for all of it."""
    target = servers("https")
    olga = await target.owner()
    async with target.browser(Cookie=f"echosphere_session={olga.token}") as http:
        assert (await http.get("/api/v1/me")).status_code == 401
    async with target.browser(Cookie=f"__Host-echosphere_session={olga.token}") as http:
        assert (await http.get("/api/v1/me")).status_code == 200
    await olga.close()


async def test_on_https_a_page_of_plain_http_changes_nothing(servers: Servers) -> None:
    target = servers("https")
    olga = await target.owner()
    headers = {"Cookie": f"__Host-echosphere_session={olga.token}"}
    for origin in ("http://chat.club.example", target.base, "https://club.example"):
        async with httpx.AsyncClient(base_url=f"{target.base}/api/v1", headers=headers) as http:
            answer = await http.patch("/me", json={"name": "Eve"}, headers={"Origin": origin})
            assert answer.status_code == 403, origin
    await olga.close()


async def test_signing_out_has_the_browser_forget_what_it_has_cached(cast: Cast) -> None:
    device = await cast.target.sign_in(cast.ada.email)
    answer = await device.http.delete("/sessions/current")
    assert answer.headers["clear-site-data"] == '"cache"'
    await device.close()
