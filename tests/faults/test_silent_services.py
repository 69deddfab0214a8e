"""Mail, files, push services and linked pages that take a connection and say nothing."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from echosphere.core.errors import Unavailable
from echosphere.http_client import HttpClientError, SafeHttpClient, parse_url
from echosphere.mail.email import Email
from echosphere.mail.smtp import SmtpMailer
from echosphere.media import Storage, StorageError
from tests.faults.silent_proxy import SilentProxy
from tests.house.serving import free_port

PATIENCE = 60


@pytest.fixture
async def silent() -> AsyncIterator[int]:
    """The port of a server that never says a word."""
    async with SilentProxy(port=9) as proxy:
        proxy.fall_silent()
        yield proxy.port


@pytest.fixture
def storage(silent: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Storage:
    """An object store behind it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent}")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setattr("echosphere.media.storage.TIMEOUT_SECONDS", 0.5)
    return Storage.from_url("s3://bucket", tmp_path)


async def test_a_silent_object_store_is_said_to_be_away(storage: Storage) -> None:
    for asking in (storage.size("abcdef"), storage.read("abcdef", 0, 1)):
        with pytest.raises(Unavailable) as refused:
            await asyncio.wait_for(asking, PATIENCE)
        assert refused.value.retry_after
    with pytest.raises(StorageError, match="does not answer in time"):
        await asyncio.wait_for(storage.ready(), PATIENCE)
    with pytest.raises(TimeoutError):  # a job, which is tried again
        await asyncio.wait_for(storage.remove("abcdef"), PATIENCE)


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        ("404 Not Found", "NoSuchBucket", "There is no bucket at .*/bucket. Create it"),
        ("403 Forbidden", "SignatureDoesNotMatch", "Check AWS_ACCESS_KEY_ID"),
        ("403 Forbidden", "SomethingElse", "403 Forbidden.*SomethingElse"),
    ],
)
async def test_the_operator_reads_what_an_object_store_refuses(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: str, code: str,
    told: str,
) -> None:  # fmt: skip
    said = f"<Error>\n<Code>{code}</Code><Message>No</Message></Error>".encode()
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(said)}\r\nConnection: close\r\n\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head.encode() + said)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        monkeypatch.setattr("echosphere.media.storage.TIMEOUT_SECONDS", PATIENCE)
        with pytest.raises(StorageError, match=told):
            await Storage.from_url("s3://bucket", tmp_path).ready()


async def test_the_operator_reads_where_no_object_store_is(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr("echosphere.media.storage.TIMEOUT_SECONDS", PATIENCE)
    with pytest.raises(StorageError, match=r"No connection to http://127.0.0.1.*AWS_ENDPOINT"):
        await Storage.from_url("s3://bucket", tmp_path).ready()
    monkeypatch.setenv("AWS_ALLOW_HTTP", "false")
    with pytest.raises(StorageError, match="AWS_ALLOW_HTTP=true"):
        await Storage.from_url("s3://bucket", tmp_path).ready()


async def test_a_letter_for_a_silent_mail_server_is_given_up(
    silent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echosphere.mail.smtp.DEADLINE", 0.5)
    mail = SmtpMailer(
        f"smtp://127.0.0.1:{silent}", "a <a@example.org>", ssl.create_default_context()
    )
    letter = Email(to="b@example.org", subject="Hello", text="Hello", html="<p>Hello")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(mail.send(letter), PATIENCE)


async def test_a_silent_page_or_push_service_is_given_up(silent: int) -> None:
    client = SafeHttpClient.unrestricted()
    url = f"http://127.0.0.1:{silent}/"
    with pytest.raises(HttpClientError):
        await asyncio.wait_for(
            client.get(parse_url(url), accept="text/html", max_bytes=10, timeout_seconds=0.5),
            PATIENCE,
        )
    with pytest.raises(HttpClientError):
        await asyncio.wait_for(
            client.post(url, b"", {}, max_bytes=10, timeout_seconds=0.5), PATIENCE
        )
    await client.stop()
