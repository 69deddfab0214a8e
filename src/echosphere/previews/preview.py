"""Adds previews to messages after they were delivered: a job for each message with a link."""

import asyncio
import logging
from typing import Any

import msgspec

from echosphere.accounts import settings_of
from echosphere.attachments import Previews, Storage, remove_strays
from echosphere.core.clock import DAY, HOUR, MINUTE, SECOND
from echosphere.core.errors import TooMany, Unavailable
from echosphere.core.ids import new_id
from echosphere.core.rate_limits import Rate, RateLimiter
from echosphere.database import Database, JobRunner, Snapshot, Transaction
from echosphere.http_client import (
    MAX_WAITING_PER_USER,
    FairQueue,
    HttpClientError,
    SafeHttpClient,
    parse_url,
)
from echosphere.messages import (
    Message,
    MessageChanged,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    find_message,
    set_preview,
)
from echosphere.previews import store
from echosphere.previews.link import Found, Picture
from echosphere.previews.look import Looker
from echosphere.richtext import first_link, may_hold_link

LOOK = "previews.look"
"""The kind of job that looks at the link of one message.

Its payload is `{conversation, seq}`; with `again`, which counts from 1, and `shown` when it comes back
for what this server had no time to look at: the picture of a preview that is shown, or all of it.
"""

REMOVE_IMAGE = "previews.remove"
"""The kind of job that removes a stored picture; its payload is `{id}`."""

LOOKS = Rate("link previews", burst=30, every=10.0)
FOLDER = "previews"
PLACE = "/api/v1/previews/"
MAX_AGE = 10 * MINUTE
"""What was said longer ago is not looked at any more: nobody waits for its preview."""

LATER = 5 * SECOND
"""When it is a person's turn to wait again, who has too many links that wait already."""

AGAIN_AFTER = (30 * SECOND, 2 * MINUTE, 5 * MINUTE)
"""When a link is looked at again for which this server had no time; then it is given up."""

KEPT = DAY
"""How long a stored picture waits for its row."""

log = logging.getLogger(__name__)


class LinkPreviews:
    """Looks at the links in messages.

    Args:
        database: Where the messages are.
        storage: Where pictures are kept; they have a folder of their own.
        http_client: Fetches pages and pictures.
        previews: Looks into strangers' pages and pictures.
        rate_limiter: How many links of one person are looked at.
        base_url: Of this instance: its own pages say nothing to strangers.
        wanted: Whether the operator wants it.
    """

    def __init__(
        self,
        database: Database,
        storage: Storage,
        http_client: SafeHttpClient,
        previews: Previews,
        rate_limiter: RateLimiter,
        *,
        base_url: str,
        wanted: bool,
    ) -> None:
        self._database = database
        self._storage = storage.within(FOLDER)
        self._looker = Looker(http_client, previews, self._storage.incoming)
        self._queue = FairQueue()
        self._rate_limiter = rate_limiter
        self._base_url = base_url
        self._wanted = wanted

    def register(self, jobs: JobRunner, visits: JobRunner) -> None:
        """Have the work done.

        Args:
            jobs: Does what needs nobody else.
            visits: Does what waits for strangers' servers.
        """
        also = self._database.also
        also(MessageEdited, forget_image)
        also(MessageDeleted, forget_image)
        also(MessageChanged, forget_image)
        if self._wanted:
            also(MessagePosted, self.queue)
            also(MessageEdited, self.queue)
        visits.register(LOOK, self.look)
        jobs.register(REMOVE_IMAGE, self.remove_image)
        jobs.every("previews.sweep", HOUR, self.sweep)

    def queue(self, transaction: Transaction, event: MessagePosted | MessageEdited) -> None:
        """Leave a job if there may be a link to look at: reading the whole text is its business."""
        message = event.message
        if message.system is None and may_hold_link(message.body):
            transaction.enqueue(LOOK, {"conversation": message.conversation, "seq": message.seq})

    async def look(self, payload: dict[str, Any]) -> None:
        """Look at the link of a message, and show what was seen."""
        shown = payload.get("shown", False)
        known = await self._database.read(
            message_to_look_at, payload["conversation"], payload["seq"], shown=shown
        )
        if known is None or self._is_our_own(known[1]):
            return
        message, link = known
        if self._queue.waiting_for(message.author) >= MAX_WAITING_PER_USER:
            await self._database.write(look_later, payload)
            return
        try:
            self._rate_limiter.take(LOOKS, message.author)
            host = parse_url(link).host
        except (TooMany, HttpClientError) as error:
            log.info("A link is not looked at: %s", error)
            return
        try:
            found = await self._look_in_turn(message, link, host)
        except Unavailable as error:
            log.info("A link is looked at later: %s", error)
            await self._database.write(look_again, payload, shown)
            return
        if found is None:
            return
        await self._show(message, found)
        if found.missed:
            await self._database.write(look_again, payload, True)

    async def _look_in_turn(self, message: Message, link: str, host: str) -> Found | None:
        async with self._queue.slot(message.author, host):
            if is_too_old(message, self._database.clock()):
                return None
            return await self._looker.look(link)

    async def _show(self, message: Message, found: Found) -> None:
        image = None if found.picture is None else await self._keep(found.picture)
        shown = await self._database.write_in(
            message.conversation, show_preview, message, found, image
        )
        if image is not None and not shown:
            await self._storage.remove(image)

    async def _keep(self, picture: Picture) -> str:
        image = new_id()
        path = self._storage.incoming / f"{image}.part"
        await asyncio.to_thread(path.write_bytes, picture.content)
        await self._storage.keep(path, image)
        return image

    def _is_our_own(self, link: str) -> bool:
        return f"{link}/".lower().startswith(f"{self._base_url.lower()}/")

    async def remove_image(self, payload: dict[str, Any]) -> None:
        """Remove a stored picture."""
        await self._storage.remove(payload["id"])

    async def sweep(self) -> None:
        """Remove stored pictures without a row: a crash came between the two."""
        before = self._database.clock() - KEPT
        await remove_strays(self._storage, self._database, store.known_among, before)


