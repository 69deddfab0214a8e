"""What an outsider's page is told over its WebSocket while others talk."""

from playwright.sync_api import WebSocket, expect

from tests.browser.people import Someone

PROOF = "still listening"


class Overhearing:
    """Listens to all that reaches someone's page from the moment it is opened.

    Args:
        person: The outsider; their page is opened.
    """

    def __init__(self, person: Someone) -> None:
        self._person = person
        self._frames: list[str] = []
        person.page.on("websocket", self._listen)
        with person.page.expect_websocket():
            person.page.goto("/")
        menu = person.page.get_by_role("button", name="Your menu")
        expect(menu).to_be_visible()

    def heard_nothing_of(self, *words: str) -> None:
        """See that the connection lives and has carried none of these words."""
        me = self._person.call("GET", "/me")["user"]["id"]
        wish = {"kind": "direct", "user": me}
        notes = self._person.call("POST", "/conversations", wish)["conversation"]["id"]
        proof = {"key": "proof-of-listening", "body": PROOF}
        with self._socket.expect_event("framereceived", lambda frame: PROOF in str(frame)):
            self._person.call("POST", f"/conversations/{notes}/messages", proof)
        conversations = self._person.page.get_by_role("navigation", name="Conversations")
        expect(conversations.get_by_role("listitem")).to_contain_text(PROOF)
        heard = "\n".join(self._frames)
        assert PROOF in heard
        assert [word for word in words if word in heard] == []

    def _listen(self, socket: WebSocket) -> None:
        self._socket = socket
        socket.on("framereceived", lambda frame: self._frames.append(str(frame)))
