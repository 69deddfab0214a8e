"""Reads the people to invite from a CSV file, and reports its invalid lines.

The columns are the address, the name and the groups, in this order or as a first line names them;
the last two may be missing. They are separated by commas, semicolons or tabs, groups by `|`.
"""

import csv
from collections.abc import Callable, Container, Iterator, Mapping
from typing import NamedTuple

from echosphere.accounts import InvalidValueError, normalize_email, validate_name
from echosphere.admission.invite import MAX_GROUPS, MAX_ROWS
from echosphere.core.errors import Invalid

COLUMNS = ("email", "name", "groups")
HEADS = {"e-mail": "email", "mail": "email", "address": "email", "adresse": "email"} | {
    "group": "groups",
    "gruppen": "groups",
    "gruppe": "groups",
}
"""Other heads of columns, beside the names of the columns themselves."""

NO_ROWS = "This file lists no one."
TOO_MANY_ROWS = "You can invite up to 200 people at once."
NO_CSV = "This line is not valid CSV. Look for an unclosed quotation mark."
TWICE = "This address is already in an earlier line."
NO_SUCH_GROUP = "You do not manage a group with this name or id."
NO_GROUPS = (
    "The command line cannot add people to groups. Leave this column out, or invite in the browser."
)
SEVERAL_GROUPS = "You manage several groups with this name. Use the id instead."
TOO_MANY_GROUPS = "You can name up to 20 groups."


class Group(NamedTuple):
    """A group that whoever invites runs."""

    id: str
    title: str


class InvitedRow(NamedTuple):
    """Someone who is to be invited; `line` is that of the file, from 1."""

    line: int
    email: str
    name: str
    groups: list[Group]


FindGroups = Callable[[str], list[Group]]
"""Returns the groups with a name or an id, of those that whoever invites runs."""


def read_people(text: str, find_groups: FindGroups) -> list[InvitedRow]:
    """Return the people of a CSV file.

    Raises:
        Invalid: Some lines are wrong; `fields` has the problem of each by the number of its line.
    """
    problems: dict[str, str] = {}
    people: dict[str, InvitedRow] = {}
    for line, cells in _lines(text, problems):
        try:
            row = _row(line, cells, find_groups, people)
            people[row.email] = row
        except InvalidValueError as error:
            problems[str(line)] = str(error)
    if problems:
        raise Invalid(" ".join(problems.values()), fields=problems)
    if not people:
        raise Invalid(NO_ROWS, fields={"csv": NO_ROWS})
    if len(people) > MAX_ROWS:
        raise Invalid(TOO_MANY_ROWS, fields={"csv": TOO_MANY_ROWS})
    return list(people.values())


def _lines(text: str, problems: dict[str, str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Give the number of each line with its cells by column; empty lines and the heads are left out."""
    given = text.removeprefix("\ufeff")  # Excel begins with it
    reader = csv.reader(given.splitlines(keepends=True), delimiter=_delimiter(given), strict=True)
    columns: tuple[str, ...] = COLUMNS
    first = True
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            problems[str(line)] = NO_CSV
            return
        if not any(cells):
            continue
        if first and not any("@" in cell for cell in cells):
            columns = tuple(HEADS.get(cell.lower(), cell.lower()) for cell in cells)
        else:
            yield line, dict(zip(columns, cells, strict=False))
        first = False


def _delimiter(text: str) -> str:
    head = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=head.count)


def _row(
    line: int, cells: Mapping[str, str], find_groups: FindGroups, before: Container[str]
) -> InvitedRow:
    email = normalize_email(cells.get("email", ""))
    if email in before:
        raise InvalidValueError(TWICE)
    name = cells.get("name", "")
    titles = [title.strip() for title in cells.get("groups", "").split("|") if title.strip()]
    if len(titles) > MAX_GROUPS:
        raise InvalidValueError(TOO_MANY_GROUPS)
    groups = [_group(find_groups(title)) for title in dict.fromkeys(titles)]
    return InvitedRow(line, email, validate_name(name) if name else "", groups)


def _group(found: list[Group]) -> Group:
    if not found:
        raise InvalidValueError(NO_SUCH_GROUP)
    if len(found) > 1:
        raise InvalidValueError(SEVERAL_GROUPS)
    return found[0]
