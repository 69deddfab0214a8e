"""The checklist of the server: for administrators, and without secrets."""

from pathlib import Path

import pytest

from echosphere.administration.checklist import checklist_of
from tests.product.conftest import settings_for
from tests.product.people import Person

pytestmark = pytest.mark.own_product

SECRET = "user:opensesame"


async def test_only_an_administrator_sees_it(cast: tuple[Person, Person, Person]) -> None:
    ada, ben, _ = cast
    assert (ada.user["role"], ben.user["role"]) == ("owner", "member")
    checks = (await ada.get("/server/checklist"))["checks"]
    names = [one["name"] for one in checks]
    assert names == ["address", "https", "registration", "mail", "push"]
    assert checks[2]["value"] == "open"  # what "auto" means on a machine of one's own
    refused = await ben.get("/server/checklist", 404)
    assert refused["code"] == "not_found"


@pytest.mark.parametrize(
    ("given", "done"),
    [
        ({}, {"registration"}),
        ({"ECHOSPHERE_BASE_URL": "https://chat.example.org"}, {"address", "https", "push"}),
        ({"ECHOSPHERE_SMTP_URL": f"smtps://{SECRET}@mail.example.org:465"}, {"mail"}),
    ],
)
def test_it_says_what_is_set_and_by_which_setting(
    tmp_path: Path, given: dict[str, str], done: set[str]
) -> None:
    settings = settings_for(tmp_path / "data", f"sqlite:///{tmp_path / 'app.db'}", **given)
    checks = checklist_of(settings, "open")
    assert {check.name for check in checks if check.done} == done | {"registration"}
    assert all(name.startswith("ECHOSPHERE_") for check in checks for name in check.settings)
    assert SECRET not in repr(checks)