def message_to_look_at(
    snapshot: Snapshot, conversation: str, seq: int, *, shown: bool = False
) -> tuple[Message, str] | None:
    """Return a message and its link if its author wants it looked at, and there is a reason to.

    Args:
        snapshot: Where to look.
        conversation: The conversation of the message.
        seq: Its number.
        shown: Whether it had a preview that lacks only its picture; otherwise it has none yet. One
            that its author took away stays away.
    """
    message = find_message(snapshot, conversation, seq)
    if message is None or message.deleted or (message.preview is not None) is not shown:
        return None
    if message.preview is not None and msgspec.json.decode(message.preview)["image_url"]:
        return None
    if is_too_old(message, snapshot.now):
        return None
    if not settings_of(snapshot, message.author).link_previews:
        return None
    link = first_link(message.body)
    return None if link is None else (message, link)


def is_too_old(message: Message, now: int) -> bool:
    """Whether its words were written so long ago that a preview comes too late."""
    return now - (message.edited_at or message.created_at) > MAX_AGE


def look_later(transaction: Transaction, payload: dict[str, Any]) -> None:
    """Leave the job to be looked at again in a while."""
    transaction.enqueue(LOOK, payload, after=LATER)


def look_again(transaction: Transaction, payload: dict[str, Any], shown: bool) -> None:
    """Leave the job to be tried again, each time later, and in the end no more."""
    tried = payload.get("again", 0)
    if tried < len(AGAIN_AFTER):
        again = payload | {"again": tried + 1, "shown": shown}
        transaction.enqueue(LOOK, again, after=AGAIN_AFTER[tried])


def show_preview(
    transaction: Transaction, message: Message, found: Found, image: str | None
) -> bool:
    """Put a preview on a message, unless it was changed meanwhile; return whether it is there."""
    address = None if image is None else PLACE + image
    if set_preview(transaction, message, found.shape(address)) is None:
        return False
    if image is not None:
        store.add(transaction, image, message.conversation, message.seq)
    return True


def forget_image(
    transaction: Transaction, event: MessageEdited | MessageDeleted | MessageChanged
) -> None:
    """Remove the picture of a preview that is gone."""
    message = event.message
    if message.preview is not None:
        return
    for image in store.remove_of_message(transaction, message.conversation, message.seq):
        transaction.enqueue(REMOVE_IMAGE, {"id": image})
