"""Clients that connect while the database does not answer are told so, and leave nothing behind."""

import pytest

from echosphere.core import caller as known
from echosphere.core.errors import Unavailable
from tests.faults.callers import Caller, Lost
from tests.product.conftest import Running
from tests.product.people import Person

Cast = tuple[Person, Person, Person]


@pytest.mark.parametrize("lookups", [0, 1], ids=["at once", "at the second look"])
async def test_a_connection_without_a_database_is_refused_as_unavailable(
    running: Running,
    cast: Cast,
    lookups: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    devices = running.application.platform.devices
    authenticate, left = devices._authenticate, [lookups]

    async def authenticate_sometimes(token: str) -> known.Caller | None:
        if left[0] == 0:
            raise Unavailable(
                "The database is not responding. Try again in a moment.", retry_after=5
            )
        left[0] -= 1
        return await authenticate(token)

    with monkeypatch.context() as patched:
        patched.setattr(devices, "_authenticate", authenticate_sometimes)
        with pytest.raises(Lost, match=r'\{"message":"unavailable"\}'):
            await Caller.connect(cast[0].base, cast[0].token)
    assert devices.session_ids() == []
    assert not running.application.platform.audiences.is_online(cast[0].id)
    assert "Traceback" not in caplog.text
    caller = await Caller.connect(cast[0].base, cast[0].token)
    assert len(devices.session_ids()) == 1
    await caller.close()
