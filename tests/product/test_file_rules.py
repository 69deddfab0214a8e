"""File rules apply to the actual type of a file, whatever its name."""

from collections.abc import Mapping
from io import BytesIO

import pytest
from PIL import Image

from echosphere.attachments.file_rules import TYPES, FileRules
from echosphere.settings import FILE_KINDS, SettingsError, changeable_settings
from tests.product.once import on_one_database
from tests.product.people import Person, new_key, people_on
from tests.product.test_server_settings import change

PROGRAM = b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + bytes(200)
OFFICE = "application/vnd.openxmlformats-officedocument."


def picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (2, 2)).save(made, "PNG")
    return made.getvalue()


@pytest.mark.parametrize(
    ("allowed", "refused", "content_type", "name", "is_refused"),
    [
        ("", "", "application/x-executable", "a.exe", False),
        ("images", "", "image/png", "a.png", False),
        ("images", "", "application/x-executable", "a.png", True),
        ("images", "", "application/pdf", "a.pdf", True),
        ("images, .pdf", "", "application/pdf", "anything", False),
        (".pdf", "", "text/plain", "a.pdf", True),
        (".dwg", "", "application/octet-stream", "plan.DWG", False),
        (".dwg", "", "image/png", "plan.dwg", True),
        (".dwg", "", "application/octet-stream", "plan.bin", True),
        ("documents", "", f"{OFFICE}wordprocessingml.document", "a.docx", False),
        ("", "programs", "application/x-executable", "holiday.jpg", True),
        ("", ".exe", "application/x-executable", "holiday.jpg", True),
        ("", ".html", "text/plain", "page.html", True),
        ("", ".html", "text/plain", "notes.txt", False),
        ("images", "image/gif", "image/gif", "a.gif", True),
        ("video/*", "", "video/webm", "a.webm", False),
    ],
)
def test_a_file_is_refused_by_what_it_is(
    allowed: str, refused: str, content_type: str, name: str, is_refused: bool
) -> None:
    _, allows = changeable_settings()["allowed_files"]
    _, refuses = changeable_settings()["refused_files"]
    rules = FileRules(allows.value_of("a", allowed), refuses.value_of("r", refused))
    assert rules.refuse(content_type, name) is is_refused


def test_each_kind_that_a_setting_may_name_has_types() -> None:
    assert TYPES.keys() == FILE_KINDS
    _, setting = changeable_settings()["allowed_files"]
    assert setting.value_of("x", " Images , .PDF,image/*, images") == ("images", ".pdf", "image/*")
    for wrong in ("pictures", "pdf", "image/", ".", ".a b", "*/*", "a/b/c"):
        with pytest.raises(SettingsError):
            setting.value_of("x", wrong)


async def upload(person: Person, name: str, content: bytes, **headers: str) -> Mapping[str, object]:
    answer = await person.http.post(
        "/attachments", files={"file": (name, content)}, headers=headers
    )
    return {"status": answer.status_code, **answer.json()}


@pytest.mark.own_product
async def test_uploads_are_refused_and_what_is_there_is_forwarded_all_the_same(
    server: str,
) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        conversation = await ada.talk_to(ben)
        socket = await ben.connect()
        file = await ben.upload("setup.exe", PROGRAM)
        assert file["type"] == "application/x-executable"
        seq = (await ben.say(conversation, "", attachments=[file["id"]]))["seq"]
        waiting = await ben.upload("again.exe", PROGRAM)
        await change(ada, "refused_files", "programs")
        told = await socket.next("limits")
        assert (told["allowed_files"], told["refused_files"]) == ([], ["programs"])
        refused = await upload(ben, "holiday.png", PROGRAM)
        assert (refused["status"], refused["code"]) == (400, "invalid")
        assert refused["detail"] == "Files of this type cannot be sent on this server."
        german = await upload(ben, "holiday.png", PROGRAM, **{"accept-language": "de"})
        assert str(german["detail"]).startswith("Dateien dieses Typs")
        assert (await upload(ben, "holiday.exe", picture()))["status"] == 201
        # What was uploaded before, sent or not, stays.
        await ben.say(conversation, "", attachments=[waiting["id"]])
        to = {"to": [{"conversation": conversation, "key": new_key()}]}
        await ben.post(f"/conversations/{conversation}/messages/{seq}/forward", to)
        await change(ada, "allowed_files", "images")
        assert (await upload(ben, "notes.txt", b"Hello"))["status"] == 400
        assert (await upload(ben, "a.txt", picture()))["status"] == 201


@on_one_database
@pytest.mark.parametrize(
    "more_settings", [{"ECHOSPHERE_ALLOWED_FILES": "images,.pdf", "ECHOSPHERE_REFUSED_FILES": ""}]
)
async def test_the_page_says_what_may_be_sent(server: str) -> None:
    async with people_on(server, "Ada") as [ada]:
        page = await ada.http.get(f"{server}/shell")
        assert 'data-allowed-files="images .pdf"' in page.text
        assert "data-refused-files" not in page.text
