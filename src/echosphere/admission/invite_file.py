"""Invites the people in a CSV file, and to which of the inviting user's groups."""

from echosphere.accounts import InvalidValueError, is_operator
from echosphere.admission.csv_file import NO_GROUPS, Group, InvitedRow, read_people
from echosphere.admission.invites import require_no_accounts
from echosphere.admission.wire import InvitedFile, InvitedGroup, PersonOfFile, ServerInviteShape
from echosphere.conversations import groups_run_by
from echosphere.core.caller import Caller
from echosphere.database import Snapshot


def read_file(snapshot: Snapshot, caller: Caller, text: str) -> list[InvitedRow]:
    """Return the people of a CSV file.

    Raises:
        Invalid: Some lines are wrong; `fields` has the problem of each by the number of its line.
    """
    if is_operator(caller):
        return read_people(text, _refuse_groups)
    groups = [Group(*one) for one in groups_run_by(snapshot, caller.user_id)]

    def find(named: str) -> list[Group]:
        by_id = [one for one in groups if one.id == named]
        return by_id or [one for one in groups if one.title.casefold() == named.casefold()]

    return read_people(text, find)


def check_file(snapshot: Snapshot, caller: Caller, text: str) -> list[InvitedRow]:
    """Return the people of a CSV file whom no one has invited yet; see `read_file`.

    Raises:
        Invalid: Some lines are wrong, or some of the people have an account already.
    """
    people = read_file(snapshot, caller, text)
    require_no_accounts(snapshot, caller, {str(one.line): one.email for one in people})
    return people


def _refuse_groups(_named: str) -> list[Group]:
    raise InvalidValueError(NO_GROUPS)


def invited_file(
    people: list[InvitedRow], invites: list[ServerInviteShape], *, mailed: bool
) -> InvitedFile:
    """Return the people of a file as they are sent, with their invites."""
    shapes = [
        PersonOfFile(one.line, one.email, one.name, [InvitedGroup(*group) for group in one.groups])
        for one in people
    ]
    return InvitedFile(shapes, invites, mailed)
