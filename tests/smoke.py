"""Serves the product on this Python and does what people do first: `python -m tests.smoke`."""

import asyncio
import sys
import tempfile
from pathlib import Path

import httpx

from tests.house.serving import connected
from tests.served import Served

ADA = {"email": "ada@example.org", "name": "Ada", "password": "correct horse battery"}
KEY = "smoke-test-1"


async def use(address: str) -> None:
    """Register, post over REST, receive over the socket, upload and fetch a file."""
    async with httpx.AsyncClient(base_url=f"{address}/api/v1", headers={"Origin": address}) as ada:
        own = _good(await ada.post("/accounts", json=ADA))["user"]
        notes = _good(await ada.post("/conversations", json={"kind": "direct", "user": own["id"]}))[
            "conversation"
        ]
        heard: asyncio.Queue[str] = asyncio.Queue()
        async with connected(address, dict(ada.cookies), "websocket") as client:
            client.on("message", lambda event: heard.put_nowait(event["message"]["body"]))
            await client.call("sync", {"versions": {}}, timeout=20)
            where = f"/conversations/{notes['id']}/messages"
            _good(await ada.post(where, json={"key": KEY, "body": "It works."}))
            assert await asyncio.wait_for(heard.get(), 20) == "It works."
        sent = {"file": ("notes.txt", b"a file" * 50_000)}
        file = _good(await ada.post("/attachments", files=sent))["attachment"]
        assert (await ada.get(f"/attachments/{file['id']}")).content == sent["file"][1]
    async with httpx.AsyncClient(base_url=address) as visitor:
        assert (await visitor.get("/login")).status_code == 200


def _good(answer: httpx.Response) -> dict[str, dict[str, str]]:
    assert answer.is_success, f"{answer.request.url}: {answer.status_code} {answer.text}"
    found: dict[str, dict[str, str]] = answer.json()
    return found


def main() -> int:
    """Return 0 when everything was as it should be, and nothing failed in the log."""
    with tempfile.TemporaryDirectory() as folder:
        served = Served(Path(folder) / "data")
        try:
            asyncio.run(use(served.start()))
            assert served.stop() == 0
            assert "Traceback" not in served.log
        except BaseException:
            print(served.log, file=sys.stderr)
            served.kill()
            raise
    print(f"Python {sys.version.split()[0]}: served, and used by somebody")
    return 0


if __name__ == "__main__":
    sys.exit(main())
