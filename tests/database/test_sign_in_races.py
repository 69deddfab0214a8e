"""Two server processes on one PostgreSQL: no one signs in by what the other is just taking away."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from echosphere.accounts import (
    Device,
    PendingSignInFinished,
    end_sessions,
    find_password,
    replace_password,
)
from echosphere.accounts.opening import open_session
from echosphere.accounts.sign_in import (
    FIND_KNOWN_DEVICE,
    FIND_WAITING,
    HOLD_SIGN_IN,
    Attempt,
    FinishSignIn,
    ThrottleKeys,
)
from echosphere.accounts.store import find_session, sessions_of
from echosphere.core.caller import Caller
from echosphere.core.clock import HOUR, system_clock
from echosphere.core.encryption import Sealer
from echosphere.core.errors import Conflict, ProofNeeded, Refusal, Unauthorized
from echosphere.core.ids import token_hash
from echosphere.database import Database, Snapshot, Transaction, dialect_for
from echosphere.openid_connect import store as identities
from echosphere.openid_connect.claims import Identity
from echosphere.openid_connect.link import UnlinkProvider, WaysIn
from echosphere.openid_connect.logout import EndByProvider
from echosphere.openid_connect.sign_in import (
    Arriving,
    ProviderRules,
    SignInByProvider,
    finish_pending,
)
from echosphere.second_factor import RemoveApp, RemovePasskey, hold_sign_in, remove_all_factors
from echosphere.second_factor import store as factors
from echosphere.second_factor.challenges import ChallengeUse
from echosphere.second_factor.encryption import PURPOSE, SEALER
from echosphere.second_factor.finish_sign_in import FinishSecondStep, SecondStep
from echosphere.second_factor.passkey_sign_in import SignInByPasskey
from echosphere.second_factor.passkeys import (
    MAX_PASSKEYS,
    AddPasskey,
    CheckedPasskey,
    MadePasskey,
)
from echosphere.second_factor.recovery_codes import code_hash
from echosphere.second_factor.signatures import NewCredential, Signed
from tests.database.test_two_processes import TwoProcesses, person

HOST = "chat.example.org"
PHONE = Device("a phone", "192.0.2.1")
ISSUER = "https://id.example.org"
ADA = Identity("one", ISSUER, "ada", "s1", "ada@example.org", verified=True, name="Ada")
RULES = ProviderRules("one", register=False, match_email=False, role_claim="", roles={})
PROVIDED: dict[Any, Any] = {
    HOLD_SIGN_IN: hold_sign_in,
    FIND_KNOWN_DEVICE: lambda _cookie, _stored: None,
    FIND_WAITING: lambda _snapshot, _email: None,
    SEALER: Sealer(PURPOSE, "x" * 32, ""),
}


@pytest.fixture
async def two(postgresql_url: str) -> AsyncIterator[TwoProcesses]:
    """Two processes on one database."""
    quick = Database(postgresql_url)
    for what, value in PROVIDED.items():
        quick.provide(what, value)
    quick.in_same_transaction(PendingSignInFinished, finish_pending)
    await quick.start()
    engine = dialect_for(postgresql_url).writing_engine()
    with engine.connect() as slow:
        yield TwoProcesses(postgresql_url, quick, slow, provided=PROVIDED)
    await quick.stop()
    engine.dispose()


async def signed_in(two: TwoProcesses) -> Caller:
    """Return Ada, who has just signed in."""
    ada = await person(two.quick, "Ada")

    def sign_in(transaction: Transaction) -> str:
        session = find_session(transaction, token_hash(open_session(transaction, ada, PHONE)))
        assert session is not None
        return session.id

    return Caller(ada, await two.quick.write(sign_in))


async def attempt_of(two: TwoProcesses, user: str) -> Attempt:
    stored = await two.quick.read(find_password, user)
    return Attempt(stored, ThrottleKeys(f"account:{user}"))


def made(number: int) -> MadePasskey:
    """Return a passkey that was made and checked."""
    use = ChallengeUse(f"{number:064d}", "register", "session", system_clock() + HOUR)
    credential = NewCredential(f"credential-{number}", "key", sign_count=0, backed_up=False)
    return MadePasskey(use, credential, f"Key {number}", ("internal",), HOST)


async def add_app(two: TwoProcesses, user: str) -> None:
    def add(transaction: Transaction) -> None:
        factors.offer_totp(transaction, user, "sealed")
        assert factors.accept_totp(transaction, user, "sealed", 1)

    await two.quick.write(add)


async def add_identity(two: TwoProcesses, user: str) -> None:
    await two.quick.write(
        lambda transaction: identities.insert_identity(transaction, ADA, user) and None
    )


def count_sessions(snapshot: Snapshot, user: str) -> int:
    return len(sessions_of(snapshot, user))


async def test_a_reset_under_way_lets_no_one_in_by_the_old_password(two: TwoProcesses) -> None:
    ada = (await signed_in(two)).user_id
    sign_in = FinishSignIn(await attempt_of(two, ada), None, PHONE, None)
    _, refused = await two.meet_write(
        lambda transaction: replace_password(transaction, ada, "another hash"),
        lambda: two.quick.write(sign_in),
    )
    assert isinstance(refused, Unauthorized)
    assert two.waited
    assert await two.quick.read(count_sessions, ada) == 0


async def test_a_reset_under_way_lets_no_one_in_by_a_second_step(two: TwoProcesses) -> None:
    ada = (await signed_in(two)).user_id
    code = "k7mw2xq9hd4tp8vz"
    stored = await two.quick.read(find_password, ada)
    assert stored is not None
    pending = factors.PendingRow(ada, token_hash(stored.password), "cookie", system_clock() + HOUR)

    def begin(transaction: Transaction) -> None:
        factors.insert_pending(transaction, "pending", pending)
        factors.replace_recovery_codes(transaction, ada, [code_hash(ada, code)])

    await two.quick.write(begin)
    step = FinishSecondStep(SecondStep("pending", pending, code), await attempt_of(two, ada), PHONE)
    _, refused = await two.meet_write(
        lambda transaction: replace_password(transaction, ada, "another hash"),
        lambda: two.quick.write(step),
    )
    assert isinstance(refused, Unauthorized)
    assert await two.quick.read(count_sessions, ada) == 0


async def test_a_user_signed_out_meanwhile_cannot_add_a_passkey(two: TwoProcesses) -> None:
    ada = await signed_in(two)
    _, refused = await two.meet_write(
        lambda transaction: replace_password(transaction, ada.user_id, "another hash"),
        lambda: two.quick.write(AddPasskey(ada, made(1))),
    )
    assert isinstance(refused, ProofNeeded)


async def test_the_last_place_for_a_passkey_is_taken_once(two: TwoProcesses) -> None:
    ada = await signed_in(two)
    for number in range(MAX_PASSKEYS - 1):
        await two.quick.write(AddPasskey(ada, made(number)))
    _, refused = await two.meet_commands(AddPasskey(ada, made(50)), AddPasskey(ada, made(51)))
    assert isinstance(refused, Conflict)
    assert len(await two.quick.read(factors.passkeys_of, ada.user_id)) == MAX_PASSKEYS


async def test_one_of_two_last_factors_stays_where_one_is_required(two: TwoProcesses) -> None:
    ada = await signed_in(two)
    await add_app(two, ada.user_id)
    added = await two.quick.write(AddPasskey(ada, made(1)))
    removing = RemoveApp(ada, HOST, True), RemovePasskey(ada, added.id, HOST, True)
    _, refused = await two.meet_commands(*removing)
    assert isinstance(refused, Conflict)
    assert await two.quick.read(factors.has_factor, ada.user_id)


async def test_a_passkey_that_is_being_removed_lets_no_one_in(two: TwoProcesses) -> None:
    ada = await signed_in(two)
    await two.quick.write(AddPasskey(ada, made(1)))
    [passkey] = await two.quick.read(factors.passkeys_of, ada.user_id)
    use = ChallengeUse("f" * 64, "sign-in", "browser", system_clock() + HOUR)
    checked = CheckedPasskey(passkey, use, Signed(sign_count=0, backed_up=False))
    entering = SignInByPasskey(checked, await attempt_of(two, ada.user_id), PHONE)
    _, refused = await two.meet_write(
        lambda transaction: remove_all_factors(transaction, ada.user_id),
        lambda: two.quick.write(entering),
    )
    assert isinstance(refused, Refusal)
    assert await two.quick.read(count_sessions, ada.user_id) == 0


async def test_a_service_that_is_being_unlinked_lets_no_one_in(two: TwoProcesses) -> None:
    ada = await signed_in(two)
    await add_identity(two, ada.user_id)
    await two.quick.write(replace_password, ada.user_id, "a hash")
    ada = Caller(ada.user_id, await session_of(two, ada.user_id))
    unlinking = UnlinkProvider(
        ada, "one", ISSUER, WaysIn(passwords=True, passkey_host=None, issuers=(ISSUER,))
    )
    _, refused = await two.meet_commands(unlinking, SignInByProvider(Arriving(ADA, RULES, PHONE)))
    assert isinstance(refused, Refusal)
    assert await two.quick.read(count_sessions, ada.user_id) == 1


async def session_of(two: TwoProcesses, user: str) -> str:
    await two.quick.write(lambda transaction: open_session(transaction, user, PHONE) and None)
    [session] = await two.quick.read(sessions_of, user)
    return str(session.id)


async def test_a_user_signed_out_by_the_service_cannot_finish_a_sign_in(
    two: TwoProcesses,
) -> None:
    ada = (await signed_in(two)).user_id
    await add_identity(two, ada)
    await add_app(two, ada)
    code = "k7mw2xq9hd4tp8vz"

    pending = factors.PendingRow(ada, token_hash("no hash"), "cookie", system_clock() + HOUR)

    def begin(transaction: Transaction) -> None:
        end_sessions(transaction, ada)
        factors.replace_recovery_codes(transaction, ada, [code_hash(ada, code)])
        factors.insert_pending(transaction, "pending", pending)
        identities.insert_pending(transaction, "pending", ADA, system_clock() + HOUR)

    await two.quick.write(begin)
    step = FinishSecondStep(SecondStep("pending", pending, code), await attempt_of(two, ada), PHONE)
    _, refused = await two.meet_commands(EndByProvider(ISSUER, "token", "ada", None), step)
    assert isinstance(refused, Unauthorized)
    assert await two.quick.read(count_sessions, ada) == 0
