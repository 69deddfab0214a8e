"""The page that turns off e-mail digests."""

from quart import Quart, render_template, request

from echosphere.database import Database
from echosphere.notifications.unsubscribe import EndDigest, UnsubscribeLinks


class UnsubscribePages:
    """Serves `/unsubscribe/{token}`, to which each digest leads.

    The link works without a session and from another origin: mail programs send the form
    themselves (RFC 8058).
    """

    def __init__(self, database: Database, unsubscribe_links: UnsubscribeLinks) -> None:
        self._database = database
        self._unsubscribe_links = unsubscribe_links

    def serve(self, app: Quart) -> None:
        """Add the page to the application."""
        app.add_url_rule(
            "/unsubscribe/<token>", "unsubscribe", self.unsubscribe, methods=["GET", "POST"]
        )

    async def unsubscribe(self, token: str) -> str:
        """Show the question (GET) or turn the digest off (POST)."""
        user = self._unsubscribe_links.user_of(token)
        if request.method == "POST":
            await self._database.write(EndDigest(user))
        return await render_template("unsubscribe.html", done=request.method == "POST")
