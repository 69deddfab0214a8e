"""Every call of the interface with what its own description allows, and with what it does not."""

from contextlib import suppress
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import given, strategies
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
)

from tests.fuzz.conftest import Join, examples
from tests.served import Served

ENDS_THE_SESSION = {
    ("DELETE", "/api/v1/me"),
    ("DELETE", "/api/v1/sessions/current"),
    ("PUT", "/api/v1/me/password"),
}
"""After these someone else goes on."""

CONFORMS: list[Any] = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
]


class Actor:
    """Someone with a thing of each kind, replaced when their session has ended."""

    def __init__(self, join: Join) -> None:
        self._join = join
        self.renew()

    def renew(self) -> None:
        """Begin again."""
        self.http = self._join()
        call = self.http.post
        user = self.http.get("/api/v1/me").json()["user"]["id"]
        group = {"kind": "group", "title": "Garden", "members": []}
        here = call("/api/v1/conversations", json=group).json()["conversation"]["id"]
        path = f"/api/v1/conversations/{here}"
        said = call(f"{path}/messages", json={"key": "key-of-fuzz", "body": "hello"}).json()
        file = call("/api/v1/attachments", files={"file": ("a.txt", b"notes")}).json()
        invite = call(f"{path}/invites", json={}).json()["invite"]
        self.ids: dict[str, Any] = {
            "user": user,
            "conversation": here,
            "seq": said["message"]["seq"],
            "attachment": file["attachment"]["id"],
            "invite": invite["id"],
            "token": invite["token"],
            "emoji": "👍",
            "session": self.http.get("/api/v1/sessions").json()["sessions"][0]["id"],
        }


@pytest.fixture(scope="module")
def actor(join: Join) -> Actor:
    """Who calls; the first account owns the server, and may do most."""
    return Actor(join)


def operations_of(served: Served, mode: GenerationMode) -> list[tuple[str, Any]]:
    schema = schemathesis.openapi.from_url(f"{served.address}/api/v1/openapi.json")
    found = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    assert len(found) > 100
    return [(one.label, one.as_strategy(generation_mode=mode)) for one in found]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
def test_no_call_fails_or_answers_what_it_did_not_declare(
    served: Served, actor: Actor, mode: GenerationMode
) -> None:
    faults = []
    for label, cases in operations_of(served, mode):

        @examples(short=2)
        @given(case=cases, own=strategies.booleans())
        def call(case: Case[Any], own: bool) -> None:
            if own:  # deeper in: of what there is
                for name in set(case.path_parameters or {}) & set(actor.ids):
                    case.path_parameters[name] = actor.ids[name]
            answer = case.call(headers={"Authorization": actor.http.headers["Authorization"]})
            is_over = answer.status_code == 401
            if answer.status_code != 431:  # refused before anyone knew what call it is
                case.validate_response(answer, checks=CONFORMS)
            if is_over or (case.method, case.path) in ENDS_THE_SESSION:
                actor.renew()

        try:
            call()
        except Unsatisfiable:
            continue  # there is nothing that the description does not allow
        except Exception as fault:
            faults.append(f"{label}: {fault}")
    with suppress(httpx.TransportError):
        assert httpx.get(f"{served.address}/healthz", trust_env=False).status_code == 200
    assert faults == []
