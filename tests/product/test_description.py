"""The interface describes itself in OpenAPI, completely, to everybody who asks."""

import asyncio
import re

import httpx

from echosphere.web.api import PREFIX
from tests.product.conftest import Running
from tests.product.once import on_one_database


@on_one_database
async def test_every_call_is_described_to_all_who_ask_at_once(
    running: Running, server: str
) -> None:
    async with httpx.AsyncClient(base_url=server, timeout=30) as anybody:
        answers = await asyncio.gather(
            *(anybody.get(f"{PREFIX}/openapi.json") for _ in range(3)),
        )
    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].json() == answers[1].json() == answers[2].json()
    described = {
        (method.upper(), path)
        for path, operations in answers[0].json()["paths"].items()
        for method in operations
    }
    routes = running.application.api.routes
    served = {(one.method, PREFIX + re.sub(r"<(\w+)>", r"{\1}", one.path)) for one in routes}
    assert described == served
