"""An OpenID Connect provider that answers whatever it is told to, however strange."""

import base64
import hashlib
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
from aiohttp import web
from joserfc import jwk, jwt

CLIENT = "echosphere"
SECRET = "a secret between the two"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass
class Asked:
    """What a browser brings to the provider, and what comes of it."""

    state: str
    nonce: str
    challenge: str
    redirect_uri: str
    query: dict[str, str]


@dataclass
class OddProvider:
    """Serves on a port of its own.

    Attributes:
        metadata: What the discovery document says besides, or instead.
        claims: What ID tokens say besides, or instead; None leaves a claim out.
        userinfo: What the userinfo says; without any there is no such endpoint.
        header: What headers of tokens say besides, or instead.
        signing_key: What signs; the provider shows `shown_keys`.
        fetched: How often each path was asked for.
        redeemed: The codes that came.
        down: Whether it answers nothing but 503.
        date: What time it tells, if not that of now.
    """

    metadata: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    redeemed: list[str] = field(default_factory=list)
    issuer: str = ""
    down: bool = False
    date: str = ""

    async def start(self) -> str:
        """Start and return the issuer."""
        self.signing_key = new_key("one")
        self.shown_keys = [self.signing_key]
        self._codes: dict[str, tuple[Asked, dict[str, Any]]] = {}
        application = web.Application(middlewares=[self._note])
        application.router.add_get("/.well-known/openid-configuration", self._discovery)
        application.router.add_get("/keys", self._keys)
        application.router.add_post("/token", self._token)
        application.router.add_get("/userinfo", self._userinfo)
        self._runner = web.AppRunner(application)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.issuer = f"http://127.0.0.1:{port}"
        return self.issuer

    async def stop(self) -> None:
        await self._runner.cleanup()

    def asked(self, location: str) -> Asked:
        """Return what a browser that was sent here brings."""
        assert location.startswith(f"{self.issuer}/authorize?"), location
        query = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        assert (query["response_type"], query["client_id"]) == ("code", CLIENT)
        assert query["code_challenge_method"] == "S256"
        return Asked(
            query["state"], query["nonce"], query["code_challenge"], query["redirect_uri"], query
        )

    def code(self, asked: Asked, subject: str, **claims: Any) -> str:
        """Let someone in, and return the code."""
        code = f"code-{len(self._codes)}"
        self._codes[code] = (asked, {"sub": subject} | claims)
        return code

    def id_token(self, nonce: str, **claims: Any) -> str:
        """Return a signed ID token."""
        now = int(time.time())
        told = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
        }
        return self.signed(told | claims | self.claims)

    def logout_token(self, **claims: Any) -> str:
        """Return a signed logout token."""
        now = int(time.time())
        told = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 120,
            "jti": f"jti-{time.monotonic_ns()}",
            "events": {LOGOUT_EVENT: {}},
        }
        return self.signed(told | claims)

    def signed(self, claims: dict[str, Any]) -> str:
        """Sign claims; those that are None are left out."""
        told = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "ES256", "kid": self.signing_key.kid} | self.header
        if header["alg"] == "none":
            return f"{_part(header)}.{_part(told)}."
        key: Any = self.signing_key
        if header["alg"] == "HS256":  # the public key as if it were a secret between the two
            key = jwk.OctKey.import_key(
                msgspec.json.encode(self.signing_key.as_dict(private=False))
            )
        return jwt.encode(header, told, key, algorithms=[header["alg"]])

    @web.middleware
    async def _note(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.fetched.append(request.path)
        if self.down:
            return web.Response(status=503)
        answer: web.StreamResponse = await handler(request)
        if self.date:
            answer.headers["Date"] = self.date
        return answer

    async def _discovery(self, _request: web.Request) -> web.Response:
        base = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        if self.userinfo:
            base["userinfo_endpoint"] = f"{self.issuer}/userinfo"
        return web.json_response(base | self.metadata)

    async def _keys(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": [key.as_dict(private=False) for key in self.shown_keys]})

    async def _userinfo(self, _request: web.Request) -> web.Response:
        return web.json_response(self.userinfo)

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        given = base64.b64encode(f"{CLIENT}:{SECRET}".replace(" ", "+").encode()).decode()
        assert request.headers["Authorization"] == f"Basic {given}"
        code = str(form["code"])
        self.redeemed.append(code)
        asked, claims = self._codes.pop(code, (None, {}))
        if asked is None:
            return web.json_response({"error": "invalid_grant"}, status=400)
        digest = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked.challenge
        assert form["redirect_uri"] == asked.redirect_uri
        token = self.id_token(asked.nonce, **claims)
        return web.json_response({"id_token": token, "access_token": "at", "token_type": "Bearer"})


def new_key(kid: str) -> jwk.ECKey:
    """Return a key of P-256."""
    return jwk.ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(content)).rstrip(b"=").decode()
