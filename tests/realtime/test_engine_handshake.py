"""Opening an Engine.IO session, and every documented way of being refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from echosphere.realtime.socketio import Request, Server

from .clients import greeted, open_polling, open_websocket, refused_websocket
from .servers import quick, serving

if TYPE_CHECKING:
    import httpx

FIELDS = {"sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"}


async def test_polling_opens_a_session_with_the_documented_fields(
    http: httpx.AsyncClient, strict_engine_url: str
) -> None:
    polling = await open_polling(http, strict_engine_url)
    assert polling.greeting.keys() == FIELDS
    assert polling.greeting["upgrades"] == ["websocket"]
    assert polling.greeting["pingInterval"] == 300
    assert polling.greeting["pingTimeout"] == 200
    assert polling.greeting["maxPayload"] == 1_000_000


async def test_a_websocket_opens_a_session_with_the_documented_fields(engine_url: str) -> None:
    client = await open_websocket(engine_url)
    greeting = json.loads(str(await client.receive())[1:])
    assert greeting.keys() == FIELDS
    assert greeting["upgrades"] == []
    assert isinstance(greeting["sid"], str)
    await client.close()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"transport": "polling"}, 5),
        ({"EIO": "abc", "transport": "polling"}, 5),
        ({"EIO": "3", "transport": "polling"}, 5),
        ({"EIO": "4"}, 0),
        ({"EIO": "4", "transport": "abc"}, 0),
        ({"EIO": "4", "transport": "websocket"}, 3),
        ({"EIO": "4", "transport": "polling", "sid": "unknown"}, 1),
    ],
)
async def test_a_wrong_request_is_answered_with_its_code_on_both_transports(
    http: httpx.AsyncClient, engine_url: str, query: dict[str, str], code: int
) -> None:
    response = await http.get(engine_url, params=query)
    assert response.status_code == 400
    assert response.json()["code"] == code
    assert response.json()["message"]

    swapped = {"polling": "websocket", "websocket": "polling"}
    text = "&".join(f"{name}={swapped.get(value, value)}" for name, value in query.items())
    status, body = await refused_websocket(engine_url, text)
    assert (status, body["code"]) == (400, code)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
async def test_a_session_is_opened_by_get_only(
    http: httpx.AsyncClient, engine_url: str, method: str
) -> None:
    response = await http.request(method, engine_url, params={"EIO": "4", "transport": "polling"})
    assert response.status_code == 400
    if method != "HEAD":
        assert response.json() == {"code": 2, "message": "Bad handshake method"}


async def test_a_session_takes_get_and_post_only(http: httpx.AsyncClient, engine_url: str) -> None:
    polling = await open_polling(http, engine_url)
    query = {"EIO": "4", "transport": "polling", "sid": polling.sid}
    response = await http.put(engine_url, params=query, content="4x")
    assert (response.status_code, response.json()["code"]) == (400, 2)


async def test_a_websocket_at_another_path_is_not_found(engine_url: str) -> None:
    elsewhere = engine_url.replace("engine.io", "elsewhere")
    status, _ = await refused_websocket(elsewhere, "EIO=4&transport=websocket")
    assert status == 404


async def test_every_other_path_belongs_to_the_inner_application(
    http: httpx.AsyncClient, engine_url: str
) -> None:
    base = engine_url.removesuffix("engine.io/")
    for path in ("", "engine.io/more", "engine.iox", "socket.io/"):
        assert (await http.get(base + path)).text == "inner"
    assert (await http.get(base + "engine.io")).status_code == 400


async def test_a_request_out_of_bounds_is_refused(http: httpx.AsyncClient, engine_url: str) -> None:
    many = "&".join(f"x{number}=1" for number in range(100))
    response = await http.get(f"{engine_url}?EIO=4&transport=polling&{many}")
    assert (response.status_code, response.json()["code"]) == (400, 3)
    status, body = await refused_websocket(engine_url, f"EIO=4&transport=websocket&{many}")
    assert (status, body["code"]) == (400, 3)
    response = await http.get(
        engine_url, params={"EIO": "4", "transport": "polling"}, headers={"x": "y" * 20_000}
    )
    assert (response.status_code, response.json()["code"]) == (400, 3)


async def test_an_upgrade_that_is_not_websocket_opens_nothing(
    http: httpx.AsyncClient,
) -> None:
    server = Server(quick())
    async with serving(server) as url:
        response = await http.get(
            url + "/socket.io/",
            params={"EIO": "4", "transport": "websocket"},
            headers={"connection": "upgrade", "upgrade": "websocket"},
        )
        assert response.status_code == 400
        assert server.stats()["opened"] == 0


async def test_a_foreign_origin_is_refused_on_both_transports(http: httpx.AsyncClient) -> None:
    async with serving(Server(quick())) as url:
        address = url + "/socket.io/"
        foreign = {"origin": "https://elsewhere.example"}
        response = await http.get(
            address, params={"EIO": "4", "transport": "polling"}, headers=foreign
        )
        assert (response.status_code, response.json()["code"]) == (403, 4)
        assert "access-control-allow-origin" not in response.headers
        status, body = await refused_websocket(address, "EIO=4&transport=websocket", foreign)
        assert (status, body["code"]) == (403, 4)

        own = {"origin": url}
        await open_polling(http, address, headers=own)
        client = await open_websocket(address, headers=own)
        await client.close()


async def test_the_program_may_decide_about_origins(http: httpx.AsyncClient) -> None:
    def only_ours(origin: str | None, request: Request) -> bool:
        return origin == "https://ours.example" and request.path == "/socket.io/"

    async with serving(Server(quick(origins=only_ours))) as url:
        query = {"EIO": "4", "transport": "polling"}
        address = url + "/socket.io/"
        for origin, status in (("https://ours.example", 200), (url, 403)):
            response = await http.get(address, params=query, headers={"origin": origin})
            assert response.status_code == status
        assert (await http.get(address, params=query)).status_code == 403


@pytest.mark.parametrize(
    ("allowed", "header"), [("*", "*"), (("https://a.example",), "https://a.example")]
)
async def test_cors_lets_browsers_of_other_origins_in(
    http: httpx.AsyncClient, allowed: Any, header: str
) -> None:
    async with serving(Server(quick(cors_origins=allowed))) as url:
        address = url + "/socket.io/"
        query = {"EIO": "4", "transport": "polling"}
        origin = {"origin": "https://a.example"}
        response = await http.get(address, params=query, headers=origin)
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == header

        wish = {"access-control-request-method": "POST", "access-control-request-headers": "x-a"}
        response = await http.options(address, params=query, headers=origin | wish)
        assert response.status_code == 204
        assert "POST" in response.headers["access-control-allow-methods"]
        assert response.headers["access-control-allow-headers"] == "x-a"


async def test_a_preflight_of_an_unknown_origin_is_promised_nothing(
    http: httpx.AsyncClient,
) -> None:
    async with serving(Server(quick(cors_origins=("https://a.example",)))) as url:
        response = await http.options(
            url + "/socket.io/",
            headers={"origin": "https://b.example", "access-control-request-method": "POST"},
        )
        assert not [name for name in response.headers if name.startswith("access-control")]


async def test_one_address_may_hold_so_many_connections_and_no_more(
    http: httpx.AsyncClient,
) -> None:
    async with serving(Server(quick(max_sockets_per_address=2))) as url:
        address = url + "/socket.io/"
        first = await greeted(address)
        await open_polling(http, address)
        status, body = await refused_websocket(address, "EIO=4&transport=websocket")
        assert (status, body["code"]) == (429, 4)
        query = {"EIO": "4", "transport": "polling"}
        assert (await http.get(address, params=query)).status_code == 429
        await first.close()
        await open_polling(http, address)


async def test_a_session_id_without_its_binding_is_worth_nothing(
    http: httpx.AsyncClient,
) -> None:
    options = quick(binding=lambda request: request.cookie("session"))
    async with serving(Server(options)) as url:
        address = url + "/socket.io/"
        owner = {"cookie": "other=1; session=abc"}
        polling = await open_polling(http, address, headers=owner)
        for thief in ({}, {"cookie": "session=xyz"}):
            response = await polling.poll(headers=thief)
            assert (response.status_code, response.json()["code"]) == (400, 1)
            response = await polling.post("40", headers=thief)
            assert (response.status_code, response.json()["code"]) == (400, 1)
            status, body = await refused_websocket(
                address, f"EIO=4&transport=websocket&sid={polling.sid}", thief
            )
            assert (status, body["code"]) == (400, 1)
        assert (await polling.post("40", headers=owner)).status_code == 200
