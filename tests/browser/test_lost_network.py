"""The network fails between a message and its answer, and then the server fails: it is sent once."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.cast import in_touch, open_at
from tests.browser.people import Open, Someone
from tests.browser.proxy import Proxy
from tests.served import Served

ANY_WAY_TO_POST = r"POST |GET /socket\.io/"


Way = Callable[[bool], Proxy]


@pytest.fixture
def way_to(own_served: Served) -> Iterator[Way]:
    """Makes a network in front of the test's own product."""
    made: list[Proxy] = []

    def make(websockets: bool) -> Proxy:
        proxy = Proxy(own_served.address, websockets=websockets)
        proxy.start()
        made.append(proxy)
        return proxy

    yield make
    for proxy in made:
        proxy.stop()


@pytest.mark.parametrize("websockets", [True, False], ids=["websocket", "polling"])
def test_a_message_whose_answer_was_lost_is_there_once_after_reload_and_power_cut(
    newcomer: Open, own_served: Served, way_to: Way, websockets: bool
) -> None:
    way = way_to(websockets)
    ada = newcomer("Ada", base_url=way.address)
    ben = newcomer("Ben", base_url=own_served.address)
    for person in (ada, ben):
        person.join()
    open_at(f"/c/{in_touch(ada, ben)}", ada, ben)
    ada.say("before")
    ben.hears("before")
    ada.sees("img", "Read")
    assert (way.upgraded > 0) is websockets

    way.lose_answers(ANY_WAY_TO_POST)
    ada.say("only once")
    ben.hears("only once")
    ada.sees("img", "Pending")
    assert way.has_lost_one()

    ada.page.reload()
    ada.hears("only once")

    own_served.kill()
    own_served.start()
    way.heal()
    for person in (ada, ben):
        nothing_waits(person)
        person.hears("only once")
        person.page.reload()
        person.hears("only once")
        person.hears("before")


def nothing_waits(person: Someone) -> None:
    """See that the outbox is empty: everything in it has been answered."""
    pending = person.page.get_by_role("log").get_by_role("img", name="Pending")
    expect(pending).to_have_count(0)
    person.keeps("outbox", "rows.length === 0")
