"""The page at which mails end."""

from quart import Quart, render_template, request

from echosphere.database import Database
from echosphere.notifications.unsubscribe import Unsubscribing, end_digest


class UnsubscribePages:
    """Serves `/unsubscribe/{token}`, to which each digest leads.

    Who has the link needs no session, and may come from another page: mail programs send the form
    themselves (RFC 8058). It ends mails and does nothing else.
    """

    def __init__(self, database: Database, unsubscribing: Unsubscribing) -> None:
        self._database = database
        self._unsubscribing = unsubscribing

    def serve(self, app: Quart) -> None:
        """Add the page to the application."""
        app.add_url_rule(
            "/unsubscribe/<token>", "unsubscribe", self.unsubscribe, methods=["GET", "POST"]
        )

    async def unsubscribe(self, token: str) -> str:
        """Ask whether the mails are to end, or end them."""
        user = self._unsubscribing.user_of(token)
        if request.method == "POST":
            await self._database.write(end_digest, user)
        return await render_template("unsubscribe.html", done=request.method == "POST")
