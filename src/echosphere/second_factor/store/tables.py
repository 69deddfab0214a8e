"""The tables of second factors."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, String, Table

from echosphere.database import Identifier, Milliseconds, Text, metadata


def _user(*, key: bool = False) -> Column[str]:
    owner = ForeignKey("users.id", ondelete="CASCADE")
    return Column("user_id", owner, primary_key=key, nullable=False, index=not key)


totp_secrets = Table(
    "totp_secrets",
    metadata,
    _user(key=True),
    Column("secret", Text),  # sealed; null until a code of the offered one was entered
    Column("offered", Text),  # sealed
    Column("last_step", BigInteger, nullable=False),  # of the last code that was accepted
    Column("confirmed_at", Milliseconds),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    _user(key=True),
    Column("code_hash", String(64), primary_key=True),
    Column("used_at", Milliseconds),
)

pending_sign_ins = Table(
    "pending_sign_ins",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    _user(),
    Column("password_hash", String(64), nullable=False),  # a hash of the stored password
    Column("kind", String(8), nullable=False),  # cookie, bearer
    Column("expires_at", Milliseconds, nullable=False),
    Index(None, "expires_at"),
)

remembered_devices = Table(
    "remembered_devices",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    _user(),
    Column("device", String(200), nullable=False),
    Column("address", String(64), nullable=False),
    Column("created_at", Milliseconds, nullable=False),
    Column("expires_at", Milliseconds, nullable=False),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("credential", String(1400), nullable=False, unique=True),  # base64url
    _user(),
    Column("public_key", Text, nullable=False),  # COSE, base64url
    Column("sign_count", BigInteger, nullable=False),
    Column("name", String(80), nullable=False),
    Column("transports", String(200), nullable=False),  # separated by commas
    Column("host", String(255), nullable=False),  # the relying party: the base URL's host
    Column("backed_up", Boolean, nullable=False),
    Column("created_at", Milliseconds, nullable=False),
    Column("used_at", Milliseconds),
)

# Those that were used: until then a challenge proves by itself that it is ours.
passkey_challenges = Table(
    "passkey_challenges",
    metadata,
    Column("challenge_hash", String(64), primary_key=True),
    Column("purpose", String(16), nullable=False),  # register, sign-in, factor, proof
    Column("subject", String(64), nullable=False),  # a session's id, or a hash
    Column("expires_at", Milliseconds, nullable=False),
    Index(None, "expires_at"),
)
