"""The file of providers, the check of `echosphere doctor`, and a server without passwords."""

from pathlib import Path

import pytest

from echosphere.accounts import OPERATOR
from echosphere.openid_connect import check_provider
from echosphere.openid_connect.errors import ProviderError
from echosphere.recovery import make_reset_link
from echosphere.recovery.reset import PasswordReset
from echosphere.recovery.sign_in_once import SignInOnce
from echosphere.recovery.web import RecoveryPages
from echosphere.settings import SettingsError, load_settings
from tests.conftest import SetClock
from tests.doors import settings_in
from tests.openid_connect.conftest import ADA, Desk, providers_file
from tests.openid_connect.odd_provider import OddProvider
from tests.second_factor.factors import set_up

WHOLE = '[one]\nlabel = "One"\nissuer = "https://one.example"\nclient_id = "echosphere"\n'


def load(folder: Path, text: str) -> object:
    """Load settings with a file of providers."""
    file = folder / "openid.toml"
    file.write_text(text)
    return settings_in(folder, OPENID_PROVIDERS=str(file)).openid_providers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[one", "is not TOML"),
        ("one = 1\n", "must be a table"),
        (WHOLE.replace("[one]", "[One]"), "lowercase letters"),
        (WHOLE.replace("label", "lable"), "unknown key lable"),
        (WHOLE.replace('client_id = "echosphere"', ""), "needs client_id"),
        (WHOLE.replace("https", "http"), "issuer must be an https:// address"),
        (WHOLE.replace("one.example", "one.example?x=1"), "issuer must be an https:// address"),
        (WHOLE + 'client_secret_file = "nowhere"\n', "cannot be read"),
        (WHOLE + "register = 1\n", "register has an invalid value"),
        (WHOLE + 'scopes = ["email"]\n', "must include openid"),
        (WHOLE + 'role_claim = "groups"\n', "must be set together"),
        (WHOLE + 'role_claim = "groups"\nroles = { a = "king" }\n', "roles has an invalid value"),
        ("".join(WHOLE.replace("[one]", f"[p{n}]") for n in range(9)), "up to 8 providers"),
    ],
)
def test_a_file_that_makes_no_sense_stops_the_start(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    assert said in str(caught.value)


def test_a_whole_file_is_read_and_its_secrets_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hunter2\n")
    [provider] = settings_in(
        tmp_path, OPENID_PROVIDERS=str(_file(tmp_path, f'{WHOLE}client_secret_file = "secret"\n'))
    ).openid_providers
    assert (provider.client_secret, provider.register) == ("hunter2", True)
    assert "hunter2" not in repr(provider)


def _file(folder: Path, text: str) -> Path:
    file = folder / "openid.toml"
    file.write_text(text)
    return file


def test_someone_must_be_able_to_come_in(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="at least one provider"):
        load_settings({"ECHOSPHERE_DATA": str(tmp_path), "ECHOSPHERE_LOCAL_PASSWORDS": "off"})


async def test_the_doctor_looks_at_issuer_keys_and_clock(
    tmp_path: Path, providers: tuple[OddProvider, OddProvider]
) -> None:
    one, two = providers
    file = providers_file(tmp_path, one, two, "")
    first, _ = settings_in(tmp_path, OPENID_PROVIDERS=str(file)).openid_providers
    assert "answers, 1 key, same time" in await check_provider(first)
    one.date = "Thu, 01 Jan 2026 00:00:00 GMT"
    with pytest.raises(ProviderError, match="seconds apart"):
        await check_provider(first)
    one.metadata = {"issuer": two.issuer}
    with pytest.raises(ProviderError, match="calls itself"):
        await check_provider(first)
    one.down = True
    with pytest.raises(ProviderError, match="answered 503"):
        await check_provider(first)


class TestWithoutPasswords:
    """The link of `echosphere user reset` is the owner's way back in."""

    @pytest.fixture
    def given(self) -> dict[str, str]:
        return {"LOCAL_PASSWORDS": "off"}

    @pytest.fixture
    async def pages(self, desk: Desk) -> Desk:
        house = desk.house
        reset = PasswordReset(house.database, house.password_hasher, house.settings)
        once = SignInOnce(house.database, house.accounts.authentication)
        RecoveryPages(house.api, house.accounts, reset, once, mails=True).serve(house.web)
        return desk

    async def test_a_link_signs_in_once(self, pages: Desk, clock: SetClock) -> None:
        ada = await pages.sign_in(auth_time=clock.now // 1000)
        database = pages.house.database
        token, _ = await database.write(make_reset_link, OPERATOR, ada.id)
        browser = pages.browser()
        page = await (await browser.open("GET", f"/reset-password/{token}")).get_data(as_text=True)
        assert ("signs you in once" in page, 'type="password"' in page) == (True, False)
        assert (await browser.open("POST", f"/reset-password/{token}")).status_code == 303
        assert (await browser.get("/me"))[1]["user"]["id"] == ada.id
        assert (await ada.get("/me"))[0] == 401  # whoever else had the account is out of it
        other = pages.browser()
        assert (await other.open("POST", f"/reset-password/{token}")).status_code == 410
        assert other.token is None
        await set_up(browser, clock)
        token, _ = await database.write(make_reset_link, OPERATOR, ada.id)
        answer = await other.open("POST", f"/reset-password/{token}")
        assert answer.headers["location"].startswith("/login/code")
        assert other.token is None

    async def test_a_forgotten_password_gets_no_mail(self, pages: Desk) -> None:
        await pages.sign_in()
        answer = await pages.browser().open(
            "POST", "/forgot-password", form={"email": ADA["email"]}
        )
        assert "does not use passwords" in await answer.get_data(as_text=True)
