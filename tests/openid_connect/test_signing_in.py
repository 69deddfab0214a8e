"""Who can sign in with a provider, and which of its answers are rejected."""

import asyncio
from typing import Any

import pytest

from echosphere.accounts import OPERATOR, AccountRole, get_own_user, set_account_role, suspend
from echosphere.admission import store
from echosphere.admission.approvals import ApproveRegistration
from echosphere.core.clock import HOUR, MINUTE
from tests.conftest import SetClock
from tests.doors import PASSWORD
from tests.openid_connect.conftest import ADA, Desk
from tests.openid_connect.odd_provider import new_key
from tests.second_factor.factors import set_up

NOT_BELIEVED = "could not be accepted"


async def test_someone_new_gets_an_account_and_is_the_same_next_time(desk: Desk) -> None:
    first = await desk.sign_in()
    own = (await first.get("/me"))[1]["user"]
    assert (own["name"], own["email"]) == ("Ada Lovelace", "ada@example.org")
    moved = {"email": "countess@example.org", "name": "Somebody Else"}
    again = await desk.sign_in(**moved)
    assert again.id == first.id
    assert (await again.get("/me"))[1]["user"]["email"] == "ada@example.org"
    other = await desk.sign_in("ben", email="ben@example.org")
    assert other.id != first.id
    services = (await first.get("/me/sign-in-services"))[1]
    assert services["has_password"] is False
    assert [one["linked_at"] is not None for one in services["services"]] == [True, False]


async def test_answers_that_do_not_fit_let_no_one_in(desk: Desk, clock: SetClock) -> None:
    now = clock.now // 1000
    odd: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"iss": "https://elsewhere.example"}, {}),
        ({"iss": desk.two.issuer}, {}),
        ({"aud": "somebody-else"}, {}),
        ({"aud": ["echosphere", "somebody-else"]}, {}),
        ({"aud": ["echosphere", "somebody-else"], "azp": "somebody-else"}, {}),
        ({"azp": "somebody-else"}, {}),
        ({"nonce": "another"}, {}),
        ({"nonce": None}, {}),
        ({"exp": now - 120}, {}),
        ({"exp": None}, {}),
        ({"exp": "tomorrow"}, {}),
        ({"exp": True}, {}),
        ({"iat": now + 600}, {}),
        ({"iat": None}, {}),
        ({"nbf": now + 600}, {}),
        ({"sub": None}, {}),
        ({"sub": 7}, {}),
        ({"sub": "x" * 256}, {}),
        ({"sub": "a\x00da"}, {}),
        ({"sub": "ädä"}, {}),
        ({}, {"alg": "none"}),
        ({}, {"alg": "HS256"}),
        ({}, {"kid": "unknown"}),
    ]
    for claims, header in odd:
        desk.one.claims, desk.one.header = claims, header
        browser = desk.browser()
        response = await desk.come(browser, **ADA)
        page = await response.get_data(as_text=True)
        assert (response.status_code, NOT_BELIEVED in page) == (403, True), (claims, header)
        assert browser.token is None
    desk.one.claims, desk.one.header = {}, {}
    desk.one.signing_key = new_key("one")  # the same name, another key
    assert (await desk.come(desk.browser(), **ADA)).status_code == 403


async def test_new_keys_are_fetched_but_not_for_every_made_up_name(
    desk: Desk, clock: SetClock
) -> None:
    await desk.sign_in()
    provider = desk.house.settings.openid_providers[0]
    assert provider.client_secret not in repr(provider)
    desk.one.header = {"kid": "made-up"}
    for _ in range(5):
        assert (await desk.come(desk.browser(), **ADA)).status_code == 403
    assert desk.one.fetched.count("/keys") == 1  # of this minute
    assert desk.one.fetched.count("/.well-known/openid-configuration") == 1


