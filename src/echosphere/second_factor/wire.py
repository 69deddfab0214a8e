"""Requests and answers of second factors."""

from typing import Annotated

from msgspec import Meta

from echosphere.wire import Id, Request, Shape

Password = Annotated[str, Meta(max_length=1_100)]
Code = Annotated[str, Meta(max_length=64)]
Token = Annotated[str, Meta(max_length=128)]


class Prove(Request, frozen=True):
    """Prove again who one is, by password or code; it counts for ten minutes on this device."""

    password: Password | None = None
    code: Code | None = None


class FinishSignIn(Request, frozen=True):
    """Go on after the password, with a code of the app or a recovery code."""

    pending: Token
    code: Code
    remember: bool = False


class CodeCall(Request, frozen=True):
    """A code of the app that is being set up."""

    code: Code


class DeviceCall(Request, frozen=True):
    """Which remembered device is meant."""

    device: Id


class RememberedDevice(Shape, frozen=True):
    """A device on which the password is enough for a while."""

    id: str
    device: str
    address: str
    created_at: int
    expires_at: int


class SecondFactorAnswer(Shape, frozen=True):
    """The caller's second factors; `app_since` is null without an app."""

    app_since: int | None
    recovery_codes: int
    devices: list[RememberedDevice]


class AppOffer(Shape, frozen=True):
    """What an authenticator app needs; `qr` is a picture of `uri` as a data URL."""

    secret: str
    uri: str
    qr: str


class RecoveryCodes(Shape, frozen=True):
    """Recovery codes, shown once; empty if the earlier ones stay."""

    codes: list[str]
