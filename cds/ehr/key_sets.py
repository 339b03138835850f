"""With which public keys does a client sign? From its file, or from its one address."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from cds.ehr.trusted_clients import TrustedClient

PublicKey = EllipticCurvePublicKey | RSAPublicKey

MAX_KEY_SET_BYTES = 65_536
MAX_KEYS = 100
# A key set is asked for at most once in this time, whatever tokens come: a new key is known then.
_BETWEEN_FETCHES = timedelta(seconds=60)
# A key that the client took out of its set is refused after this time.
_FRESH = timedelta(minutes=10)
# While the address does not answer, what was fetched before still counts for this long.
_STALE = timedelta(hours=24)

_CURVES = {"ES256": "secp256r1", "ES384": "secp384r1"}
_MIN_RSA_BITS = 2048
_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_KEY_TYPES = frozenset({"EC", "RSA"})


class KeySetError(Exception):
    """A key set could not be had, or is none."""


@dataclass(slots=True)
class _Held:
    """The keys of one address by `kid`, and when they were asked for and got."""

    keys: Mapping[str, tuple[PublicKey, ...]] = field(default_factory=dict)
    asked: datetime | None = None
    got: datetime | None = None
    lock: Lock = field(default_factory=Lock)


class KeySets:
    """Holds the key sets of all clients. `fetch` gets the bytes at an address of the registry.

    A `kid` is a dictionary key and nothing else; an unknown one leads to at most one fetch in 60
    seconds for each address.
    """

    def __init__(self, fetch: Callable[[str], bytes], now: Callable[[], datetime]) -> None:
        self._fetch = fetch
        self._now = now
        self._held: dict[str | Path, _Held] = {}
        self._lock = Lock()

    def key_of(self, client: TrustedClient, kid: str, algorithm: str) -> PublicKey | None:
        """Give the key of a client for a `kid` that fits the algorithm, or None."""
        source = client.jwks_file or client.jwks_url
        if source is None:
            return None
        keys = self._keys_at(source, kid).get(kid, ())
        return next((key for key in keys if _fits(key, algorithm)), None)

    def age_of(self, client: TrustedClient) -> timedelta | None:
        """Say how old the keys of a client are; None where none were ever got."""
        held = self._held.get(client.jwks_file or client.jwks_url or "")
        return None if held is None or held.got is None else self._now() - held.got

    def _keys_at(self, source: str | Path, kid: str) -> Mapping[str, tuple[PublicKey, ...]]:
        with self._lock:
            held = self._held.setdefault(source, _Held())
        # One request asks for the keys. Others wait for them only where they know none that fits:
        # a set that is slow, asked for because of a forged kid, must hold up nobody.
        if kid in held.keys and held.lock.locked() and not self._is_too_old(held):
            return held.keys
        with held.lock:
            now = self._now()
            if _is_due(held, kid, now):
                held.asked = now
                self._renew(source, held, now)
            return {} if self._is_too_old(held) else held.keys

    def _is_too_old(self, held: _Held) -> bool:
        return held.got is None or self._now() - held.got > _STALE

    def _renew(self, source: str | Path, held: _Held, now: datetime) -> None:
        try:
            raw = source.read_bytes() if isinstance(source, Path) else self._fetch(source)
            held.keys = read_key_set(raw)
        except (KeySetError, OSError):
            return  # what was there before still counts for its time
        held.got = now


def _is_due(held: _Held, kid: str, now: datetime) -> bool:
    if held.asked is not None and now - held.asked < _BETWEEN_FETCHES:
        return False
    return held.got is None or now - held.got >= _FRESH or kid not in held.keys


def read_key_set(raw: bytes) -> Mapping[str, tuple[PublicKey, ...]]:
    """Read a JSON Web Key Set into public keys by `kid`.

    Keys without `kid`, for encryption, symmetric or unreadable are left out, because one odd key
    must not shut a client out. Errors: KeySetError for what is no key set or is too large.
    """
    if len(raw) > MAX_KEY_SET_BYTES:
        raise KeySetError("the key set is too large")
    try:
        entries = json.loads(raw)["keys"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise KeySetError("this is no key set") from None
    if not isinstance(entries, list) or len(entries) > MAX_KEYS:
        raise KeySetError("this is no key set, or it holds too many keys")
    keys: dict[str, tuple[PublicKey, ...]] = {}
    for entry in entries:
        kid, key = _read_key(entry)
        if kid is not None and key is not None:
            keys[kid] = (*keys.get(kid, ()), key)
    return keys


def _read_key(entry: Any) -> tuple[str | None, PublicKey | None]:
    if not isinstance(entry, dict) or entry.get("kty") not in _KEY_TYPES:
        return None, None
    kid = entry.get("kid")
    if not isinstance(kid, str) or not kid or entry.get("use", "sig") != "sig":
        return None, None
    public = {name: value for name, value in entry.items() if name not in _PRIVATE_MEMBERS}
    try:
        key = PyJWK.from_dict(public).key
    except (PyJWTError, ValueError, TypeError):
        return None, None
    return kid, key if isinstance(key, EllipticCurvePublicKey | RSAPublicKey) else None


def _fits(key: PublicKey, algorithm: str) -> bool:
    """Whether a key is of the kind and strength an algorithm asks for."""
    if isinstance(key, EllipticCurvePublicKey):
        return _CURVES.get(algorithm) == key.curve.name
    return algorithm[:2] in {"RS", "PS"} and key.key_size >= _MIN_RSA_BITS