async def test_a_state_works_once_of_fifty_in_parallel(desk: Desk) -> None:
    browser = desk.browser()
    asked = await desk.begin(browser)
    code = desk.one.code(asked, "ada", **ADA)
    cookie = {
        "cookie": "; ".join(f"{one.name}={one.value}" for one in browser.client.cookie_jar or ())
    }
    path = f"/login/openid/one/callback?state={asked.state}&code={code}"

    async def once() -> int:
        other = desk.browser()
        return (await other.open("GET", path, headers=cookie)).status_code

    statuses = await asyncio.gather(*(once() for _ in range(50)))
    assert (statuses.count(303), statuses.count(403)) == (1, 49)
    assert desk.one.redeemed == [code]
    assert (await desk.answer(browser, asked, code=code)).status_code == 403


async def test_a_state_is_bound_to_its_browser_its_provider_and_ten_minutes(
    desk: Desk, clock: SetClock
) -> None:
    browser, other = desk.browser(), desk.browser()
    asked = await desk.begin(browser)
    code = desk.one.code(asked, "ada", **ADA)
    assert (await desk.answer(other, asked, code=code)).status_code == 403  # no cookie
    await desk.begin(other)
    assert (await desk.answer(other, asked, code=code)).status_code == 403  # another state
    path = f"/login/openid/two/callback?state={asked.state}&code={code}"
    assert (await browser.open("GET", path)).status_code == 403  # another provider
    asked = await desk.begin(browser)
    clock.advance(10 * MINUTE)
    assert (await desk.answer(browser, asked, code=code)).status_code == 403
    assert desk.one.redeemed == []
    forged = {"cookie": "echosphere_openid=e30.AAAA"}
    path = "/login/openid/one/callback?state=&code=x"
    assert (await desk.browser().open("GET", path, headers=forged)).status_code == 403


async def test_an_answer_that_names_another_issuer_is_a_mix_up(desk: Desk) -> None:
    browser = desk.browser()
    asked = await desk.begin(browser)
    code = desk.one.code(asked, "ada", **ADA)
    assert (await desk.answer(browser, asked, code=code, iss=desk.two.issuer)).status_code == 403
    assert desk.one.redeemed == []
    desk.two.metadata = {"authorization_response_iss_parameter_supported": True}
    asked = await desk.begin(browser, "/login/openid/two", desk.two)
    code = desk.two.code(asked, "ada", **ADA)
    assert (await desk.answer(browser, asked, code=code)).status_code == 403  # announced, missing
    asked = await desk.begin(browser, "/login/openid/two", desk.two)
    code = desk.two.code(asked, "ada", **ADA)
    answer = await desk.answer(browser, asked, code=code, iss=desk.two.issuer)
    assert answer.status_code == 303


async def test_the_same_subject_at_another_provider_is_someone_else(desk: Desk) -> None:
    await desk.sign_in()
    browser = desk.browser()
    asked = await desk.begin(browser, "/login/openid/two", desk.two)
    response = await desk.answer(browser, asked, code=desk.two.code(asked, "ada", **ADA))
    page = await response.get_data(as_text=True)
    assert (response.status_code, "with your e-mail address already" in page) == (409, True)


