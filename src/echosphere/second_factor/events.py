"""What happened to second factors."""

import msgspec


class PasskeyRemoved(msgspec.Struct, frozen=True):
    """A user removed a passkey; whoever knows of other ways to sign in may refuse that."""

    user_id: str


class AllFactorsRemoved(msgspec.Struct, frozen=True):
    """All factors of an account were removed for its owner: other ways to sign in go with them."""

    user_id: str
