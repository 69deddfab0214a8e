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


USER = Argument("user", "an e-mail address, or the id that `user list` shows")
REASON = Argument("--reason", "kept with the account, and told its owner", {"required": True})
UNTIL = Argument(
    "--until",
    "7d, 12h, a date such as 2030-12-31, or a time such as 2030-12-31T18:00Z",
    {"type": moment_of},
)
LIFETIME = Argument(
    "--lifetime",
    "how long it works, such as 7d or 12h; for ever without this",
    {"type": seconds_of},
)
INVITED_AS = Argument(
    "--role", "what they become", {"choices": ("member", "guest"), "default": "member"}
)
REPORT = Argument("report", "the id that `report list` shows")
ANNOUNCEMENT = Argument("announcement", "the id that `announce list` shows")
SEVERITY = Argument("--severity", "how it is shown", {"choices": SEVERITIES})
REGISTRATION = Argument("registration", "the id that `approval list` shows")
SETTING = Argument(
    "setting",
    "a name that `setting list` shows",
    {"choices": tuple(changeable_settings()), "metavar": "SETTING", "type": _setting_name},
)

ARCHIVE = Argument(
    "path",
    "a new ZIP archive, where the server must be able to write",
    {"type": absolute_path},
)
HTML = Argument("--html", "with pages to read as well", {"action": "store_true"})

