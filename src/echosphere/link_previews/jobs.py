"""Adds previews to messages after delivery, with a job for each message that has a link."""

import asyncio
import logging
from typing import Any

import msgspec

from echosphere.accounts import settings_of
from echosphere.core.clock import DAY, HOUR, MINUTE, SECOND
from echosphere.core.errors import TooMany, Unavailable
from echosphere.core.ids import new_id
from echosphere.core.rate_limits import Rate, RateLimiter
from echosphere.database import Command, Database, Snapshot, Transaction
from echosphere.http_client import (
    MAX_WAITING_PER_USER,
    FairQueue,
    HttpClientError,
    SafeHttpClient,
    parse_url,
)
from echosphere.jobs import JobRunner
from echosphere.link_previews import store
from echosphere.link_previews.fetch import PreviewFetcher
from echosphere.link_previews.preview import FetchedPreview, PreviewImage
from echosphere.media import SandboxPool, Storage, delete_orphans, remove_file
from echosphere.messages import (
    Message,
    MessageChanged,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    find_message,
    set_preview,
)
from echosphere.richtext import first_link, may_have_link
from echosphere.settings import LiveSettings

FETCH = "previews.look"
"""The job that fetches the preview of one message; its payload is `{conversation, seq}`.

A retry, for what this server had no time to inspect, has `again`, counted from 1, and `shown`: whether
the preview is shown and lacks only its image.
"""

REMOVE_IMAGE = "previews.remove"
"""The job that removes a stored image; its payload is `{id}`."""

FETCH_RATE = Rate("link previews", burst=30, every=10.0)
FOLDER = "previews"
IMAGE_PATH = "/api/v1/previews/"
MAX_AGE = 10 * MINUTE
"""Older messages get no preview, since it would come too late to be useful."""

RETRY_AFTER = 5 * SECOND
"""When to try again for an author who already has too many links waiting."""

RETRY_DELAYS = (30 * SECOND, 2 * MINUTE, 5 * MINUTE)
"""When a link that this server had no time to inspect is fetched again; then it is given up."""

ORPHAN_AGE = DAY
"""How long a stored image may be without a row before it is deleted."""

log = logging.getLogger(__name__)


class LinkPreviews:
    """Adds previews to messages.

    Args:
        database: Where the messages are.
        storage: Where images are kept, in a folder of their own.
        http_client: Fetches pages and images.
        sandbox: Parses untrusted pages and images, in sandboxed processes.
        limits: Limits how many links of one author are fetched.
        base_url: Of this instance; its own pages get no preview.
        live: Whether the operator wants previews at this moment.
    """

    def __init__(
        self,
        database: Database,
        storage: Storage,
        http_client: SafeHttpClient,
        sandbox: SandboxPool,
        limits: RateLimiter,
        *,
        base_url: str,
        live: LiveSettings,
    ) -> None:
        self._database = database
        self._storage = storage.subfolder(FOLDER)
        self._fetcher = PreviewFetcher(http_client, sandbox, self._storage.incoming)
        self._queue = FairQueue()
        self._limits = limits
        self._base_url = base_url
        self._live = live

    def register(self, jobs: JobRunner, preview_jobs: JobRunner) -> None:
        """Register the jobs and the work done in the transactions of messages.

        Args:
            jobs: Runs what needs no other server.
            preview_jobs: Runs what waits for other servers.
        """
        database = self._database
        database.in_same_transaction(MessageEdited, remove_images)
        database.in_same_transaction(MessageDeleted, remove_images)
        database.in_same_transaction(MessageChanged, remove_images)
        database.in_same_transaction(MessagePosted, self.enqueue)
        database.in_same_transaction(MessageEdited, self.enqueue)
        preview_jobs.register(FETCH, self.fetch)
        jobs.register(REMOVE_IMAGE, self.remove_image)
        jobs.every("previews.sweep", HOUR, self.delete_orphaned_images)

    def enqueue(self, transaction: Transaction, event: MessagePosted | MessageEdited) -> None:
        """Enqueue a job if there may be a link; the job itself parses the text."""
        message, is_on = event.message, self._live.current.link_previews
        if is_on and message.system is None and may_have_link(message.body):
            transaction.enqueue(FETCH, {"conversation": message.conversation, "seq": message.seq})

    async def fetch(self, payload: dict[str, Any]) -> None:
        """Fetch the preview of a message and attach it."""
        is_shown = payload.get("shown", False)
        pending = await self._database.read(
            find_pending, payload["conversation"], payload["seq"], is_shown=is_shown
        )
        if pending is None or self._is_own_page(pending[1]):
            return
        message, link = pending
        if self._queue.waiting_for(message.author) >= MAX_WAITING_PER_USER:
            await self._database.write(FetchLater(payload))
            return
        try:
            self._limits.take(FETCH_RATE, message.author)
            host = parse_url(link).host
        except (TooMany, HttpClientError) as error:
            log.info("A link was not fetched: %s", error)
            return
        try:
            preview = await self._fetch_in_turn(message, link, host)
        except Unavailable as error:
            log.info("A link will be fetched later: %s", error)
            await self._database.write(RetryInspection(payload, is_shown))
            return
        if preview is None:
            return
        await self._attach(message, preview)
        if preview.is_image_pending:
            await self._database.write(RetryInspection(payload, is_shown=True))

    async def _fetch_in_turn(self, message: Message, link: str, host: str) -> FetchedPreview | None:
        async with self._queue.slot(message.author, host):
            if is_too_old(message, self._database.clock()):
                return None
            return await self._fetcher.fetch(link)

    async def _attach(self, message: Message, preview: FetchedPreview) -> None:
        image_id = None if preview.image is None else await self._store_image(preview.image)
        image_url = None if image_id is None else IMAGE_PATH + image_id
        is_attached = await self._database.write(
            AttachPreview(message, preview.to_json(image_url), image_id)
        )
        if image_id is not None and not is_attached:
            await self._storage.remove(image_id)

    async def _store_image(self, image: PreviewImage) -> str:
        image_id = new_id()
        path = self._storage.incoming / f"{image_id}.part"
        await asyncio.to_thread(path.write_bytes, image.content)
        await self._storage.put(path, image_id)
        return image_id

    def _is_own_page(self, link: str) -> bool:
        return f"{link}/".lower().startswith(f"{self._base_url.lower()}/")

    async def remove_image(self, payload: dict[str, Any]) -> None:
        """Remove a stored image."""
        await remove_file(self._storage, self._database, REMOVE_IMAGE, payload)

    async def delete_orphaned_images(self) -> None:
        """Delete stored images without a row, which a crash leaves behind."""
        await delete_orphans(self._storage, self._database, store.existing_ids, ORPHAN_AGE)


