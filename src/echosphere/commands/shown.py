"""Shows the answers of administrative commands: as tables and sentences, or as JSON."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from echosphere.commands.sizes import size_for_people
from echosphere.commands.times import shown_moment
from echosphere.core.counting import counted

FOR_GOOD = 2**53 - 1
NOTHING = "-"

Answer = dict[str, Any]


def show(words: str, answer: Answer, *, as_json: bool) -> None:
    """Print an answer; what was done without one is said in a sentence."""
    if "progress" in answer:
        one = answer["progress"]
        print(
            f"  {_messages(one)}, {counted(one['files'], 'file')}: {_cell(one['title'])}",
            file=sys.stderr,
        )
    elif "exported" in answer and not answer["exported"]["size"]:
        one = answer["exported"]
        what = f"{_conversations(one)}, {_messages(one)}"
        print(f"  {what}", file=sys.stderr)
    elif "lines" in answer:  # they are JSON already
        sys.stdout.writelines(answer["lines"])
    elif as_json:
        print(msgspec.json.format(msgspec.json.encode(answer)).decode())
    else:
        print(SENTENCES[words](answer))


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return rows below their heads, in columns; the head and a word where there are none."""
    if not rows:
        return "  ".join(heads) + "\n(none)"
    cells = [[_cell(one) for one in row] for row in (heads, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )


def _cell(value: object) -> str:
    """Return a value on one line without control characters, which could act on a terminal."""
    text = NOTHING if value in (None, "") else str(value)
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _until(moment: int | None) -> str:
    if moment is None:
        return NOTHING
    return "until reactivated" if moment == FOR_GOOD else f"until {shown_moment(moment)}"


def _people(answer: Answer) -> str:
    rows = [
        (
            one["id"],
            one["role"],
            one["email"],
            one["name"],
            _until(one["suspended_until"]),
        )
        for one in answer["people"]
    ]
    return table(("ID", "ROLE", "ADDRESS", "NAME", "SUSPENDED"), rows)


def _fields(values: dict[str, object]) -> str:
    width = max(map(len, values))
    return "\n".join(f"{name.ljust(width)}  {_cell(value)}" for name, value in values.items())


def _person(answer: Answer) -> str:
    one = answer["person"]
    return _fields(
        {
            "id": one["id"],
            "name": one["name"],
            "address": one["email"],
            "role": one["role"],
            "created": shown_moment(one["created_at"]),
            "last seen": shown_moment(one["last_seen"]),
            "devices": one["devices"],
            "files": size_for_people(one["used"]),
            "suspended": _until(one["suspended_until"]),
            "reason": one["suspension_reason"],
        }
    )


def _sentence(sentence: str) -> Callable[[Answer], str]:
    return lambda answer: sentence.format(**answer["person"])


def _reset(answer: Answer) -> str:
    if answer["link"] is None:
        return "They can now sign in only with their password. All devices are signed out."
    name = answer["person"]["name"]
    return (
        f"With this link, {_cell(name)} can set a new password, once and within an hour:\n"
        f"{answer['link']}"
    )


def _quota(answer: Answer) -> str:
    name, used = _cell(answer["person"]["name"]), size_for_people(answer["person"]["used"])
    limit = "none" if answer["quota"] is None else size_for_people(answer["quota"])
    whose = "set for this user" if answer["own_quota"] else "the default"
    return f"{name}'s files use {used}. Limit: {limit} ({whose})."


def _entries(answer: Answer) -> str:
    rows = [
        (
            one["number"],
            shown_moment(one["at"]),
            one["actor"]["name"] or one["actor"]["id"],
            one["action"],
            one["target"] and (one["target"]["name"] or one["target"]["id"]),
            " ".join(
                _detail(*detail) for detail in one["details"].items() if detail[1] is not None
            ),
            one["address"],
        )
        for one in answer["entries"]
    ]
    heads = ("NUMBER", "WHEN", "WHO", "WHAT", "WHOM", "DETAILS", "FROM")
    return f"{table(heads, rows)}\nHead: {answer['head']}"


def _detail(name: str, value: object) -> str:
    if name == "until" and isinstance(value, int):
        return _until(value)
    return f"{name}={value}"


def _invites(answer: Answer) -> str:
    rows = [
        (
            one["id"],
            one["role"],
            one["email"],
            f"{one['uses']} of {one['max_uses'] or 'any'}",
            shown_moment(one["expires_at"]),
            one["url"] or "(shown to its creator)",
        )
        for one in answer["invites"]
    ]
    return table(("ID", "ROLE", "FOR", "USES", "UNTIL", "LINK"), rows)


def _invited(answer: Answer) -> str:
    if not answer["invites"]:
        return "The file is valid. No one was invited: to invite them, omit --dry-run."
    if answer["mailed"]:
        return "Invited by e-mail: " + ", ".join(one["email"] for one in answer["invites"])
    return "\n".join(
        "  ".join(filter(None, (one["email"], one["url"]))) for one in answer["invites"]
    )


def _registrations(answer: Answer) -> str:
    rows = [
        (one["id"], one["email"], one["name"], shown_moment(one["created_at"]))
        for one in answer["registrations"]
    ]
    return table(("ID", "ADDRESS", "NAME", "SINCE"), rows)


def _setting_row(one: Answer) -> tuple[str, ...]:
    by = "here" if one["changed_at"] is not None else "default"
    return (one["name"], one["value"], "environment" if one["fixed"] else by)


def _settings(answer: Answer) -> str:
    rows = [_setting_row(one) for one in answer["settings"]]
    unknown = [(name, None, "another version") for name in answer["unknown"]]
    return table(("SETTING", "VALUE", "SET BY"), [*rows, *unknown])


def _setting(answer: Answer) -> str:
    one = answer["setting"]
    if one is None:
        return "The stored value was removed."
    return _fields(
        {
            "setting": one["name"],
            "value": one["value"],
            "default": one["default"],
            "set by": _setting_row(one)[-1],
            "changed": one["changed_at"] and shown_moment(one["changed_at"]),
        }
    )


def _reports(answer: Answer) -> str:
    rows = [
        (
            one["id"],
            shown_moment(one["created_at"]),
            one["user"]["name"],
            one["reporter"]["name"],
            one["reason"],
            "a message" if one["about_message"] else "a person",
            one["decision"],
        )
        for one in answer["reports"]
    ]
    return table(("ID", "WHEN", "REPORTED", "BY", "REASON", "ABOUT", "DECISION"), rows)


def _report(answer: Answer) -> str:
    one = answer["report"]
    about = _fields(
        {
            "id": one["id"],
            "when": shown_moment(one["created_at"]),
            "reported": f"{one['user']['name']} ({one['user']['id']})",
            "by": f"{one['reporter']['name']} ({one['reporter']['id']})",
            "reason": one["reason"],
            "text": one["text"],
            "decision": one["decision"],
            "why": one["decision_reason"],
            "suspended": _until(one["suspended_until"]),
        }
    )
    messages = [
        f"{'>' if each['reported'] else ' '} {_cell(each['author']['name'])}: "
        f"{_cell('(deleted)' if each['deleted'] else each['body'])}"
        for each in answer["messages"]
    ]
    return "\n".join([about, *messages])


def _announcements(answer: Answer) -> str:
    rows = [_announcement_row(one) for one in answer["announcements"]]
    heads = ("ID", "WHEN", "BY", "SEVERITY", "SHOWN", "CLOSED BY", "E-MAILS", "TEXT")
    return table(heads, rows)


def _announcement_row(one: Answer) -> tuple[object, ...]:
    until = "until withdrawn" if one["ends_at"] is None else _until(one["ends_at"])
    return (
        one["id"],
        shown_moment(one["created_at"]),
        one["author_name"] or one["author"],
        one["severity"],
        until if one["current"] else "over",
        one["dismissed"],
        f"{one['mailed']}{' so far' if one['mailing'] else ''}" if one["mails"] else None,
        one["text"],
    )


def _announcement(answer: Answer) -> str:
    return _announcements({"announcements": [answer["announcement"]]})


def _import_report(answer: Answer) -> str:
    one = answer["report"]
    would = "would be imported" if one["dry_run"] else "imported"
    files = f"{counted(one['files'], 'file')} of {size_for_people(one['bytes'])}"
    what = f"{_messages(one)} in {_conversations(one)}, and {files}"
    lines = [
        f"{what}, {would} from {_cell(one['source'])}.",
        f"{_persons(one)}, {one['matched']:,} of them with an account here.",
    ]
    if one["known"]:
        known = counted(one["known"], "message was", "messages were")
        lines.append(f"{known} here already.")
    if one["lost"]:
        lines.append("What cannot be imported, and how often:")
        lines += [f"  {_cell(lost['what'])}: {lost['times']:,}" for lost in one["lost"]]
    return "\n".join(lines)


def _export_report(answer: Answer) -> str:
    one = answer["exported"]
    what = f"{_messages(one)} of {_conversations(one)} by {_persons(one)}"
    line = f"{what}, and {counted(one['files'], 'file')}: {size_for_people(one['size'])}."
    missing = counted(one["missing"], "file is", "files are")
    return line if not one["missing"] else f"{line}\n{missing} missing from the storage."


def _messages(one: Answer) -> str:
    return counted(one["messages"], "message")


def _conversations(one: Answer) -> str:
    return counted(one["conversations"], "conversation")


def _persons(one: Answer) -> str:
    return counted(one["people"], "person", "people")


def _placeholders(answer: Answer) -> str:
    rows = [
        (one["id"], one["source"], one["person"], one["name"], one["email"])
        for one in answer["placeholders"]
    ]
    return table(("ID", "SOURCE", "THERE", "NAME", "ADDRESS"), rows)


SENTENCES: dict[str, Callable[[Answer], str]] = {
    "user list": _people,
    "user show": _person,
    "user create": _sentence("Created {name} <{email}>, {role}."),
    "user address": _sentence("{name} now signs in with {email}."),
    "user role": _sentence("{name} now has the role {role}. All devices are signed out."),
    "user deactivate": _sentence("{name} is deactivated until you reactivate the account."),
    "user activate": _sentence("{name} can sign in again."),
    "user suspend": lambda answer: (
        f"{_cell(answer['person']['name'])} is suspended "
        f"{_until(answer['person']['suspended_until'])}."
    ),
    "user unsuspend": _sentence("{name} can sign in again."),
    "user reset": _reset,
    "user quota": _quota,
    "bot create": lambda answer: (
        f"Created {_cell(answer['name'])}. To add it to a group, use its id {answer['bot']}. "
        f"Its key, which is not shown again:\n{answer['key']}"
    ),
    "user sign-out": _sentence("{name} is signed out on all devices."),
    "user invite": _invited,
    "invite create": _invited,
    "invite list": _invites,
    "invite revoke": lambda answer: f"The invitation {answer['revoked']} is revoked.",
    "approval list": _registrations,
    "approval approve": lambda _answer: "The registration is approved.",
    "approval refuse": lambda _answer: "The registration is rejected and deleted.",
    "setting list": _settings,
    **dict.fromkeys(("setting get", "setting set", "setting unset"), _setting),
    "report list": _reports,
    "report show": _report,
    "report decide": _report,
    "announce create": _announcement,
    "announce list": _announcements,
    "announce edit": _announcement,
    "announce withdraw": _announcement,
    **dict.fromkeys(("export all", "export conversation"), _export_report),
    "import run": _import_report,
    "import people": _placeholders,
    "import link": lambda answer: (
        f"The messages are being given to {_cell(answer['linked'])} in the background."
    ),
    "audit list": _entries,
    "audit verify": lambda answer: (
        f"The audit log is intact. Entries: {answer['number']}. Head: {answer['head']}"
    ),
    "audit head": lambda answer: str(answer["head"]),
}
"""How the answer of each command is put."""