COMMANDS = (
    Command(
        "user list",
        "list the accounts",
        "users.list_people",
        (
            Argument("--query", "only those whose name or address contains this"),
            Argument("--suspended", "only those who are kept out", {"action": "store_true"}),
        ),
        ("user list", "user list --query example.org --json"),
    ),
    Command("user show", "show an account", "users.show", (USER,), ("user show ana@example.org",)),
    Command(
        "user create",
        "make an account; asks for the password",
        "users.create",
        (
            Argument("email", "its e-mail address"),
            Argument("name", "its name"),
            Argument(
                "--role",
                "without this the first account owns the server, and others are members",
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
        "invite people by e-mail, or by a link for each where no mail server is set",
        "invites.invite_people",
        (
            Argument("emails", "e-mail addresses", {"nargs": "*"}),
            Argument(
                "--csv",
                "a file with an address and a name a line, - for standard input",
                {"type": text_of_file},
            ),
            Argument(
                "--dry-run",
                "only read the file, and say which lines are wrong",
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
        "give an account another e-mail address",
        "users.change_address",
        (USER, Argument("email", "the new address")),
        ("user address ana@example.org ana@example.net",),
    ),
    Command(
        "user role",
        "give an account another role; its sessions end",
        "users.change_role",
        (USER, Argument("role", "the new role", {"choices": ROLES})),
        ("user role ana@example.org administrator",),
    ),
    Command(
        "user deactivate",
        "keep somebody out until `user activate`; their sessions end",
        "users.deactivate",
        (USER, REASON),
        ('user deactivate ana@example.org --reason "left the club"',),
    ),
    Command(
        "user activate",
        "let somebody in again",
        "users.let_in",
        (USER,),
        ("user activate ana@example.org",),
    ),
    Command(
        "user suspend",
        "keep somebody out for a while; their sessions end",
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
        "print a link that sets a new password, or remove all other ways in",
        "users.reset",
        (
            USER,
            Argument(
                "--factor",
                "remove passkeys, app, codes and sign-in services instead; the password stays",
                {"action": "store_true"},
            ),
        ),
        ("user reset ana@example.org", "user reset --factor ana@example.org"),
    ),
    Command(
        "user quota",
        "set how much storage the files of one person may take up",
        "users.set_quota",
        (
            USER,
            Argument(
                "quota",
                "such as 500M, 5G or 1T; `none` for no limit, `default` for what everybody may",
                {"type": quota_of, "metavar": "SIZE"},
            ),
        ),
        ("user quota ana@example.org 20G", "user quota ana@example.org default"),
    ),
    Command(
        "bot create",
        "make a bot of somebody; its key is printed once",
        "bots.create",
        (
            Argument("name", "what it is called"),
            Argument(
                "--owner", "an e-mail address or id; without this the first owner of the server"
            ),
        ),
        ("bot create Echo", "bot create Echo --owner ana@example.org"),
    ),
    Command(
        "user sign-out",
        "sign somebody out on all devices",
        "users.sign_out",
        (USER,),
        ("user sign-out ana@example.org",),
    ),
    Command(
        "invite create",
        "print a link by which people register",
        "invites.create",
        (
            Argument("--uses", "how many may come by it", {"type": int, "default": 1}),
            LIFETIME,
            INVITED_AS,
        ),
        ("invite create", "invite create --uses 20 --lifetime 7d --role guest"),
    ),
    Command(
        "invite list",
        "list the invites that work, with the links of those of the command line",
        "invites.list_all",
        (),
        ("invite list",),
    ),
    Command(
        "invite revoke",
        "make an invite worth nothing",
        "invites.revoke",
        (Argument("invite", "the id that `invite list` shows"),),
        ("invite revoke 3f0c1f6f7e5f4a0b9c1d",),
    ),
    Command(
        "approval list",
        "list those who wait for an account",
        "approvals.list_all",
        (),
        ("approval list",),
    ),
    Command(
        "approval approve",
        "make an account of a registration",
        "approvals.approve_one",
        (REGISTRATION,),
        ("approval approve 3f0c1f6f7e5f4a0b9c1d",),
    ),
    Command(
        "approval refuse",
        "delete a registration",
        "approvals.refuse_one",
        (REGISTRATION,),
        ("approval refuse 3f0c1f6f7e5f4a0b9c1d",),
    ),
    Command(
        "report list",
        "list the open reports",
        "reports.list_all",
        (Argument("--decided", "those that are decided instead", {"action": "store_true"}),),
        ("report list", "report list --decided --json"),
    ),
    Command(
        "report show",
        "show a report with its message and five around it",
        "reports.show",
        (REPORT,),
        ("report show 3f0c1f6f7e5f4a0b9c1d",),
    ),
    Command(
        "report decide",
        "decide a report; the reported reads the reason, unless it is dismissed",
        "reports.decide",
        (REPORT, Argument("decision", "what follows", {"choices": DECISIONS}), REASON, UNTIL),
        (
            'report decide 3f0c1f6f7e5f4a0b9c1d warn --reason "be kind"',
            'report decide 3f0c1f6f7e5f4a0b9c1d suspend --until 7d --reason "spam"',
        ),
        heard=True,
    ),
    Command(
        "announce create",
        "say something to everybody, in a banner that each can close",
        "announcements.announce",
        (
            Argument("text", "what you want to say"),
            Argument(SEVERITY.name, SEVERITY.about, {"default": "info", **SEVERITY.options}),
            Argument(UNTIL.name, f"when it ends: {UNTIL.about}", UNTIL.options),
            Argument("--mail", "mail it to everybody as well", {"action": "store_true"}),
        ),
        (
            'announce create "Maintenance on Sunday from 8 to 9" --until 2030-12-31',
            'announce create "Change your passwords" --severity urgent --mail',
        ),
        heard=True,
    ),
    Command(
        "announce list",
        "list what was announced, and who reads it still",
        "announcements.list_all",
        (),
        ("announce list",),
    ),
    Command(
        "announce edit",
        "change an announcement that is shown",
        "announcements.edit",
        (
            ANNOUNCEMENT,
            Argument("--text", "what it says instead"),
            SEVERITY,
            Argument(UNTIL.name, f"when it ends: {UNTIL.about}", UNTIL.options),
            Argument("--again", "show it also to who has closed it", {"action": "store_true"}),
        ),
        ("announce edit 3f0c1f6f7e5f4a0b9c1d --until 2h",),
        heard=True,
    ),
    Command(
        "announce withdraw",
        "show an announcement to nobody any more",
        "announcements.withdraw",
        (ANNOUNCEMENT,),
        ("announce withdraw 3f0c1f6f7e5f4a0b9c1d",),
        heard=True,
    ),
    Command(
        "setting list",
        "list the settings that can be changed while the server runs",
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
        "change a setting; the server uses it at once",
        "server_settings.change",
        (SETTING, Argument("value", "the new value, written as in the environment")),
        ("setting set registration invitation", "setting set max_attachment_mib 100"),
    ),
    Command(
        "setting unset",
        "let the default of a setting hold again, or remove one that another version stored",
        "server_settings.reset",
        (SETTING,),
        ("setting unset registration",),
    ),
    Command(
        "import run",
        "import conversations of another system; run again, it adds what is new",
        "imports.run_import",
        (
            Argument(
                "path",
                "a folder or ZIP archive, which the server must be able to read",
                {"type": absolute_path},
            ),
            Argument(
                "--format",
                "whose export it is; found out without this",
                {"choices": FORMATS},
            ),
            Argument(
                "--timezone",
                "where the phone or computer was, of exports that do not tell it (WhatsApp, old ones of"
                " Telegram), such as Europe/Berlin; the zone of the server's machine without this",
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
                "store nothing, and report what cannot be kept",
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
        "list people whose messages were imported and who have no account",
        "imports.list_placeholders",
        (),
        ("import people",),
    ),
    Command(
        "import link",
        "give an account what somebody wrote elsewhere, because you know that it was them",
        "imports.link",
        (Argument("placeholder", "the id that `import people` shows"), USER),
        ("import link 3f0c1f6f7e5f4a0b9c1d ana@example.org",),
    ),
    Command(
        "export all",
        "write all conversations into an archive, which another server can import",
        "exports.export_all",
        (ARCHIVE, HTML),
        ("export all /srv/everything.zip", "export all /srv/everything.zip --html"),
    ),
    Command(
        "export conversation",
        "write one conversation into an archive",
        "exports.export_one",
        (Argument("conversation", "its id, as in the address of its page"), ARCHIVE, HTML),
        ("export conversation 3f0c1f6f7e5f4a0b9c1d /srv/one.zip --html",),
    ),
    Command(
        "audit list",
        "show the last entries of the audit log",
        "audit_log.list_entries",
        (
            Argument("--limit", "how many", {"type": int, "default": 50}),
            Argument("--before", "only entries with smaller numbers", {"type": int}),
            Argument("--user", "only those by or about an account"),
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
        "find out whether the log was changed",
        "audit_log.verify",
        (Argument("--head", "a head that was noted down earlier, NUMBER:HASH"),),
        ("audit verify", "audit verify --head 17:5feceb66…"),
    ),
    Command(
        "audit head",
        "print number and hash of the last entry, to note down elsewhere",
        "audit_log.show_head",
        (),
        ("audit head",),
    ),
)

GROUPS = {
    "user": "make, list or change accounts",
    "bot": "make bots",
    "invite": "invite people to the server",
    "approval": "answer registrations that wait",
    "report": "read and decide reports",
    "announce": "say something to everybody",
    "setting": "show and change settings while the server runs",
    "import": "bring in conversations of other systems",
    "export": "take conversations elsewhere, or read them without a server",
    "audit": "read, verify or export the audit log",
}
"""What each first word is about."""


def command_of(words: str) -> Command | None:
    """Return a command by its words."""
    return next((one for one in COMMANDS if one.words == words), None)