async def test_a_discovery_document_of_another_issuer_is_refused(desk: Desk) -> None:
    for metadata in (
        {"issuer": f"{desk.one.issuer}/"},
        {"issuer": desk.two.issuer},
        {"authorization_endpoint": "ftp://elsewhere.example/"},
        {"token_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ):
        desk.one.metadata = metadata
        response = await desk.browser().open("GET", "/login/openid/one")
        assert response.status_code == 403, metadata


async def test_a_provider_that_is_down_has_a_page_and_comes_back(desk: Desk) -> None:
    desk.one.down = True
    response = await desk.browser().open("GET", "/login/openid/one?next=/c/abc")
    page = await response.get_data(as_text=True)
    assert (response.status_code, "is not responding" in page) == (503, True)
    assert "/login/openid/one?next=%2Fc%2Fabc" in page
    desk.one.down = False
    assert (await desk.come(desk.browser(), **ADA)).status_code == 303
    assert (await desk.browser().open("GET", "/login/openid/none")).status_code == 404


async def test_a_provider_that_is_slow_is_asked_once_for_all(desk: Desk) -> None:
    async def press() -> int:
        return (await desk.browser().open("GET", "/login/openid/one")).status_code

    assert await asyncio.gather(*(press() for _ in range(20))) == [303] * 20
    assert desk.one.fetched == ["/.well-known/openid-configuration"]


async def test_who_declines_is_told_so(desk: Desk) -> None:
    browser = desk.browser()
    asked = await desk.begin(browser)
    response = await desk.answer(browser, asked, error="access_denied")
    assert "You canceled the sign-in" in await response.get_data(as_text=True)
    assert (await desk.answer(browser, asked, error="access_denied")).status_code == 403


async def test_signing_in_leads_to_paths_of_this_server_only(desk: Desk) -> None:
    for wanted, to in (
        ("/c/abc", "/c/abc"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/%5Cevil.example", "/"),
        ("/" + "x" * 3_000, "/"),
    ):
        path = f"/login/openid/one?next={wanted}"
        response = await desk.come(desk.browser(), path=path, **ADA)
        assert (response.status_code, response.headers["location"]) == (303, to)


@pytest.mark.parametrize(
    "claim", [{"email_verified": False}, {"email_verified": "true"}, {"email": None}]
)
async def test_without_a_confirmed_address_there_is_no_account(
    desk: Desk, claim: dict[str, Any]
) -> None:
    response = await desk.come(desk.browser(), **(ADA | claim))
    page = await response.get_data(as_text=True)
    assert (response.status_code, "has not confirmed your e-mail address" in page) == (403, True)


async def test_names_are_cleaned_and_reserved_ones_passed_over(desk: Desk) -> None:
    told: tuple[tuple[dict[str, Any], str], ...] = (
        ({"name": "Ada\u202e\u0000 Lovelace"}, "Ada Lovelace"),
        ({"name": "Administrator", "preferred_username": "ada"}, "ada"),
        ({"name": "x" * 500, "nickname": "Adi"}, "Adi"),
        ({"name": 7}, "p3"),
        ({"name": ""}, "p4"),
    )
    for number, (claims, name) in enumerate(told):
        email = f"p{number}@example.org"
        browser = await desk.sign_in(f"p{number}", email=email, **claims)
        assert (await browser.get("/me"))[1]["user"]["name"] == name


async def test_claims_may_come_from_the_userinfo_of_the_same_person(desk: Desk) -> None:
    desk.one.userinfo = {"sub": "ada", **ADA}
    assert (await desk.come(desk.browser())).status_code == 303
    desk.one.userinfo = {"sub": "somebody-else", **ADA}
    assert (await desk.come(desk.browser())).status_code == 403


async def test_who_is_kept_out_stays_out(desk: Desk, clock: SetClock) -> None:
    await desk.sign_in("first", email="first@example.org")  # who owns the server
    ada = await desk.sign_in()
    await desk.house.database.write(suspend, ada.id, clock.now + HOUR, "too loud")
    response = await desk.come(desk.browser(), **ADA)
    page = await response.get_data(as_text=True)
    assert (response.status_code, "too loud" in page) == (403, True)


async def test_no_password_signs_in_to_an_account_without_one(desk: Desk) -> None:
    await desk.sign_in()
    for password in (PASSWORD, "!", ""):
        assert (await desk.browser().sign_in("ada@example.org", password))[0] == 401


async def test_the_second_factor_of_the_account_is_still_asked(desk: Desk, clock: SetClock) -> None:
    now = clock.now // 1000
    ada = await desk.sign_in(auth_time=now)
    app, _ = await set_up(ada, clock)
    browser = desk.browser()
    response = await desk.come(browser, **ADA, amr=["mfa"])
    assert response.headers["location"].startswith("/login/code")
    assert browser.token is None
    answer = await browser.open("POST", "/login/code", form={"code": app.next_code(), "next": "/"})
    assert answer.status_code == 303
    assert (await browser.get("/me"))[0] == 200


class TestByAddress:
    """Accounts are found by a confirmed address where the operator says so."""

    @pytest.fixture
    def more(self) -> str:
        return "match_email = true"

    async def test_a_confirmed_address_signs_in_and_ends_the_password(self, desk: Desk) -> None:
        ada = await desk.house.person("Ada")
        for verified in (False, "true", None):
            response = await desk.come(desk.browser(), **(ADA | {"email_verified": verified}))
            assert response.status_code == 403  # as for an address without an account
        assert (await ada.get("/me"))[0] == 200
        browser = await desk.sign_in()
        assert browser.id == ada.id
        desk.house.forget_what_was_recognised()
        assert (await ada.get("/me"))[0] == 401
        assert (await desk.browser().sign_in("ada@example.org"))[0] == 401

    async def test_another_subject_with_the_same_address_is_not_let_in(self, desk: Desk) -> None:
        ada = await desk.sign_in()
        response = await desk.come(desk.browser(), "successor", **ADA)
        page = await response.get_data(as_text=True)
        assert (response.status_code, "with your e-mail address already" in page) == (409, True)
        assert (await ada.get("/me"))[0] == 200
        assert (await desk.sign_in()).id == ada.id

    async def test_an_account_with_a_second_factor_is_not_taken_over(
        self, desk: Desk, clock: SetClock
    ) -> None:
        ada = await desk.house.person("Ada")
        await set_up(ada, clock)
        assert (await desk.come(desk.browser(), **ADA)).status_code == 409
        assert (await ada.get("/me"))[0] == 200  # neither password nor sessions have ended


class TestByMode:
    """Registration by a provider follows the mode of the server."""

    @pytest.fixture
    def given(self) -> dict[str, str]:
        return {"REGISTRATION": "approval"}

    async def test_who_must_be_approved_waits(self, desk: Desk) -> None:
        await desk.sign_in("first", email="first@example.org")
        assert (await desk.come(desk.browser(), **ADA)).status_code == 202
        response = await desk.come(desk.browser(), **ADA)
        assert "not approved your account yet" in await response.get_data(as_text=True)
        account = {"email": "ada@example.org", "name": "Mallory", "password": "not-by-the-provider"}
        assert (await desk.browser().post("/accounts", account))[0] == 202
        [waiting] = await desk.house.database.read(store.list_waiting, 0, 9)
        await desk.house.database.write(ApproveRegistration(OPERATOR, waiting.id, mail=False))
        browser = await desk.sign_in()
        assert (await browser.get("/me"))[1]["user"]["email"] == "ada@example.org"


class TestClosed:
    """A server that takes no one takes no one by a provider either."""

    @pytest.fixture
    def given(self) -> dict[str, str]:
        return {"REGISTRATION": "closed"}

    async def test_no_one_new_comes_in(self, desk: Desk) -> None:
        assert (await desk.come(desk.browser(), **ADA)).status_code == 403


class TestWithoutRegistration:
    """The operator makes the accounts."""

    @pytest.fixture
    def more(self) -> str:
        return "register = false"

    async def test_no_one_new_comes_in(self, desk: Desk) -> None:
        response = await desk.come(desk.browser(), **ADA)
        assert "You do not have an account here" in await response.get_data(as_text=True)


class TestRoles:
    """Roles come from a claim."""

    @pytest.fixture
    def more(self) -> str:
        return (
            'role_claim = "realm_access.roles"\n'
            '[one.roles]\nstaff = "administrator"\nhelpers = "moderator"\n'
        )

    async def test_roles_follow_the_claim_and_never_make_or_end_an_owner(self, desk: Desk) -> None:
        first = await desk.sign_in("first", email="first@example.org")
        assert (await first.get("/me"))[1]["user"]["role"] == "owner"
        first = await desk.sign_in("first", realm_access={"roles": ["staff"]})
        assert (await first.get("/me"))[1]["user"]["role"] == "owner"
        ada = await desk.sign_in(realm_access={"roles": ["helpers", "staff", "owner", 7]})
        assert (await ada.get("/me"))[1]["user"]["role"] == "administrator"
        again = await desk.sign_in(realm_access={"roles": ["helpers"]})
        assert (await again.get("/me"))[1]["user"]["role"] == "moderator"
        desk.house.forget_what_was_recognised()
        assert (await ada.get("/me"))[0] == 401  # the session of the role before
        again = await desk.sign_in(realm_access="staff")
        assert (await again.get("/me"))[1]["user"]["role"] == "member"
        await desk.house.database.write(set_account_role, ada.id, AccountRole.GUEST)
        await desk.sign_in()
        user = await desk.house.database.read(get_own_user, ada.id)
        assert user.role == "guest"


class TestOwners:
    """The operator may let the claim make owners; the last one stays."""

    @pytest.fixture
    def more(self) -> str:
        return 'role_claim = "groups"\nroles = { boss = "owner" }\n'

    async def test_the_last_owner_stays(self, desk: Desk) -> None:
        await desk.sign_in("first", email="first@example.org")
        first = await desk.sign_in("first", groups=[])
        assert (await first.get("/me"))[1]["user"]["role"] == "owner"
        ada = await desk.sign_in(groups=["boss"])
        assert (await ada.get("/me"))[1]["user"]["role"] == "owner"
        first = await desk.sign_in("first", groups=[])
        assert (await first.get("/me"))[1]["user"]["role"] == "member"


class TestFactors:
    """The operator takes the provider's second factor as one."""

    @pytest.fixture
    def more(self) -> str:
        return 'factor_amr = ["mfa"]\nfactor_acr = ["gold"]'

    @pytest.fixture
    def given(self) -> dict[str, str]:
        return {"REQUIRE_SECOND_FACTOR": "everybody"}

    async def test_only_what_the_operator_names_counts(self, desk: Desk) -> None:
        for claims, status in (
            ({}, 403),
            ({"amr": ["pwd"]}, 403),
            ({"amr": "mfa"}, 403),
            ({"amr": ["pwd", "mfa"]}, 200),
            ({"acr": "gold"}, 200),
            ({"acr": ["gold"]}, 403),
        ):
            browser = desk.browser()
            assert (await desk.come(browser, **(ADA | claims))).status_code == 303
            assert (await browser.get("/me"))[0] == status, claims

    async def test_who_lacks_one_sets_it_up_after_a_proof_at_the_provider(
        self, desk: Desk, clock: SetClock
    ) -> None:
        browser = desk.browser()
        assert (await desk.come(browser, **ADA)).status_code == 303
        page = await (await browser.open("GET", "/second-factor")).get_data(as_text=True)
        assert "/login/openid/one/prove?next=%2Fsecond-factor" in page
        offer = {"action": "offer"}
        assert (await browser.open("POST", "/second-factor", form=offer)).status_code == 303
        path = "/login/openid/one/prove?next=/second-factor"
        back = await desk.come(browser, path=path, auth_time=clock.now // 1000)
        assert (back.status_code, back.headers["location"]) == (303, "/second-factor")
        assert (await browser.open("POST", "/second-factor", form=offer)).status_code == 200


class TestRates:
    """A server that counts registrations by network address."""

    @pytest.fixture
    def given(self) -> dict[str, str]:
        return {"RATE_LIMITS": "on", "REGISTRATIONS_PER_HOUR": "2"}

    async def test_accounts_that_come_by_a_service_are_counted_like_others(
        self, desk: Desk
    ) -> None:
        for name in ("ann", "bob"):
            await desk.sign_in(name, email=f"{name}@example.org")
        late = await desk.come(desk.browser(), "cyd", **(ADA | {"email": "cyd@example.org"}))
        assert (late.status_code, int(late.headers["retry-after"]) > 0) == (429, True)
        await desk.sign_in("ann", email="ann@example.org")  # who has an account comes in
        elsewhere = desk.house.browser(address="203.0.113.9")
        came = await desk.come(elsewhere, "cyd", **(ADA | {"email": "cyd@example.org"}))
        assert came.status_code == 303
