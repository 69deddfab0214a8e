"""The tables of accounts."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, false

from echosphere.database import Identifier, Milliseconds, Text, metadata

users = Table(
    "users",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("email", String(254), unique=True),  # normalised; null once the account is closed
    Column("name", String(80), nullable=False),
    Column("about", String(500), nullable=False),
    Column("avatar", String(200)),  # the address of a picture on this server
    Column("role", String(16), nullable=False, index=True),  # one of AccountRole
    Column("password", Text),
    Column("settings", Text, nullable=False),  # JSON
    Column("created_at", Milliseconds, nullable=False),
    Column("closed_at", Milliseconds),
    Column("status_emoji", String(32)),
    Column("status_text", String(100)),
    Column("status_until", Milliseconds),
    Column("last_seen", Milliseconds),
    Column("second_factor_at", Milliseconds),  # since when signing in needs more than the password
    Column("email_confirmed_at", Milliseconds),  # null until a link that was mailed there was used
    Column("suspended_until", Milliseconds),  # the owner is kept out until then
    Column("suspension_reason", String(500)),
    Column("kind", String(8), nullable=False, server_default="person"),  # one of UserKind
)

bots = Table(
    "bots",
    metadata,
    Column("id", ForeignKey("users.id"), primary_key=True),
    Column("owner_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("created_at", Milliseconds, nullable=False),
    Column("disabled_at", Milliseconds),
    Column("hear_bots", Boolean, nullable=False, server_default=false()),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),  # cookie, bearer
    Column("device", String(200), nullable=False),
    Column("address", String(64), nullable=False),
    Column("created_at", Milliseconds, nullable=False),
    Column("used_at", Milliseconds, nullable=False),
    Column("proved_at", Milliseconds, nullable=False, server_default="0"),
    Column("second_factor_at", Milliseconds),  # if a sign-in service has asked for one
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("key", String(300), primary_key=True),  # account:… or address:…
    Column("failures", Integer, nullable=False),
    Column("first_at", Milliseconds, nullable=False),
    Column("blocked_until", Milliseconds, nullable=False),
    Index(None, "blocked_until"),
)
