"""Writes everything outside conversations: the account's documents, pictures and first page."""

from collections.abc import AsyncIterator, Sequence
from html import escape
from typing import Any

import msgspec

from echosphere.avatars import access_avatar, id_from_path
from echosphere.core.errors import NotFound
from echosphere.data_export.contents import DOCUMENTS, HIDDEN, SAVED
from echosphere.data_export.conversation import Written
from echosphere.data_export.making import Making
from echosphere.data_export.pages import moment, page, url, values_html
from echosphere.wire import encode

PAGE = 100
DRAFT_FIELDS = ("id", "draft")


async def write_documents(making: Making) -> dict[str, Any]:
    """Write the documents of the account as JSON, and a page of them; return them decoded."""
    documents: dict[str, Any] = {}
    for name, path in DOCUMENTS.items():
        found = await making.own.find(path)
        if found is not None:
            await making.add_json(f"data/{name}", found)
            documents[name] = msgspec.to_builtins(found)
    await _write_lines(making, "saved", _saved(making))
    await _write_lines(making, "hidden", _hidden(making))
    await _write_drafts(making, documents)
    await _write_page(making, documents)
    return documents


async def _write_lines(making: Making, name: str, rows: AsyncIterator[Any]) -> None:
    with making.spool() as lines:
        async for row in rows:
            lines.write(encode(row) + b"\n")
        await making.add_spool(f"data/{name}.jsonl", lines)


async def _saved(making: Making) -> AsyncIterator[Any]:
    given: dict[str, int] = {"limit": PAGE}
    more = True
    while more:
        found = await making.own.find(SAVED, **given)
        if found is None or not found.saved:
            return
        for one in found.saved:
            yield one
        given["before"], more = found.saved[-1].saved_at, found.more
        await making.pause()


async def _hidden(making: Making) -> AsyncIterator[Any]:
    after, more = 0, True
    while more:
        found = await making.own.find(HIDDEN, after=after)
        if found is None:
            return
        for one in found.hidden:
            yield one
        after, more = found.after, found.more
        await making.pause()


async def _write_drafts(making: Making, documents: dict[str, Any]) -> None:
    """Write the drafts by themselves, though the list of conversations has them, too."""
    listed = documents.get("conversations", {}).get("conversations", [])
    drafts = [{name: one[name] for name in DRAFT_FIELDS} for one in listed if one["draft"]]
    await making.add_json("data/drafts", {"drafts": drafts})


async def _write_page(making: Making, documents: dict[str, Any]) -> None:
    reader = making.reader
    shown = (
        f"<section><h2>{reader.say(HEADINGS[name])}</h2>{values_html(reader, one)}</section>"
        for name, one in documents.items()
        if name in HEADINGS
    )
    links = [("index.html", reader.say("All conversations"))]
    title = reader.plain("Account")
    await making.add("account.html", page(reader, title, "".join(shown), links))


HEADINGS = {
    "profile": "Profile and settings",
    "contacts": "Contacts",
    "contact-requests": "Contact requests",
    "sent-contact-requests": "Contact requests you sent",
    "blocked": "Blocked people",
    "devices": "Devices",
    "security-events": "Account security",
    "second-factor": "Second factor",
    "sign-in-services": "Sign-in services",
    "reports": "Reports you made",
    "decisions": "Decisions about you",
    "account-history": "Administrators' actions on your account",
    "invites": "Invitations",
    "api-keys": "API keys",
    "bots": "Bots",
    "server-invites": "Invitations to the server",
}
"""The parts of the page about the account; the rest is read better elsewhere."""


async def write_pictures(making: Making) -> None:
    """Write the pictures of all people and groups that the documents name."""
    viewer = making.reader.user_id
    for address in sorted(making.pictures):
        try:
            avatar = await making.database.read(access_avatar, viewer, id_from_path(address))
            size = await making.avatars.size(avatar.id)
        except (NotFound, FileNotFoundError):  # replaced since
            continue
        name = f"avatars/{avatar.id}.webp"
        await making.add_blob(name, making.avatars, avatar.id, size, "image/webp")


async def write_index(making: Making, name: str, written: Sequence[Written]) -> None:
    """Write the first page: whose data it is, and all conversations."""
    reader = making.reader
    about = f"{reader.say('Created for')} <bdi>{escape(name)}</bdi>, {moment(making.made_at)}"
    explained = reader.say(
        "Everything is included twice: as pages to read, and as JSON for programs."
        " SHA256SUMS contains the hashes of all files."
    )
    items = "".join(map(_index_item, written))
    listed = f'<ul class="list">{items}</ul>' if items else ""
    body = (
        f'<p class="minor">{about}</p><p>{explained}</p>'
        f"<h2>{reader.say('Conversations')}</h2>{listed}"
    )
    links = [("account.html", reader.say("Account"))]
    title = reader.plain("Your data from EchoSphere")
    await making.add("index.html", page(reader, title, body, links))


def _index_item(one: Written) -> str:
    last = "" if one.last_at is None else f" · {moment(one.last_at)}"
    return (
        f'<li><a href="{url(one.folder)}/index.html" dir="auto">{escape(one.title)}</a>'
        f'<span class="minor">{one.messages}{last}</span></li>'
    )
