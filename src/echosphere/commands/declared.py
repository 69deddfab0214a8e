"""The administrative commands, each declared once: for the parser, for `--help`, and for whoever runs it.

Nothing is imported here that `echosphere --help` would have to wait for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from echosphere.commands.files import absolute_path, text_of_file
from echosphere.commands.sizes import quota_of
from echosphere.commands.times import moment_of, seconds_of
from echosphere.settings import PREFIX, changeable_settings

ROLES = ("owner", "administrator", "moderator", "member", "guest")
SEVERITIES = ("info", "warning", "urgent")
FORMATS = (
    "discord",
    "echosphere",
    "matrix",
    "mattermost",
    "rocketchat",
    "slack",
    "telegram",
    "whatsapp",
    "zulip",
)
DECISIONS = ("dismiss", "warn", "remove", "suspend", "ban")


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument as `argparse` takes it; its name without dashes is the field of the call."""

    name: str
    about: str
    options: Mapping[str, Any] = field(default_factory=dict)


class Command(msgspec.Struct, frozen=True):
    """A command that the running server runs or, where none runs, the command itself.

    Attributes:
        words: What is typed, such as `user list`.
        about: One line.
        place: The module and the function in `commands/` that runs it.
        arguments: Its arguments.
        examples: Lines for `--help`.
        password: Whether a password is asked for, or read from standard input.
        heard: Whether the running server must hear of it at once: beside a server that cannot be
            reached it is refused.
    """

    words: str
    about: str
    place: str
    arguments: tuple[Argument, ...] = ()
    examples: tuple[str, ...] = ()
    password: bool = False
    heard: bool = False


def _setting_name(given: str) -> str:
    """Return the name of a setting, which may be written as in the environment."""
    return given.removeprefix(PREFIX).lower()


USER = Argument("user", "an e-mail address, or the id shown by `user list`")
REASON = Argument("--reason", "stored with the account and shown to the user", {"required": True})
UNTIL = Argument(
    "--until",
    "7d, 12h, a date such as 2030-12-31, or a time such as 2030-12-31T18:00Z",
    {"type": moment_of},
)
LIFETIME = Argument(
    "--lifetime",
    "how long it is valid, such as 7d or 12h (default: forever)",
    {"type": seconds_of},
)
INVITED_AS = Argument(
    "--role", "the role they get", {"choices": ("member", "guest"), "default": "member"}
)
REPORT = Argument("report", "the id shown by `report list`")
ANNOUNCEMENT = Argument("announcement", "the id shown by `announce list`")
SEVERITY = Argument("--severity", "how it is shown", {"choices": SEVERITIES})
REGISTRATION = Argument("registration", "the id shown by `approval list`")
SETTING = Argument(
    "setting",
    "a name shown by `setting list`",
    {"choices": tuple(changeable_settings()), "metavar": "SETTING", "type": _setting_name},
)

ARCHIVE = Argument(
    "path",
    "path of the new ZIP archive, writable by the server",
    {"type": absolute_path},
)
HTML = Argument("--html", "include HTML pages for reading", {"action": "store_true"})