def find_pending(
    snapshot: Snapshot, conversation: str, seq: int, *, is_shown: bool = False
) -> tuple[Message, str] | None:
    """Return a message and its first link if a preview, or its image, is to be fetched.

    Args:
        snapshot: The state to read.
        conversation: The message's conversation.
        seq: The message's number.
        is_shown: Whether it had a preview without an image; otherwise it must have none yet. A
            preview that the author removed stays removed.
    """
    message = find_message(snapshot, conversation, seq)
    if message is None or message.deleted or (message.preview is not None) is not is_shown:
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
    """Whether the text is older than `MAX_AGE`."""
    return now - (message.edited_at or message.created_at) > MAX_AGE


class FetchLater(Command[None]):
    """Enqueue the job again, delayed."""

    payload: dict[str, bool | int | str]

    def run(self, transaction: Transaction) -> None:
        """Enqueue it."""
        transaction.enqueue(FETCH, self.payload, after=RETRY_AFTER)


class RetryInspection(Command[None]):
    """Enqueue the job again after a growing delay, a few times."""

    payload: dict[str, bool | int | str]
    is_shown: bool

    def run(self, transaction: Transaction) -> None:
        """Enqueue it."""
        tries = int(self.payload.get("again", 0))
        if tries < len(RETRY_DELAYS):
            again = self.payload | {"again": tries + 1, "shown": self.is_shown}
            transaction.enqueue(FETCH, again, after=RETRY_DELAYS[tries])


class AttachPreview(Command[bool], lane="seen.conversation"):
    """Attach a preview unless the message changed meanwhile; return whether it is attached."""

    seen: Message
    preview: dict[str, int | str | None]
    image_id: str | None

    def run(self, transaction: Transaction) -> bool:
        """Attach it."""
        if set_preview(transaction, self.seen, self.preview) is None:
            return False
        if self.image_id is not None:
            store.add(transaction, self.image_id, self.seen.conversation, self.seen.seq)
        return True


def remove_images(
    transaction: Transaction, event: MessageEdited | MessageDeleted | MessageChanged
) -> None:
    """Remove the images of a message that has no preview any more."""
    message = event.message
    if message.preview is not None:
        return
    for image_id in store.remove_of_message(transaction, message.conversation, message.seq):
        transaction.enqueue(REMOVE_IMAGE, {"id": image_id})
