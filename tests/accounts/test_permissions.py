"""Which role may do what: ranks, and how a refusal looks."""

from itertools import product

import pytest

from echosphere.accounts import AccountRole, Action, may, require_permission
from echosphere.accounts.permissions import RULES
from echosphere.core.caller import Caller
from echosphere.core.errors import Forbidden, NotFound

OWNER, ADMINISTRATOR, MODERATOR, MEMBER, GUEST = AccountRole
OVER_OTHERS = (Action.MANAGE_USERS, Action.RESET_ACCESS, Action.CHANGE_ROLE)


def test_every_action_has_a_rule_and_an_owner_may_take_it() -> None:
    assert set(RULES) == set(Action)
    assert all(may(OWNER, action) for action in Action)


@pytest.mark.parametrize("action", OVER_OTHERS)
def test_administrators_act_on_lower_roles_and_owners_on_all(action: Action) -> None:
    over = {
        (role, target)
        for role, target in product(AccountRole, repeat=2)
        if may(role, action, target)
    }
    lower = {MODERATOR, MEMBER, GUEST}
    assert over == {(OWNER, one) for one in AccountRole} | {(ADMINISTRATOR, one) for one in lower}


def test_a_lower_role_never_may_more_than_a_higher_one() -> None:
    for higher, lower in zip(AccountRole, list(AccountRole)[1:], strict=False):
        assert {one for one in Action if may(lower, one)} <= {
            one for one in Action if may(higher, one)
        }


@pytest.mark.parametrize(
    ("role", "action", "target", "refusal"),
    [
        (MEMBER, Action.VIEW_ADMINISTRATION, None, NotFound),
        (MODERATOR, Action.MANAGE_USERS, MEMBER, NotFound),
        (ADMINISTRATOR, Action.RESET_ACCESS, OWNER, Forbidden),
        (ADMINISTRATOR, Action.RESET_ACCESS, ADMINISTRATOR, Forbidden),
        (GUEST, Action.CREATE_GROUPS, None, Forbidden),
        (GUEST, Action.SEE_REPORTS, None, NotFound),
    ],
)
def test_a_refusal_tells_only_of_what_may_be_known(
    role: AccountRole, action: Action, target: AccountRole | None, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        require_permission(Caller("user", "session", role), action, target)
