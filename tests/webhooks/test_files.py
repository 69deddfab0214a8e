"""Files that programs send to a webhook, in one form with the text."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image

from echosphere.attachments.forms import MAX_TEXT
from tests.media import made as media
from tests.product.conftest import Running
from tests.product.groups import Group
from tests.product.once import on_one_database
from tests.product.test_own_storage import storage_of
from tests.product.test_quota import MIB, PER_PERSON, with_rate_limit
from tests.webhooks.test_webhooks import group, made, newest, program

__all__ = ["group", "program"]

BOUNDARY = "edge"
FORM = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
END = f"--{BOUNDARY}--\r\n".encode()
ONE_MIB = {"ECHOSPHERE_MAX_ATTACHMENT_MIB": "1"}


def part(name: str = "file", filename: str | None = "a.log", body: bytes = b"abc") -> bytes:
    """One part of a form, written by hand."""
    disposition = f'form-data; name="{name}"'
    if filename is not None:
        disposition += f'; filename="{filename}"'
    head = f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n"
    return head.encode() + body + b"\r\n"


def kept(running: Running) -> list[str]:
    """Return the names of all stored files, half-received ones too."""
    folder = running.application.settings.data / "files"
    return sorted(one.name.removesuffix(".thumbnail") for one in folder.rglob("*") if one.is_file())


async def post(program: httpx.AsyncClient, webhook: dict[str, Any], *parts: bytes) -> Any:
    """Send a form written by hand."""
    content = b"".join(parts) + END
    return await program.post(webhook["path"], content=content, headers=FORM)


async def test_a_text_and_files_are_one_message(
    running: Running, group: Group, program: httpx.AsyncClient
) -> None:
    webhook = await made(group)
    listening = await group.member.connect()
    photo = media.picture("JPEG", (1500, 1000))
    assert media.CAMERA.encode() in photo
    posted = await program.post(
        webhook["path"],
        data={"text": "Build **512**", "key": "ci-512"},
        files=[("file", ("build.log", b"line 1\n")), ("file", ("screen.jpg", photo))],
    )
    assert posted.status_code == 201, posted.text
    seq = posted.json()["message"]["seq"]
    live = await listening.next("message", version=seq)
    message = (await group.member.get(group.path(f"/messages/{seq}")))["message"]
    assert live["message"] == message
    assert (message["body"], message["automated"]) == ("Build **512**", True)
    log, screen = message["attachments"]
    assert (log["name"], log["type"], log["size"]) == ("build.log", "text/plain", 7)
    assert (screen["type"], screen["width"], screen["height"]) == ("image/jpeg", 1500, 1000)
    served = await group.member.http.get(screen["url"].removeprefix("/api/v1"))
    assert media.CAMERA.encode() not in served.content
    thumbnail = await group.member.http.get(screen["thumbnail_url"].removeprefix("/api/v1"))
    with Image.open(io.BytesIO(thumbnail.content)) as small:
        assert small.format == "WEBP"
    await group.outsider.get(log["url"].removeprefix("/api/v1"), 404)
    await running.application.indexer.catch_up()
    found = await group.member.get("/search", q="build.log")
    assert [one["message"]["seq"] for one in found["results"]] == [seq]


async def test_files_need_no_text_and_a_form_needs_no_files(
    group: Group, program: httpx.AsyncClient
) -> None:
    webhook = await made(group)
    assert (await post(program, webhook, part())).status_code == 201
    said = await newest(group.member, group)
    assert (said["body"], len(said["attachments"])) == ("", 1)
    assert (await post(program, webhook, part("text", None, b"words"))).status_code == 201
    said = await newest(group.member, group)
    assert (said["body"], said["attachments"]) == ("words", [])
    slack = part("payload", None, b'{"text": "from Slack"}')
    assert (await post(program, webhook, slack, part())).text == "ok"
    said = await newest(group.member, group)
    assert (said["body"], len(said["attachments"])) == ("from Slack", 1)


async def test_a_repeat_posts_and_keeps_nothing_twice(
    running: Running, group: Group, program: httpx.AsyncClient
) -> None:
    webhook = await made(group)
    # The key may stand behind the files.
    form = part(), part("text", None, b"once"), part("key", None, b"ci 1")
    answers = await asyncio.gather(*(post(program, webhook, *form) for _ in range(4)))
    answers.append(await post(program, webhook, *form))
    assert sorted(one.status_code for one in answers) == [200] * 4 + [201]
    assert len({one.json()["message"]["seq"] for one in answers}) == 1
    assert (await group.said(group.member)).count("once") == 1
    said = await newest(group.member, group)
    assert kept(running) == [said["attachments"][0]["id"]]


REFUSED = [
    ([part()] * 11, 400, "Send at most 10 files with a message."),
    ([part("picture")], 400, "Send files in the field 'file'."),
    (
        [part(filename=None, body=b"build.log")],
        400,
        "The field 'file' contains no file. With curl, use -F file=@PATH.",
    ),
    ([part(), part(body=b"")], 400, "The file is empty."),
    ([], 400, "The body has no text. Send it as the field text, in JSON or in a form."),
    ([part("other", None)], 400, "The body has no text"),
    ([part(), part("text", None, b"\xff")], 400, "The body is not text in UTF-8."),
    ([part(), part("text", None, b"a\0b")], 400, "The body contains a NUL character."),
    ([part(), part("text", None, b"x" * 10_001)], 400, ""),
    ([part(), part("key", None, b"")], 400, "The field 'key' must be text of 1 to 200 characters."),
    ([part(), part("text", None, bytes(MAX_TEXT + 1))], 413, "The fields sent with the files"),
    ([part(body=bytes(MIB + 1))], 413, "A file can be up to 1 MiB."),
    ([part(), part(body=media.png_that_claims(40_000, 40_000))], 400, "The image has more than"),
    ([part(), part(body=b"\x89PNG\r\n\x1a\n" + bytes(40))], 400, "This file may reveal where"),
    ([part(), part()[:20]], 400, "The body is not a complete multipart form."),
    ([part(filename="x" * 100_000)], 400, "The form's parts or headers are too long."),
    ([part("a", None)] * 70, 400, "The form's parts or headers are too long."),
    ([part(), END, bytes(200_000)], 400, "The form's parts or headers are too long."),
    ([b"nonsense"], 400, "The body has no text"),
]


@on_one_database
@with_rate_limit(ONE_MIB)
async def test_what_cannot_be_posted_leaves_nothing(
    running: Running, group: Group, program: httpx.AsyncClient
) -> None:
    webhook = await made(group)
    for parts, status, detail in REFUSED:
        answer = await post(program, webhook, *parts)
        assert (answer.status_code, answer.json()["detail"][: len(detail)]) == (status, detail)
        assert kept(running) == []
    assert await group.said(group.member) == []
    for content_type in ("multipart/form-data", f"multipart/form-data; boundary={'x' * 71}"):
        headers = {"content-type": content_type}
        answer = await program.post(webhook["path"], content=part() + END, headers=headers)
        assert answer.status_code == 400, content_type
    image = part(body=b"\x89PNG\r\n\x1a\n" + bytes(40))
    assert (await post(program, webhook, image, part("as_it_is", None, b"true"))).status_code == 201
    german = {**FORM, "accept-language": "de"}
    answer = await program.post(webhook["path"], content=part() * 11 + END, headers=german)
    assert answer.json()["detail"] == "Sende höchstens 10 Dateien mit einer Nachricht."


@on_one_database
@with_rate_limit({"ECHOSPHERE_REFUSED_FILES": "programs, .svg"})
async def test_types_that_people_may_not_send_programs_may_not_either(
    running: Running, group: Group, program: httpx.AsyncClient
) -> None:
    webhook = await made(group)
    program_file = part(filename="a.jpg", body=b"\x7fELF\x02\x01\x01" + bytes(60))
    for refused in (program_file, part(filename="drawing.svg", body=b"<svg/>")):
        answer = await post(program, webhook, part(), refused)
        assert answer.json()["detail"] == "Files of this type cannot be sent on this server."
        assert kept(running) == []


@on_one_database
async def test_names_are_kept_without_folders_and_tricks(
    running: Running, group: Group, program: httpx.AsyncClient
) -> None:
    webhook = await made(group)
    given = ["../../etc/passwd", "/etc/cron.d/x", "a\u202egpj.exe", "...", "C:\\\\tmp\\\\b.txt"]
    assert (await post(program, webhook, *(part(filename=one) for one in given))).status_code == 201
    said = await newest(group.member, group)
    assert [one["name"] for one in said["attachments"]] == [
        "passwd",
        "x",
        "agpj.exe",
        "file",
        "b.txt",
    ]
    assert kept(running) == sorted(one["id"] for one in said["attachments"])


@with_rate_limit(PER_PERSON)
async def test_files_take_the_storage_of_whoever_made_the_webhook(
    running: Running, group: Group, program: httpx.AsyncClient
) -> None:
    webhook, other = await made(group, group.admin), await made(group)
    half = part(body=bytes(MIB // 2))
    first = await post(program, webhook, half, half, part("text", None, b"first"))
    assert first.status_code == 201
    before = kept(running)
    for size in (MIB + MIB // 4, 4 * MIB):  # the second is refused by what it announces
        answer = await post(program, webhook, part(body=bytes(size)))
        assert (answer.status_code, answer.json()["code"]) == (507, "quota")
        assert answer.json()["detail"].startswith("The person who created this program")
        assert kept(running) == before
    shown = await storage_of(group.admin)
    assert (shown["used"], shown["by_programs"], len(shown["largest"])) == (MIB, MIB, 2)
    assert (await post(program, other, part(body=bytes(MIB)))).status_code == 201
    assert (await program.post(webhook["path"], json={"text": "only text"})).status_code == 201
    seq = first.json()["message"]["seq"]
    await group.owner.delete(group.path(f"/messages/{seq}"), 200)
    assert (await storage_of(group.admin))["used"] == 0


@on_one_database
async def test_the_rules_for_members_do_not_hold_up_its_files(
    group: Group, program: httpx.AsyncClient
) -> None:
    webhook = await made(group)
    await group.owner.patch(group.path(), {"posting": "admins", "slow_seconds": 3600})
    await group.owner.put(group.path("/filter"), {"words": ["failed"]}, 200)
    for _ in range(2):
        answer = await post(program, webhook, part(filename="failed.log"))
        assert answer.status_code == 201, answer.text


async def announce(base: str, path: str, length: int) -> bytes:
    """Announce a large form, send none of it, and return the first line of the answer."""
    url = urlsplit(base)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(
        b"POST %s HTTP/1.1\r\nHost: here\r\nContent-Type: multipart/form-data; boundary=edge\r\n"
        b"Content-Length: %d\r\n\r\n" % (path.encode(), length)
    )
    line = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    return line


@on_one_database
async def test_nothing_is_read_of_what_is_refused_anyway(
    server: str, running: Running, group: Group
) -> None:
    revoked, usable = await made(group), await made(group)
    await group.owner.delete(group.path(f"/webhooks/{revoked['id']}"))
    assert b" 404 " in await announce(server, f"/hooks/{'x' * 43}", 99_999_999)
    assert b" 410 " in await announce(server, revoked["path"], 99_999_999)
    assert b" 413 " in await announce(server, usable["path"], 999_999_999)
    assert kept(running) == []


@on_one_database
@with_rate_limit(ONE_MIB)
async def test_an_endless_form_is_refused_while_it_streams(
    running: Running, group: Group, program: httpx.AsyncClient
) -> None:
    webhook = await made(group)
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield part() + part().removesuffix(b"\r\n")
        while sent < 200 * MIB:
            sent += 65536
            yield bytes(65536)

    try:
        refused = await program.post(webhook["path"], content=endless(), headers=FORM)
        assert refused.status_code == 413
    except httpx.WriteError:  # the server hung up on the sender
        assert sent < 200 * MIB
    assert kept(running) == []


@pytest.fixture
def limited(more_settings: dict[str, str]) -> None:
    """A server that takes a mebibyte a minute of each person."""
    more_settings |= {"ECHOSPHERE_UPLOAD_MIB_PER_MINUTE": "1", "ECHOSPHERE_RATE_LIMITS": "on"}


@on_one_database
async def test_webhooks_of_one_person_upload_no_faster_than_the_person(
    limited: None, group: Group, program: httpx.AsyncClient
) -> None:
    hooks = [await made(group), await made(group)]
    statuses = []
    for number in range(8):
        answer = await post(program, hooks[number % 2], part(body=bytes(MIB - 1024)))
        statuses.append(answer.status_code)
    assert statuses[0] == 201
    assert statuses[-1] == 429
