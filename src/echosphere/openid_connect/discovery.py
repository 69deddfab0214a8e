"""What a provider says of itself (OpenID Connect Discovery 1.0)."""

from urllib.parse import urlsplit

import msgspec

from echosphere.openid_connect.errors import ProviderError

WELL_KNOWN = "/.well-known/openid-configuration"


class Metadata(msgspec.Struct, frozen=True):
    """The parts of a provider's metadata that are used here; the names are those of the standards."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False

    @property
    def secret_in_body(self) -> bool:
        """Whether the client's secret goes into the body, since no header is taken."""
        methods = self.token_endpoint_auth_methods_supported
        return "client_secret_basic" not in methods and "client_secret_post" in methods


def discovery_url(issuer: str) -> str:
    """Return where the metadata of an issuer is (Discovery, 4)."""
    return issuer.rstrip("/") + WELL_KNOWN


def read_metadata(issuer: str, document: bytes) -> Metadata:
    """Return a provider's metadata.

    Raises:
        ProviderError: It is not such a document, is that of another issuer (Discovery, 4.3), or leads
            over plain HTTP.
    """
    try:
        metadata = msgspec.json.decode(document, type=Metadata)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise ProviderError(f"the discovery document cannot be read: {error}") from None
    if metadata.issuer != issuer:
        raise ProviderError(f"it calls itself {metadata.issuer[:200]!r}, not {issuer!r}")
    scheme = urlsplit(issuer).scheme
    endpoints = (
        metadata.authorization_endpoint,
        metadata.token_endpoint,
        metadata.jwks_uri,
        metadata.userinfo_endpoint,
        metadata.end_session_endpoint,
    )
    for endpoint in filter(None, endpoints):
        if urlsplit(endpoint).scheme not in ("https", scheme):
            raise ProviderError(f"the endpoint {endpoint[:200]!r} is not https://")
    return metadata
