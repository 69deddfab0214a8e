"""A person's download, fetched and opened as they would, and compared with what REST shows them."""

import asyncio
import hashlib
import io
import json
import zipfile
from typing import Any

from tests.product.people import TIMEOUT, Person

DOCUMENTS = {
    "profile": "/me",
    "security-events": "/me/security-events",
    "second-factor": "/me/second-factor",
    "sign-in-services": "/me/sign-in-services",
    "storage": "/me/storage",
    "contacts": "/contacts",
    "contact-requests": "/contacts/requests",
    "sent-contact-requests": "/contacts/sent-requests",
    "blocked": "/blocks",
    "invites": "/me/invites",
    "server-invites": "/server/invites",
    "api-keys": "/me/keys",
    "bots": "/bots",
    "reports": "/me/reports",
    "decisions": "/me/decisions",
    "account-history": "/me/audit",
    "announcements": "/announcements",
    "conversations": "/conversations",
}


class Download:
    """An opened download."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.zip = zipfile.ZipFile(io.BytesIO(content))
        self.names = self.zip.namelist()

    def bytes_of(self, name: str) -> bytes:
        return self.zip.read(name)

    def json(self, name: str) -> Any:
        return json.loads(self.bytes_of(name))

    def lines(self, name: str) -> list[Any]:
        return [json.loads(line) for line in self.bytes_of(name).splitlines()]

    def text(self) -> str:
        """Return all that can be read in it."""
        kinds = (".html", ".json", ".jsonl")
        return "\n".join(self.bytes_of(n).decode() for n in self.names if n.endswith(kinds))

    def folder_of(self, conversation: str) -> str:
        """Return the folder of a conversation."""
        ends = "/conversation.json"
        found = [
            name.removesuffix(ends)
            for name in self.names
            if name.endswith(ends) and self.json(name)["conversation"]["id"] == conversation
        ]
        assert len(found) == 1, found
        return found[0]

    def check_hashes(self) -> None:
        """Every member has its hash, in both lists."""
        listed = {one["path"]: one["sha256"] for one in self.json("manifest.json")["files"]}
        lines = self.bytes_of("SHA256SUMS").decode().splitlines()
        sums = {path: digest for digest, path in (line.split("  ", 1) for line in lines)}
        actual = {name: hashlib.sha256(self.bytes_of(name)).hexdigest() for name in self.names}
        del actual["SHA256SUMS"]
        assert sums == actual
        del actual["manifest.json"]
        assert listed == actual


async def prove(person: Person, password: str) -> None:
    """Prove afresh who it is."""
    await person.put("/sessions/current/proof", {"password": password})


async def ready(person: Person) -> dict[str, Any]:
    """Wait until a download is made or failed; return it."""
    async with asyncio.timeout(TIMEOUT):
        while True:
            export: dict[str, Any] = (await person.get("/me/export"))["export"]
            if export["state"] != "waiting":
                return export
            await asyncio.sleep(0.05)


async def exported_by(person: Person) -> str:
    """Return the id of a finished download of someone."""
    await person.put("/me/export", status=200)
    return str((await ready(person))["id"])


async def download_of(person: Person) -> Download:
    """Have a download made, and fetch it."""
    await person.put("/me/export", status=200)
    export = await ready(person)
    assert export["state"] == "ready", export
    answer = await person.http.get(export["url"].removeprefix("/api/v1"))
    assert answer.status_code == 200
    assert len(answer.content) == export["size"]
    return Download(answer.content)


async def shown_history(person: Person, conversation: str) -> list[Any]:
    """Return all messages that REST shows."""
    found: list[Any] = []
    more, after = True, 0
    while more:
        path = f"/conversations/{conversation}/messages"
        page = await person.get(path, after=after, limit=100)
        found += page["messages"]
        more = page["more"]
        after = found[-1]["seq"] if found else 0
    return found


async def require_equal_to_rest(person: Person, download: Download) -> None:
    """Hold each part of a download against what REST shows."""
    for name, path in DOCUMENTS.items():
        answer = await person.http.get(path)
        if answer.status_code == 404:
            assert f"data/{name}.json" not in download.names
            continue
        shown = answer.json()
        if name == "security-events":  # the last says that the download is ready
            assert shown["events"].pop(0)["kind"] == "export_ready"
        assert download.json(f"data/{name}.json") == shown, name
    ids = set()
    for one in (await person.get("/conversations"))["conversations"]:
        ids.add(one["id"])
        await _require_conversation(person, download, one["id"])
    written = [n for n in download.names if n.endswith("/conversation.json")]
    assert len(written) == len(ids)


async def _require_conversation(person: Person, download: Download, conversation: str) -> None:
    folder, here = download.folder_of(conversation), f"/conversations/{conversation}"
    assert download.json(f"{folder}/conversation.json") == await person.get(here)
    history = await shown_history(person, conversation)
    assert download.lines(f"{folder}/messages.jsonl") == history
    for name in ("held", "filter", "banned", "invites", "webhooks", "bots"):
        answer = await person.http.get(f"{here}/{name}")
        member = f"{folder}/{name}.json"
        if answer.status_code == 200:
            assert download.json(member) == answer.json(), member
        else:
            assert member not in download.names
    await _require_versions(person, download, folder, history)
    await _require_files(person, download, folder, history)


async def _require_versions(
    person: Person, download: Download, folder: str, history: list[Any]
) -> None:
    edited = {}
    for message in history:
        if message["edited_at"] is not None:
            path = f"/conversations/{message['conversation']}/messages/{message['seq']}/versions"
            edited[message["seq"]] = (await person.get(path))["versions"]
    name = f"{folder}/versions.jsonl"
    written = download.lines(name) if name in download.names else []
    assert {one["seq"]: one["versions"] for one in written} == edited


async def _require_files(
    person: Person, download: Download, folder: str, history: list[Any]
) -> None:
    name = f"{folder}/files.jsonl"
    copied = download.lines(name) if name in download.names else []
    shown = {one["id"] for message in history for one in message["attachments"]}
    paths = {one["attachment"]: one["path"] for one in copied}
    assert shown <= set(paths)
    for attachment, path in paths.items():
        answer = await person.http.get(f"/attachments/{attachment}")
        assert answer.status_code == 200
        assert download.bytes_of(f"{folder}/{path}") == answer.content
