"""Requests and answers of second factors."""

from typing import Annotated

import msgspec
from msgspec import Meta

from echosphere.wire import Id, Request, Shape

Password = Annotated[str, Meta(max_length=1_100)]
Code = Annotated[str, Meta(max_length=64)]
Token = Annotated[str, Meta(max_length=128)]
Credential = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,1400}\Z")]
Signable = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,4000}\Z")]
Attestation = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,16000}\Z")]
Handle = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{0,128}\Z")]
PasskeyName = Annotated[str, Meta(max_length=200)]
Transport = Annotated[str, Meta(pattern=r"^[a-z-]{1,20}\Z")]
Transports = Annotated[list[Transport], Meta(max_length=8)]


class Assertion(Request, frozen=True):
    """What a passkey signed, as `navigator.credentials.get` gives it; bytes are in base64url."""

    credential: Credential
    client_data: Signable
    authenticator_data: Signable
    signature: Signable
    user_handle: Handle = ""


class Prove(Request, frozen=True):
    """Prove again who one is, by password, code or passkey; it counts for ten minutes."""

    password: Password | None = None
    code: Code | None = None
    assertion: Assertion | None = None


class PendingCall(Request, frozen=True):
    """Which sign-in goes on after the password."""

    pending: Token


class FinishSignIn(Request, frozen=True):
    """Go on after the password, with a code of the app, a recovery code or a passkey."""

    pending: Token
    code: Code | None = None
    assertion: Assertion | None = None
    remember: bool = False


class CodeCall(Request, frozen=True):
    """A code of the app that is being set up."""

    code: Code


class DeviceCall(Request, frozen=True):
    """Which remembered device is meant."""

    device: Id


class SignInByPasskey(Request, frozen=True):
    """Sign in by a passkey; programs ask for a bearer token instead of the cookie."""

    assertion: Assertion
    bearer: bool = False


class NewPasskey(Request, frozen=True):
    """A passkey that was made, as `navigator.credentials.create` gives it; bytes are in base64url."""

    credential: Credential
    client_data: Signable
    attestation: Attestation
    name: PasskeyName
    transports: Transports = msgspec.field(default_factory=list)


class RenamePasskey(Request, frozen=True):
    """Give one of the caller's passkeys another name."""

    passkey: Id
    name: PasskeyName


class PasskeyCall(Request, frozen=True):
    """Which passkey is meant."""

    passkey: Id


class KnownPasskey(Shape, frozen=True):
    """A passkey as a browser finds it again; `id` is in base64url."""

    id: str
    transports: list[str]


class AssertionOptions(Shape, frozen=True):
    """What `navigator.credentials.get` needs; bytes are in base64url.

    Without `passkeys` the authenticator shows those that it has for `rp_id`.
    """

    challenge: str
    rp_id: str
    passkeys: list[KnownPasskey]
    user_verification: str


class PasskeyOptions(Shape, frozen=True):
    """What `navigator.credentials.create` needs; bytes are in base64url."""

    challenge: str
    rp_id: str
    user_handle: str
    email: str
    display_name: str
    known: list[KnownPasskey]


class Passkey(Shape, frozen=True):
    """One of the caller's passkeys; one for another `host` than the server's does not work."""

    id: str
    name: str
    host: str
    works: bool
    created_at: int
    used_at: int | None


class AddedPasskeyAnswer(Shape, frozen=True):
    """The passkey that was added, and recovery codes, shown once, if the caller had none."""

    passkey: str
    codes: list[str]


class RememberedDevice(Shape, frozen=True):
    """A device on which the password is enough for a while."""

    id: str
    device: str
    address: str
    created_at: int
    expires_at: int


class SecondFactorAnswer(Shape, frozen=True):
    """The caller's second factors; `app_since` is null without an app.

    `no_passkeys` says why this server has none: `address` if it is reached by a number, `plain_http`
    if it is reached without HTTPS; else it is null.
    """

    app_since: int | None
    recovery_codes: int
    devices: list[RememberedDevice]
    passkeys: list[Passkey]
    no_passkeys: str | None


class AppOffer(Shape, frozen=True):
    """What an authenticator app needs; `qr` is a picture of `uri` as a data URL."""

    secret: str
    uri: str
    qr: str


class RecoveryCodes(Shape, frozen=True):
    """Recovery codes, shown once; empty if the earlier ones stay."""

    codes: list[str]
