"""Checks what authenticators answer (WebAuthn level 3), with the library `webauthn`."""

import msgspec

from echosphere.second_factor.challenges import decode_bytes, encode_bytes
from echosphere.second_factor.relying_party import RelyingParty
from echosphere.second_factor.wire import Assertion, NewPasskey

KNOWN_ATTESTATIONS = ("none", "packed")
"""We ask for none; some authenticators sign for themselves, which browsers pass on as `packed`."""


class ClientData(msgspec.Struct, frozen=True, rename="camel"):
    """What the browser added: we read which challenge was signed; the library checks all else."""

    challenge: str
    cross_origin: bool = False


class NewCredential(msgspec.Struct, frozen=True):
    """A credential that an authenticator made for us; bytes are in base64url."""

    credential: str
    public_key: str
    sign_count: int
    backed_up: bool


class Signed(msgspec.Struct, frozen=True):
    """What an authenticator said when it signed."""

    sign_count: int
    backed_up: bool


def challenge_in(client_data: str) -> str:
    """Return the challenge that was signed; "" if there is none, or another page was in between."""
    try:
        read = msgspec.json.decode(decode_bytes(client_data), type=ClientData)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return ""
    return "" if read.cross_origin else read.challenge


def check_registration(given: NewPasskey, party: RelyingParty) -> NewCredential | None:
    """Return the credential that was made for us, or None; takes milliseconds."""
    import webauthn  # noqa: PLC0415 - takes 20 MB, and many servers have no passkeys

    try:
        made = webauthn.verify_registration_response(
            credential=_credential(
                given.credential,
                clientDataJSON=given.client_data,
                attestationObject=given.attestation,
            ),
            expected_challenge=decode_bytes(challenge_in(given.client_data)),
            expected_rp_id=party.host,
            expected_origin=party.origin,
        )
    except Exception:  # the library and its parsers raise many kinds for bytes that are not right
        return None
    if made.fmt not in KNOWN_ATTESTATIONS:
        return None
    return NewCredential(
        encode_bytes(made.credential_id),
        encode_bytes(made.credential_public_key),
        made.sign_count,
        made.credential_backed_up,
    )


def check_assertion(
    given: Assertion, party: RelyingParty, public_key: str, *, user_verified: bool
) -> Signed | None:
    """Return what was signed with a key, or None; takes milliseconds.

    The counter is compared by whoever stores it: the library would not tell why it refuses.

    Args:
        given: What the browser sent.
        party: For whom it must be.
        public_key: The stored key.
        user_verified: Whether the authenticator must have checked who holds it.
    """
    import webauthn  # noqa: PLC0415 - as above

    try:
        signed = webauthn.verify_authentication_response(
            credential=_credential(
                given.credential,
                clientDataJSON=given.client_data,
                authenticatorData=given.authenticator_data,
                signature=given.signature,
            ),
            expected_challenge=decode_bytes(challenge_in(given.client_data)),
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=decode_bytes(public_key),
            credential_current_sign_count=0,
            require_user_verification=user_verified,
        )
    except Exception:  # as above
        return None
    return Signed(signed.new_sign_count, signed.credential_backed_up)


def _credential(credential: str, **response: str) -> dict[str, object]:
    """Return the JSON form of a credential that the library reads."""
    return {"id": credential, "rawId": credential, "type": "public-key", "response": response}
