"""Three people of a group in their browsers, a second device of one of them, and an outsider."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import expect

from tests.browser.people import PASSWORD, Open, Someone
from tests.browser.proxy import Proxy


@dataclass
class Cast:
    """Who takes part; everyone is signed in, and no one has a page open that was not asked for.

    Attributes:
        ada: Owns the group.
        phone: Ada's second device; no WebSocket gets through to it.
        olaf: A contact of no one, in no conversation with them.
        group: The id of the group of Ada, Ben and Cleo.
        direct: The id of the conversation of Ada and Ben.
    """

    ada: Someone
    phone: Someone
    ben: Someone
    cleo: Someone
    olaf: Someone
    group: str
    direct: str

    def at(self, conversation: str, *people: Someone) -> None:
        """Have people open a conversation, by default all members on all their devices."""
        open_at(f"/c/{conversation}", *(people or (self.ada, self.phone, self.ben, self.cleo)))

    def id_of(self, person: Someone) -> str:
        """Return the id of a person."""
        found: str = person.call("GET", "/me")["user"]["id"]
        return found

    def post(self, person: Someone, conversation: str, body: str, **more: Any) -> int:
        """Post a message without the composer and return its number."""
        key = f"test-{abs(hash((person.name, body, conversation))) % 10**12:012}"
        message = {"key": key, "body": body} | more
        path = f"/conversations/{conversation}/messages"
        seq: int = person.call("POST", path, message)["message"]["seq"]
        return seq


MakeCast = Callable[..., Cast]


def gather(newcomer: Open, proxy: Proxy, **options: Any) -> Cast:
    """Make the cast; the options are those of each browser but the phone's."""
    ada, ben, cleo, olaf = (newcomer(name, **options) for name in ("Ada", "Ben", "Cleo", "Olaf"))
    for person in (ada, ben, cleo, olaf):
        person.join()
    for asker in (ben, cleo):
        become_contacts(asker, ada)
    become_contacts(ben, cleo)
    contacts = {one["user"]["name"]: one["user"]["id"] for one in contacts_of(ada)}
    wish = {"kind": "group", "title": "Harbour", "members": list(contacts.values())}
    group = ada.call("POST", "/conversations", wish)["conversation"]["id"]
    wish = {"kind": "direct", "user": contacts["Ben"]}
    direct = ada.call("POST", "/conversations", wish)["conversation"]["id"]
    phone = second_device(newcomer, ada, base_url=proxy.address)
    return Cast(ada, phone, ben, cleo, olaf, group, direct)


def second_device(newcomer: Open, person: Someone, **options: Any) -> Someone:
    """Sign a person in on another device."""
    device = newcomer(person.name, **options)
    device.email = person.email
    device.call("POST", "/sessions", {"email": person.email, "password": PASSWORD})
    return device


def open_at(address: str, *people: Someone) -> None:
    """Have people open a conversation, all at once."""
    for one in people:
        one.page.goto(address, wait_until="commit")
    for one in people:
        expect(one.page.get_by_role("textbox", name="Message")).to_be_visible()


def in_touch(asker: Someone, asked: Someone) -> str:
    """Make two people contacts without the pages for it; return the id of their conversation."""
    become_contacts(asker, asked)
    wish = {"kind": "direct", "user": asked.call("GET", "/me")["user"]["id"]}
    conversation: str = asker.call("POST", "/conversations", wish)["conversation"]["id"]
    return conversation


def become_contacts(asker: Someone, asked: Someone) -> None:
    """Make two people contacts without the pages for it."""
    asker.call("POST", "/contacts", {"email": asked.email})
    for request in asked.call("GET", "/contacts/requests")["requests"]:
        asked.call("POST", f"/contacts/requests/{request['id']}", {"accept": True})


def contacts_of(person: Someone) -> list[dict[str, Any]]:
    """Return a person's contacts."""
    found: list[dict[str, Any]] = person.call("GET", "/contacts")["contacts"]
    return found
