"""Who gets a file: its uploader, then those who may see the message; others learn nothing."""

import pytest

from echosphere.attachments import remove_attachments_of
from tests.attachments.conftest import JOINED_LATE, Server, put_message, send
from tests.media import made

BODY = b"0123456789"


@pytest.fixture
async def place(server: Server) -> str:
    """The path of a small file."""
    attachment = await server.upload(BODY, "numbers")
    return f"/attachments/{attachment['id']}"


async def test_only_its_uploader_sees_a_file_that_no_message_uses(
    server: Server, place: str
) -> None:
    assert (await server.as_("member").get(place)).content == BODY
    unknown = await server.as_("second").get("/attachments/unknown")
    for other in ("second", "newcomer", "gone", "outsider"):
        for method in ("GET", "HEAD", "DELETE"):
            refused = await server.as_(other).request(method, place)
            assert refused.status_code == 404
            if method == "GET":
                assert refused.content == unknown.content


async def test_a_file_in_a_message_is_seen_by_those_who_may_see_the_message(
    server: Server,
) -> None:
    early = await server.upload(made.picture(), "early")
    late = await server.upload(made.picture(), "late")
    await server.database.write(send, JOINED_LATE, early["id"])
    await server.database.write(send, JOINED_LATE + 1, late["id"])
    may = {
        "member": (200, 200),
        "second": (200, 200),
        "newcomer": (404, 200),
        "gone": (404, 404),
        "outsider": (404, 404),
    }
    for name, expected in may.items():
        for path in ("", "/thumbnail"):
            answers = [
                await server.as_(name).get(f"/attachments/{one['id']}{path}")
                for one in (early, late)
            ]
            assert tuple(answer.status_code for answer in answers) == expected, name


async def test_a_file_is_gone_with_its_message(server: Server) -> None:
    attachment = await server.upload(made.picture(), "soon gone")
    await server.database.write(send, 3, attachment["id"])
    await server.database.write(remove_attachments_of, "talk", 3)
    for path in ("", "/thumbnail"):
        for name in ("member", "second"):
            answer = await server.as_(name).get(f"/attachments/{attachment['id']}{path}")
            assert answer.status_code == 404


async def test_a_file_in_a_message_goes_only_with_the_message(server: Server) -> None:
    attachment = await server.upload(BODY)
    await server.database.write(send, 3, attachment["id"])
    refused = await server.as_("member").delete(f"/attachments/{attachment['id']}")
    assert refused.status_code == 409
    refused = await server.as_("outsider").delete(f"/attachments/{attachment['id']}")
    assert refused.status_code == 404
    assert (await server.as_("second").get(f"/attachments/{attachment['id']}")).content == BODY


async def test_a_message_without_files_has_nothing_to_remove(server: Server) -> None:
    await server.database.write(put_message, 4)
    await server.database.write(remove_attachments_of, "talk", 4)