COMMANDS = (
    Command(
        "user list",
        "list accounts",
        "users.list_people",
        (
            Argument("--query", "only accounts whose name or address contains this"),
            Argument(
                "--suspended", "only suspended or deactivated accounts", {"action": "store_true"}
            ),
        ),
        ("user list", "user list --query example.org --json"),
    ),
    Command("user show", "show an account", "users.show", (USER,), ("user show ana@example.org",)),
    Command(
        "user create",
        "create an account; asks for the password",
        "users.create",
        (
            Argument("email", "its e-mail address"),
            Argument("name", "its name"),
            Argument(
                "--role",
                "the role (default: owner for the first account, member for all others)",
                {"choices": ROLES},
            ),
        ),
        (
            'user create ana@example.org "Ana Example"',
            "user create ben@example.org Ben --role moderator < password.txt",
        ),
        password=True,
    ),
    Command(
        "user invite",
        "invite people by e-mail, or print a link for each if no mail server is set",
        "invites.invite_people",
        (
            Argument("emails", "e-mail addresses", {"nargs": "*"}),
            Argument(
                "--csv",
                "a file with an address and a name on each line; - for standard input",
                {"type": text_of_file},
            ),
            Argument(
                "--dry-run",
                "only check the file and report invalid lines",
                {"action": "store_true"},
            ),
            LIFETIME,
            INVITED_AS,
        ),
        (
            "user invite ana@example.org ben@example.org --lifetime 7d",
            "user invite --csv people.csv --dry-run",
        ),
    ),
    Command(
        "user address",
        "change the e-mail address of an account",
        "users.change_address",
        (USER, Argument("email", "the new address")),
        ("user address ana@example.org ana@example.net",),
    ),
    Command(
        "user role",
        "change the role of an account; its sessions end",
        "users.change_role",
        (USER, Argument("role", "the new role", {"choices": ROLES})),
        ("user role ana@example.org administrator",),
    ),
    Command(
        "user deactivate",
        "deactivate an account until `user activate`; its sessions end",
        "users.deactivate",
        (USER, REASON),
        ('user deactivate ana@example.org --reason "left the club"',),
    ),
    Command(
        "user activate",
        "reactivate an account",
        "users.let_in",
        (USER,),
        ("user activate ana@example.org",),
    ),
    Command(
        "user suspend",
        "suspend an account for a while; its sessions end",
        "users.suspend",
        (USER, REASON, Argument(UNTIL.name, UNTIL.about, {"required": True, **UNTIL.options})),
        ('user suspend ana@example.org --until 7d --reason "spam in groups"',),
    ),
    Command(
        "user unsuspend",
        "end a suspension",
        "users.let_in",
        (USER,),
        ("user unsuspend ana@example.org",),
    ),
    Command(
        "user reset",
        "print a password reset link, or remove all other sign-in methods",
        "users.reset",
        (
            USER,
            Argument(
                "--factor",
                "remove passkeys, app, recovery codes and sign-in services instead; the "
                "password stays",
                {"action": "store_true"},
            ),
        ),
        ("user reset ana@example.org", "user reset --factor ana@example.org"),
    ),
    Command(
        "user quota",
        "set the storage limit for one user's files",
        "users.set_quota",
        (
            USER,
            Argument(
                "quota",
                "such as 500M, 5G or 1T; `none` for no limit, `default` for the server's default",
                {"type": quota_of, "metavar": "SIZE"},
            ),
        ),
        ("user quota ana@example.org 20G", "user quota ana@example.org default"),
    ),
    Command(
        "bot create",
        "create a bot; its key is printed once",
        "bots.create",
        (
            Argument("name", "its name"),
            Argument(
                "--owner",
                "the e-mail address or id of its owner (default: the server's first owner)",
            ),
        ),
        ("bot create Echo", "bot create Echo --owner ana@example.org"),
    ),
    Command(
        "user sign-out",
        "sign a user out on all devices",
        "users.sign_out",
        (USER,),
        ("user sign-out ana@example.org",),
    ),
    Command(
        "invite create",
        "print an invitation link for registering",
        "invites.create",
        (
            Argument("--uses", "how many people can use it", {"type": int, "default": 1}),
            LIFETIME,
            INVITED_AS,
        ),
        ("invite create", "invite create --uses 20 --lifetime 7d --role guest"),
    ),
    Command(
        "invite list",
        "list valid invitations, with the links of those created on the command line",
        "invites.list_all",
        (),
        ("invite list",),
    ),
    Command(
        "invite revoke",
        "revoke an invitation",
        "invites.revoke",
        (Argument("invite", "the id shown by `invite list`"),),
        ("invite revoke 3f0c1f6f7e5f4a0b9c1d",),
    ),
    Command(
        "approval list",
        "list registrations that are waiting for approval",
        "approvals.list_all",
        (),
        ("approval list",),
    ),
    Command(
        "approval approve",
        "approve a registration; creates the account",
        "approvals.approve_one",
        (REGISTRATION,),
        ("approval approve 3f0c1f6f7e5f4a0b9c1d",),
    ),
    Command(
        "approval refuse",
        "reject a registration; deletes it",
        "approvals.refuse_one",
        (REGISTRATION,),
        ("approval refuse 3f0c1f6f7e5f4a0b9c1d",),
    ),
    Command(
        "report list",
        "list the open reports",
        "reports.list_all",
        (Argument("--decided", "list decided reports instead", {"action": "store_true"}),),
        ("report list", "report list --decided --json"),
    ),
    Command(
        "report show",
        "show a report with its message and up to five around it",
        "reports.show",
        (REPORT,),
        ("report show 3f0c1f6f7e5f4a0b9c1d",),
    ),
    Command(
        "report decide",
        "decide a report; the reported user sees the reason, unless you dismiss the report",
        "reports.decide",
        (REPORT, Argument("decision", "the decision", {"choices": DECISIONS}), REASON, UNTIL),
        (
            'report decide 3f0c1f6f7e5f4a0b9c1d warn --reason "be kind"',
            'report decide 3f0c1f6f7e5f4a0b9c1d suspend --until 7d --reason "spam"',
        ),
        heard=True,
    ),
    Command(
        "announce create",
        "show everyone an announcement in a banner that they can close",
        "announcements.announce",
        (
            Argument("text", "the text"),
            Argument(SEVERITY.name, SEVERITY.about, {"default": "info", **SEVERITY.options}),
            Argument(UNTIL.name, f"when it ends: {UNTIL.about}", UNTIL.options),
            Argument("--mail", "also send it to everyone by e-mail", {"action": "store_true"}),
        ),
        (
            'announce create "Maintenance on Sunday from 8 to 9" --until 2030-12-31',
            'announce create "Change your passwords" --severity urgent --mail',
        ),
        heard=True,
    ),
    Command(
        "announce list",
        "list announcements and whether they are still shown",
        "announcements.list_all",
        (),
        ("announce list",),
    ),
    Command(
        "announce edit",
        "change an announcement that is still shown",
        "announcements.edit",
        (
            ANNOUNCEMENT,
            Argument("--text", "the new text"),
            SEVERITY,
            Argument(UNTIL.name, f"when it ends: {UNTIL.about}", UNTIL.options),
            Argument("--again", "show it again to users who closed it", {"action": "store_true"}),
        ),
        ("announce edit 3f0c1f6f7e5f4a0b9c1d --until 2h",),
        heard=True,
    ),
    Command(
        "announce withdraw",
        "stop showing an announcement",
        "announcements.withdraw",
        (ANNOUNCEMENT,),
        ("announce withdraw 3f0c1f6f7e5f4a0b9c1d",),
        heard=True,
    ),
    Command(
        "setting list",
        "list the settings that can be changed while the server is running",
        "server_settings.list_all",
        (),
        ("setting list", "setting list --json"),
    ),
    Command(
        "setting get",
        "show a setting",
        "server_settings.show",
        (SETTING,),
        ("setting get registration",),
    ),
    Command(
        "setting set",
        "change a setting; takes effect immediately",
        "server_settings.change",
        (SETTING, Argument("value", "the new value, written as in the environment")),
        ("setting set registration invitation", "setting set max_attachment_mib 100"),
    ),
    Command(
        "setting unset",
        "reset a setting to its default, or remove one stored by another version",
        "server_settings.reset",
        (SETTING,),
        ("setting unset registration",),
    ),
    Command(
        "import run",
        "import conversations from another system; running it again adds what is new",
        "imports.run_import",
        (
            Argument(
                "path",
                "a folder or ZIP archive that the server can read",
                {"type": absolute_path},
            ),
            Argument(
                "--format",
                "the system that made the export (default: detected)",
                {"choices": FORMATS},
            ),
            Argument(
                "--timezone",
                "the time zone of the phone or computer, such as Europe/Berlin, for exports "
                "that do not contain it (WhatsApp, old Telegram); default: the zone of the "
                "server's machine",
                {"metavar": "ZONE"},
            ),
            Argument(
                "--source",
                "a name for the server that the export comes from; needed if you import from two"
                " Mattermost servers, or two of another system whose exports do not tell them apart",
                {"metavar": "NAME"},
            ),
            Argument(
                "--dry-run",
                "store nothing; only report what cannot be imported",
                {"action": "store_true"},
            ),
        ),
        (
            "import run slack-export.zip --dry-run",
            "import run /srv/export --format mattermost",
            "import run chat.zip --format whatsapp --timezone Europe/Berlin",
            "import run export.zip --source chat.example.org",
        ),
    ),
    Command(
        "import people",
        "list people whose messages were imported but who have no account",
        "imports.list_placeholders",
        (),
        ("import people",),
    ),
    Command(
        "import link",
        "give a person's imported messages to their account, when you know that it is theirs",
        "imports.link",
        (Argument("placeholder", "the id shown by `import people`"), USER),
        ("import link 3f0c1f6f7e5f4a0b9c1d ana@example.org",),
    ),
    Command(
        "export all",
        "write all conversations to an archive that another server can import",
        "exports.export_all",
        (ARCHIVE, HTML),
        ("export all /srv/everything.zip", "export all /srv/everything.zip --html"),
    ),
    Command(
        "export conversation",
        "write one conversation to an archive",
        "exports.export_one",
        (Argument("conversation", "its id, as in its page's address"), ARCHIVE, HTML),
        ("export conversation 3f0c1f6f7e5f4a0b9c1d /srv/one.zip --html",),
    ),
    Command(
        "audit list",
        "show the last entries of the audit log",
        "audit_log.list_entries",
        (
            Argument("--limit", "how many", {"type": int, "default": 50}),
            Argument("--before", "only entries with smaller numbers", {"type": int}),
            Argument("--user", "only entries by or about this account"),
        ),
        ("audit list", "audit list --user ana@example.org --limit 10 --json"),
    ),
    Command(
        "audit export",
        "print the log as JSON lines",
        "audit_log.export",
        (),
        ("audit export > audit.jsonl",),
    ),
    Command(
        "audit verify",
        "check whether the log was tampered with",
        "audit_log.verify",
        (Argument("--head", "a head recorded earlier, as NUMBER:HASH"),),
        ("audit verify", "audit verify --head 17:5feceb66…"),
    ),
    Command(
        "audit head",
        "print the number and hash of the last entry, to record elsewhere",
        "audit_log.show_head",
        (),
        ("audit head",),
    ),
)

GROUPS = {
    "user": "create, list or change accounts",
    "bot": "create bots",
    "invite": "invite people to the server",
    "approval": "approve or reject registrations",
    "report": "read and decide reports",
    "announce": "make announcements",
    "setting": "show and change settings while the server is running",
    "import": "import conversations from other systems",
    "export": "export conversations, to move them or to read them without a server",
    "audit": "read, verify or export the audit log",
}
"""What each first word is about."""


def command_of(words: str) -> Command | None:
    """Return a command by its words."""
    return next((one for one in COMMANDS if one.words == words), None)
