"""The page around the messenger, its files, and the addresses of the earlier application."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from echosphere.database import Database
from echosphere.settings import LiveSettings
from echosphere.web.create import create_web
from echosphere.web.pages import REFERENCE_MANIFEST, ClientFiles, local_path, serve_reference
from tests.doors import PASSWORD, House, open_house, settings_in

MANIFEST = {
    "src/messenger.ts": {
        "file": "assets/messenger-a1.js",
        "isEntry": True,
        "imports": ["_shared.js"],
        "css": ["assets/messenger-a1.css"],
    },
    "src/pages.ts": {"file": "assets/pages-b2.js", "isEntry": True, "css": ["assets/pages-b2.css"]},
    "_shared.js": {
        "file": "assets/shared-c3.js",
        "imports": ["_deep.js", "_shared.js"],
        "css": ["assets/shared-c3.css"],
    },
    "_deep.js": {"file": "assets/deep-d4.js"},
    "src/conversation/Conversation.svelte": {
        "file": "assets/screen-e5.js",
        "isDynamicEntry": True,
        "imports": ["_deep.js", "_talk.js"],
    },
    "_talk.js": {"file": "assets/talk-f6.js", "css": ["assets/talk-f6.css"]},
    "src/texts/de.ts": {"file": "assets/de-g7.js", "isDynamicEntry": True},
}


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """A folder of static files with a client that was built."""
    manifest = tmp_path / "static" / "client" / ".vite" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps(MANIFEST))
    return tmp_path / "static"


@pytest.fixture
async def built(database: Database, tmp_path: Path, static: Path) -> AsyncIterator[House]:
    """A house whose client has been built."""
    async with open_house(database, settings_in(tmp_path), ClientFiles(static)) as house:
        yield house


async def test_signed_in_users_get_the_messenger(built: House) -> None:
    ana = await built.person("Ana")
    for path in ("/", "/c/abc", "/?add-contact"):
        response = await ana.open("GET", path)
        page = await response.get_data(as_text=True)
        assert response.status_code == 200
        assert f'data-largest="{25 * 1024 * 1024}" data-person="{ana.id}">' in page
        assert 'src="/static/client/assets/messenger-a1.js"' in page
        assert page.index("shared-c3.css") < page.index("messenger-a1.css")
        assert 'rel="modulepreload" href="/static/client/assets/deep-d4.js"' in page


async def test_the_page_of_a_conversation_names_what_shows_it(built: House) -> None:
    ana = await built.person("Ana")
    conversation = await (await ana.open("GET", "/c/abc")).get_data(as_text=True)
    listed = await (await ana.open("GET", "/")).get_data(as_text=True)
    for file in ("screen-e5.js", "talk-f6.js"):
        assert conversation.count(f'rel="modulepreload" href="/static/client/assets/{file}"') == 1
        assert file not in listed
    # Its styles do not keep the first paint waiting.
    assert 'rel="preload" as="style" href="/static/client/assets/talk-f6.css"' in conversation
    assert 'rel="stylesheet" href="/static/client/assets/talk-f6.css"' not in conversation
    assert conversation.count("deep-d4.js") == 1


async def test_only_who_reads_german_gets_the_german_texts_beside_the_program(
    built: House,
) -> None:
    ana = await built.person("Ana")
    for language, expected in (("de", True), ("en", False)):
        response = await ana.open("GET", "/", headers={"accept-language": language})
        page = await response.get_data(as_text=True)
        assert ("assets/de-g7.js" in page) is expected
        assert ("Unterhaltungen" in page) is expected


async def test_what_the_messenger_asks_first_is_asked_with_the_page(built: House) -> None:
    ana = await built.person("Ana")
    page = await (await ana.open("GET", "/")).get_data(as_text=True)
    shell = await (await ana.open("GET", "/shell")).get_data(as_text=True)
    for call in ("me", "conversations"):
        assert f'rel="preload" as="fetch" href="/api/v1/{call}" crossorigin>' in page
    assert "/api/" not in shell


async def test_pages_are_as_dense_as_the_device_was_told(built: House) -> None:
    for cookie, shown in (("compact", True), ("comfortable", False), ('"><i>', False)):
        headers = {"cookie": f"echosphere_density={cookie}"}
        page = await (await built.browser().open("GET", "/shell", headers=headers)).get_data(True)
        assert (' data-density="compact"' in page) is shown
        assert "><i>" not in page.partition("<head>")[0]


async def test_the_list_is_as_wide_in_the_page_as_the_device_was_told(built: House) -> None:
    for cookie, shown in (
        ("333", True),
        ("240", True),
        ("560", True),
        ("561", False),
        ("9", False),
        ('"><i>', False),
        ("٣٣٣", False),
    ):
        headers = {"cookie": f"echosphere_side_width={cookie}"}
        page = await (await built.browser().open("GET", "/shell", headers=headers)).get_data(True)
        assert (f'<canvas width="{cookie}" height="0">' in page) is shown, cookie
        assert ("<canvas" in page) is shown, cookie


async def test_opening_the_messenger_lets_a_browser_keep_its_session(built: House) -> None:
    ana = await built.person("Ana")
    response = await ana.open("GET", "/")
    (cookie,) = response.headers.getlist("set-cookie")
    assert f"={ana.token};" in cookie
    assert "Max-Age=2592000" in cookie


async def test_pages_say_what_this_is_in_the_readers_language(built: House) -> None:
    for language, sentence in (
        ("en", "A private place to talk."),
        ("de", "Ein Ort für eure Gespräche."),
    ):
        headers = {"accept-language": language}
        response = await built.browser().open("GET", "/login", headers=headers)
        page = await response.get_data(as_text=True)
        assert f'<meta name="description" content="EchoSphere. {sentence}' in page


async def test_browsers_may_keep_the_page_for_the_way_back_but_no_one_else_may(
    built: House,
) -> None:
    ana = await built.person("Ana")
    for path in ("/", "/c/abc", "/shell"):
        assert (await ana.open("GET", path)).headers["cache-control"] == "private, no-cache"


async def test_signed_out_users_are_led_to_sign_in_and_back(built: House) -> None:
    browser = built.browser()
    for path, address in (
        ("/", "/login"),
        ("/?add-contact", "/login?next=%2F%3Fadd-contact"),
        ("/c/abc", "/login?next=%2Fc%2Fabc"),
    ):
        response = await browser.open("GET", path)
        assert (response.status_code, response.headers["location"]) == (302, address)
    assert not (await browser.open("GET", "/")).headers.getlist("set-cookie")


async def test_a_worthless_cookie_leads_to_sign_in(built: House) -> None:
    ana = await built.person("Ana")
    phone = built.browser()
    await phone.sign_in(ana.email)
    await phone.delete("/sessions")
    assert (await ana.open("GET", "/")).headers["location"] == "/login"


async def test_the_page_that_opens_offline_is_the_same_for_everyone(built: House) -> None:
    browser = built.browser()
    form = {"name": "Ana", "email": "ana@example.org", "password": PASSWORD}
    await browser.open("POST", "/register", form=form)
    mine = await (await browser.open("GET", "/shell")).get_data(as_text=True)
    theirs = await (await built.browser().open("GET", "/shell")).get_data(as_text=True)
    assert 'id="messenger"' in mine
    assert "data-person" not in mine
    assert 'src="/static/client/assets/messenger-a1.js"' in mine
    assert mine == theirs
    # Nor does it use up what the messenger has to say to the person.
    page = await (await browser.open("GET", "/")).get_data(as_text=True)
    assert "Your account is ready." in page


async def test_the_service_worker_is_asked_for_again_at_the_root(
    built: House, static: Path
) -> None:
    assert (await built.browser().open("GET", "/sw.js")).status_code == 404
    (static / "client" / "sw.js").write_text("self.build = 1")
    manifest = static / "client" / ".vite" / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST | {"new": {"file": "assets/new.js"}}))
    response = await built.browser().open("GET", "/sw.js")
    assert await response.get_data(as_text=True) == "self.build = 1"
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["content-type"].startswith("text/javascript")
    assert "echosphere-worker" in response.headers["content-security-policy"]


async def test_old_addresses_lead_to_the_right_place(built: House) -> None:
    browser = built.browser()
    for path, address in (("/contacts/add", "/?add-contact"), ("/messages/7", "/c/7")):
        response = await browser.open("GET", path)
        assert (response.status_code, response.headers["location"]) == (302, address)


async def test_without_a_built_client_the_page_says_how_to_build_it(
    database: Database, tmp_path: Path
) -> None:
    nothing = ClientFiles(tmp_path / "nothing")
    async with open_house(database, settings_in(tmp_path), nothing) as house:
        ana = await house.person("Ana")
        response = await ana.open("GET", "/")
        login = await house.browser().open("GET", "/login")
    assert response.status_code == 503
    assert "bin/setup" in await response.get_data(as_text=True)
    assert login.status_code == 200


async def test_pages_follow_the_colours_chosen_in_the_messenger(built: House) -> None:
    for cookie, shown in (("dark", True), ("light", True), ('"><b>', False), ("auto", False)):
        headers = {"cookie": f"echosphere_colours={cookie}"}
        page = await (await built.browser().open("GET", "/login", headers=headers)).get_data(True)
        assert (f'data-bs-theme="{cookie}"' in page) is shown
        assert ("data-bs-theme" in page) is shown


async def test_errors_are_pages_for_people_and_documents_for_programs(built: House) -> None:
    browser = built.browser()
    page = await browser.open("GET", "/nothing", headers={"accept": "text/html"})
    assert page.status_code == 404
    assert "assets/pages-b2.css" in await page.get_data(as_text=True)
    document = await browser.open("GET", "/nothing", headers={"accept": "*/*"})
    assert document.content_type == "application/problem+json"


def test_a_new_build_is_noticed(static: Path) -> None:
    files = ClientFiles(static)
    before = files.entry("src/pages.ts")
    manifest = static / "client" / ".vite" / "manifest.json"
    manifest.write_text(json.dumps({"src/pages.ts": {"file": "assets/new.js"}}))
    after = files.entry("src/pages.ts")
    assert before is not None
    assert after is not None
    assert (before.script, after.script) == (
        "/static/client/assets/pages-b2.js",
        "/static/client/assets/new.js",
    )
    manifest.write_text("{")
    assert files.entry("src/pages.ts") is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/", "/"),
        ("/c/abc?x=1&y=%20", "/c/abc?x=1&y=%20"),
        (None, "/"),
        ("", "/"),
        ("c", "/"),
        ("//x", "/"),
        ("/\\x", "/"),
        ("/x\\y", "/"),
        ("/\n/x", "/"),
        ("https://x", "/"),
        ("/" + "x" * 2_000, "/"),
    ],
)
def test_only_paths_on_this_server_are_followed(given: str | None, kept: str) -> None:
    assert local_path(given) == kept


async def test_a_notice_of_success_waits_in_the_page_for_the_messenger(built: House) -> None:
    browser = built.browser()
    form = {"name": "Ana", "email": "ana@example.org", "password": PASSWORD}
    await browser.open("POST", "/register", form=form)
    pages = [await (await browser.open("GET", "/")).get_data(as_text=True) for _ in range(2)]
    notice = '<li data-category="success">Your account is ready.</li>'
    assert [notice in page for page in pages] == [True, False]


async def test_everyone_reads_the_reference_once_it_is_built(static: Path, tmp_path: Path) -> None:
    (static / "client" / REFERENCE_MANIFEST).write_text(
        json.dumps({"src/reference.ts": {"file": "assets/reference-r1.js"}})
    )
    app = create_web(LiveSettings(settings_in(tmp_path)))
    serve_reference(app, ClientFiles(static, REFERENCE_MANIFEST))
    response = await app.test_client().get("/api/v1/docs")
    assert response.status_code == 200
    page = await response.get_data(as_text=True)
    assert '<div id="reference">' in page
    assert 'src="/static/client/assets/reference-r1.js"' in page
    (static / "client" / REFERENCE_MANIFEST).unlink()
    assert (await app.test_client().get("/api/v1/docs")).status_code == 503
