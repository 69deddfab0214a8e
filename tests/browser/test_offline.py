"""The app without a network: it opens with everything known, and keeps nothing that is gone."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import arrives, keeps_nothing_of
from tests.browser.cast import in_touch, open_at
from tests.browser.notices import NOTE_SHOWN, SHOWN
from tests.browser.people import Open, Pair, Someone
from tests.served import Served

pytestmark = pytest.mark.service_worker

EVERYTHING = """async () => {
    const told = [];
    for (const { name } of await indexedDB.databases()) {
        const database = await new Promise((done, failed) => {
            const opening = indexedDB.open(name);
            opening.onsuccess = () => done(opening.result);
            opening.onerror = () => failed(opening.error);
        });
        for (const store of database.objectStoreNames) {
            told.push(await new Promise((done) => {
                const all = database.transaction(store).objectStore(store).getAll();
                all.onsuccess = () => done(all.result);
            }));
        }
        database.close();
    }
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            if (!request.url.includes('/assets/')) {
                told.push(await (await cache.match(request)).text());
            }
        }
    }
    return JSON.stringify([told, { ...localStorage }]);
}"""

CONTROLLED = """() => navigator.serviceWorker.controller !== null || new Promise((done) =>
    navigator.serviceWorker.addEventListener('controllerchange', done, { once: true })
).then(() => true)"""


def everything(page: Page) -> str:
    """All that this browser keeps for the page's address, but the files of the build."""
    kept: str = page.evaluate(EVERYTHING)
    return kept


def conversation_of(person: Someone) -> str:
    """The id of the conversation that is open."""
    return person.page.url.rpartition("/")[2]


def test_the_app_opens_offline_with_everything_known_and_sends_when_it_is_back(
    newcomer: Open, own_served: Served
) -> None:
    ada = newcomer("Ada", base_url=own_served.address)
    ben = newcomer("Ben", base_url=own_served.address)
    for person in (ada, ben):
        person.join()
    open_at(f"/c/{in_touch(ada, ben)}", ada, ben)
    ben.say("read me on the train")
    ada.hears("read me on the train")
    ada.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    ada.keeps("messages", "rows.some(({ body }) => body === 'read me on the train')")

    own_served.stop()
    ada.page.reload()
    ada.hears("read me on the train")
    expect(ada.page.get_by_role("status").get_by_text("No connection")).to_be_visible()
    ada.say("written on the train")
    ada.sees("img", "Pending")
    ada.page.goto("/")
    ada.page.get_by_role("link", name="Ben").click()
    ada.hears("written on the train")

    own_served.start()
    ben.hears("written on the train")
    ada.hears("written on the train")


def test_what_was_deleted_meanwhile_is_found_nowhere_after_catching_up(pair: Pair) -> None:
    ada, ben = pair()
    ben.say("the marker in the sand")
    ada.hears("the marker in the sand")
    here = conversation_of(ada)
    ada.keeps("messages", "rows.some(({ body }) => body.includes('marker'))")
    ada.page.goto("about:blank")
    (seq,) = [
        message["seq"]
        for message in ben.call("GET", f"/conversations/{here}/messages")["messages"]
        if "marker" in message["body"]
    ]
    ben.call("DELETE", f"/conversations/{here}/messages/{seq}")
    ada.page.goto(f"/c/{here}")
    expect(ada.page.get_by_role("log").get_by_text("the marker in the sand")).to_have_count(0)
    keeps_nothing_of(ada, "marker")
    assert "marker" not in everything(ada.page)


def test_signing_out_leaves_nothing_of_the_person(pair: Pair) -> None:
    ada, ben = pair()
    ben.say("the marker in the sand")
    ada.hears("the marker in the sand")
    ada.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    ada.keeps("messages", "rows.some(({ body }) => body.includes('marker'))")
    assert "marker" in everything(ada.page)
    ada.page.get_by_role("button", name="Your menu").click()
    ada.page.get_by_role("menuitem", name="Sign out").click()
    arrives(ada.page, "/login$")
    expect(ada.page.get_by_role("heading", name="Sign in")).to_be_visible()
    left = everything(ada.page)
    for private in ("marker", "Ada", "Ben", ada.email):
        assert private not in left


def test_who_signs_in_next_in_the_same_browser_sees_nothing_of_the_first(
    pair: Pair, newcomer: Open
) -> None:
    ada, ben = pair()
    cleo = newcomer("Cleo")
    cleo.join()
    ben.say("the marker in the sand")
    ada.hears("the marker in the sand")
    ada.page.get_by_role("textbox", name="Message").fill("half a sentence")
    ada.keeps("messages", "rows.some(({ body }) => body.includes('marker'))")
    ada.keeps("drafts", "rows.some(({ text }) => text === 'half a sentence')")
    ada.call("DELETE", "/sessions/current")
    arrives(ada.page, "/login")
    ada.page.goto("/login")
    cleo.page = ada.page
    cleo.sign_in()
    expect(cleo.page.get_by_role("button", name="Your menu")).to_be_visible()
    expect(cleo.page.get_by_text("marker")).to_have_count(0)
    left = everything(cleo.page)
    assert "marker" not in left
    # What Ada was writing waits for her.
    assert "half a sentence" in left


class Pushes:
    """Hands pushes to the service worker of a page, as the browser's push service would."""

    def __init__(self, page: Page, origin: str) -> None:
        self._origin = origin
        self._registration = ""
        self._session = page.context.new_cdp_session(page)
        self._session.on("ServiceWorker.workerRegistrationUpdated", self._found)
        self._session.send("ServiceWorker.enable")
        page.evaluate(CONTROLLED)
        assert self._registration
        [self._worker] = page.context.service_workers
        self._worker.evaluate(NOTE_SHOWN)

    def _found(self, event: dict[str, list[dict[str, str]]]) -> None:
        for registration in event["registrations"]:
            self._registration = registration["registrationId"]

    def deliver(self, conversation: str, body: str) -> None:
        told = {"conversation": conversation, "seq": 2, "title": "Ben", "body": body}
        told |= {"url": f"/c/{conversation}?m=2", "tag": conversation}
        push = {"origin": self._origin, "registrationId": self._registration}
        self._session.send("ServiceWorker.deliverPushMessage", push | {"data": json.dumps(told)})

    def shown(self, count: int) -> list[dict[str, str]]:
        """Return the notifications once the worker has shown so many."""
        found: list[dict[str, str]] = self._worker.evaluate(SHOWN, count)
        return found


def test_a_push_is_shown_unless_its_conversation_is_before_the_eyes(
    pair: Pair, served: Served
) -> None:
    ada, _ = pair(alone=True)
    here = conversation_of(ada)
    ada.page.context.grant_permissions(["notifications"], origin=served.address)
    pushes = Pushes(ada.page, served.address)
    pushes.deliver(here, "seen anyway")
    pushes.deliver("another", "not seen")
    [told] = pushes.shown(1)
    assert (told["body"], told["tag"], told["url"]) == ("not seen", "another", "/c/another?m=2")
    ada.page.goto("/")
    pushes.deliver(here, "not seen either")
    assert {told["body"] for told in pushes.shown(2)} == {"not seen", "not seen either"}
