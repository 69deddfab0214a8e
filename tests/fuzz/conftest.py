"""A server as `echosphere serve` starts it, and someone on it; nothing may have failed inside."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, settings

from tests.conftest import EXAMPLES
from tests.product.people import PASSWORD, TIMEOUT, TRUST
from tests.served import Served


def examples(short: int) -> settings:
    """Return settings for so many examples, or for those of the long form."""
    return settings(
        max_examples=EXAMPLES or short,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )


some_examples = examples(short=12)

Join = Callable[[], httpx.Client]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server without rates."""
    folder: Path = tmp_path_factory.mktemp("fuzzed")
    served = Served(folder / "data", ECHOSPHERE_LINK_PREVIEWS="off")
    served.start()
    yield served
    served.stop()
    assert [line for line in served.log.splitlines() if "[error" in line] == []


@pytest.fixture(scope="module")
def join(served: Served) -> Iterator[Join]:
    """Makes an account; what comes back is a program of whoever has it."""
    clients: list[httpx.Client] = []

    def make() -> httpx.Client:
        http = httpx.Client(base_url=served.address, timeout=TIMEOUT, verify=TRUST, trust_env=False)
        clients.append(http)
        email = f"fuzz{len(clients)}@example.org"
        account = {"email": email, "name": "Fuzz", "password": PASSWORD}
        assert http.post("/api/v1/accounts", json=account).status_code == 201
        proof = {"email": email, "password": PASSWORD, "bearer": True}
        token = http.post("/api/v1/sessions", json=proof).json()["token"]
        http.cookies.clear()
        http.headers["Authorization"] = f"Bearer {token}"
        return http

    yield make
    for http in clients:
        http.close()


@pytest.fixture
def ada(join: Join) -> httpx.Client:
    """Someone."""
    return join()


@pytest.fixture
def notes(ada: httpx.Client) -> str:
    """The path of a conversation that Ada has with herself."""
    user = ada.get("/api/v1/me").json()["user"]["id"]
    made = ada.post("/api/v1/conversations", json={"kind": "direct", "user": user})
    return f"/api/v1/conversations/{made.json()['conversation']['id']}"
