"""Who calls? Reads the token a client signed its call with, and lets in only whom we trust.

The checks stand in one order, and every failure is the same answer: which one it was is counted
for operators and told to nobody.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import jwt
from jwt.exceptions import PyJWTError

from cds.ehr.key_sets import KeySets
from cds.ehr.trusted_clients import TrustedClient, TrustedClients
from cds.errors import Unauthenticated

MAX_TOKEN_LENGTH = 8192
MAX_LIFE_S = 20 * 60
_MAX_TOKEN_ID_LENGTH = 256
_MAX_MEMORY = timedelta(hours=1)
_SCHEME = "bearer"


class UsedTokens(Protocol):
    """Remembers the ids of tokens for all workers."""

    def claim(self, issuer: str, token_id: str, until: datetime) -> bool:
        """Use a token id. False: it was used before. until: how long it is remembered."""


class _RefusedError(Exception):
    """The token is not good. The text is one word for the count."""


@dataclass(frozen=True, slots=True)
class _Token:
    """A token taken apart, and not yet believed."""

    written: str
    header: dict[str, Any]
    claims: dict[str, Any]


class Doorkeeper:
    """Lets trusted clients in. public_url: what `aud` is compared with, never the request's host.

    refused: is told in one word why a token was not taken, for the operators' count.
    """

    def __init__(  # noqa: PLR0913 - what a token is held against, each from another place
        self,
        *,
        clients: TrustedClients,
        key_sets: KeySets,
        used_tokens: UsedTokens,
        public_url: str,
        now: Callable[[], datetime],
        refused: Callable[[str], None],
    ) -> None:
        self._clients = clients
        self._key_sets = key_sets
        self._used_tokens = used_tokens
        self._public_url = public_url
        self._now = now
        self._refused = refused

    def admit(self, authorization: str | None, path: str) -> TrustedClient:
        """Say which client calls.

        authorization: the header as it came. path: of the address called, such as
        /cds-services/x. Errors: Unauthenticated, always the same; StoreUnavailable where it
        cannot be known whether the token was used before.
        """
        try:
            return self._judge(_take_apart(authorization), self._public_url + path)
        except _RefusedError as reason:
            self._refused(str(reason))
            raise Unauthenticated from None

    def _judge(self, token: _Token, address: str) -> TrustedClient:
        client = self._client_of(token)
        _check_header(token.header, client)
        _check_audience(token.claims.get("aud"), {address, *client.audiences})
        expires = _check_times(token.claims, client, self._now())
        self._check_signature(token, client)
        self._check_first_use(token.claims.get("jti"), client, expires)
        return client

    def _client_of(self, token: _Token) -> TrustedClient:
        """Choose the entry a token claims to come from; the signature decides whether it does."""
        issuer, tenant = token.claims.get("iss"), token.claims.get("tenant")
        if not isinstance(issuer, str):
            raise _RefusedError("issuer")
        of_issuer = self._clients.of_issuer(issuer)
        if not of_issuer:
            raise _RefusedError("issuer")
        for client in of_issuer:
            if not client.tenants or (isinstance(tenant, str) and tenant in client.tenants):
                return client
        raise _RefusedError("tenant")

    def _check_signature(self, token: _Token, client: TrustedClient) -> None:
        algorithm = token.header["alg"]
        key = self._key_sets.key_of(client, token.header["kid"], algorithm)
        if key is None:
            raise _RefusedError("key")
        try:
            jwt.decode(token.written, key, algorithms=[algorithm], options=_SIGNATURE_ONLY)
        except (PyJWTError, ValueError, TypeError):
            raise _RefusedError("signature") from None

    def _check_first_use(self, token_id: object, client: TrustedClient, expires: datetime) -> None:
        if not isinstance(token_id, str) or not 0 < len(token_id) <= _MAX_TOKEN_ID_LENGTH:
            raise _RefusedError("token_id")
        until = min(expires, self._now() + _MAX_MEMORY)
        if not self._used_tokens.claim(client.issuer, token_id, until):
            raise _RefusedError("replay")


# Everything but the signature is checked here, more strictly than the library does.
_SIGNATURE_ONLY: Any = {
    "verify_signature": True,
    **{f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")},
}


def _take_apart(authorization: str | None) -> _Token:
    scheme, _, written = (authorization or "").partition(" ")
    if scheme.lower() != _SCHEME or not written or len(written) > MAX_TOKEN_LENGTH:
        raise _RefusedError("no_token")
    try:
        parts = jwt.decode_complete(written, options={"verify_signature": False})
    except (PyJWTError, ValueError, TypeError, RecursionError):
        raise _RefusedError("malformed") from None
    return _Token(written, parts["header"], parts["payload"])


def _check_header(header: dict[str, Any], client: TrustedClient) -> None:
    """Take only what was agreed; keys that a token brings along are not looked at."""
    if header.get("alg") not in client.algorithms:
        raise _RefusedError("algorithm")
    if header.get("typ") != "JWT" or "crit" in header or "b64" in header:
        raise _RefusedError("header")
    if not isinstance(header.get("kid"), str) or not header["kid"]:
        raise _RefusedError("key")
    if "jku" in header and client.jwks_url is not None and header["jku"] != client.jwks_url:
        raise _RefusedError("key_address")


def _check_audience(audience: object, ours: set[str]) -> None:
    named = audience if isinstance(audience, list) else [audience]
    if not all(isinstance(each, str) for each in named) or ours.isdisjoint(named):
        raise _RefusedError("audience")


def _check_times(claims: dict[str, Any], client: TrustedClient, now: datetime) -> datetime:
    """Check that a token is of now and short-lived; give the moment from which it is not taken."""
    issued, expires, *not_before = _read_times(claims)
    skew = client.clock_skew_s
    if not 0 < expires - issued <= MAX_LIFE_S:
        raise _RefusedError("life")
    moment = now.timestamp()
    if moment >= expires + skew:
        raise _RefusedError("expired")
    if any(each > moment + skew for each in (issued, *not_before)):
        raise _RefusedError("early")
    return datetime.fromtimestamp(expires + skew, UTC)


def _read_times(claims: dict[str, Any]) -> Iterator[int]:
    names = ("iat", "exp", "nbf") if "nbf" in claims else ("iat", "exp")
    for name in names:
        value = claims.get(name)
        if type(value) is not int:  # a float, a string or true is no time
            raise _RefusedError("time")
        yield value
