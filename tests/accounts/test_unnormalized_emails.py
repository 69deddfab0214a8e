"""Addresses that an earlier version stored in a different spelling: detected, and replaced."""

import pytest

from echosphere.accounts import UnnormalizedEmail, change_email, unnormalized_emails
from echosphere.accounts.store import update_user
from echosphere.core.errors import Conflict, Invalid, NotFound
from echosphere.database import Transaction
from tests.doors import PASSWORD, House


async def test_an_address_in_another_spelling_is_found_with_who_holds_it(house: House) -> None:
    ana, ben, carla = [await house.person(name) for name in ("Ana", "Ben", "Carla")]
    assert await house.database.read(unnormalized_emails) == []
    stored = {
        ana.id: "x@münchen.example",
        ben.id: "x@xn--mnchen-3ya.example",
        carla.id: "y@xn--nothing-at-all.example",
    }
    for user, email in stored.items():
        await house.database.write(_store, user, email)
    assert await house.database.read(unnormalized_emails) == [
        UnnormalizedEmail(ben.id, stored[ben.id], ana.id),
        UnnormalizedEmail(carla.id, stored[carla.id], None),
    ]
    changed = await house.database.write(change_email, ben.id, "ben@MÜNCHEN.example")
    assert changed.email == "ben@münchen.example"
    await house.database.write(change_email, carla.id, "carla@example.org")
    assert await house.database.read(unnormalized_emails) == []
    assert (await house.browser().sign_in("ben@xn--mnchen-3ya.example", PASSWORD))[0] == 201


async def test_another_address_is_refused_like_at_registration(house: House) -> None:
    ana, ben = await house.person("Ana"), await house.person("Ben")
    for user, email, why in (
        (ana.id, ben.email, Conflict),
        (ana.id, "nowhere", Invalid),
        ("nobody", "new@example.org", NotFound),
    ):
        with pytest.raises(why):
            await house.database.write(change_email, user, email)
    assert (await house.database.write(change_email, ana.id, ana.email)).email == ana.email


def _store(transaction: Transaction, user: str, email: str) -> None:
    update_user(transaction, user, email=email)
