"""Who signs the timed calls? One trusted client, with keys made for the run."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from benchmarks.bodies import ENDPOINT
from cds import clock
from cds.settings import PREFIX

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

PUBLIC_URL = "https://service.example"
_ISSUER = "https://client.example"
_KEY_ID = "timed"
_LIFE_S = 300

_REGISTRY = """\
[client.timed]
issuer = "{issuer}"
jwks_file = "keys.json"
algorithms = ["{algorithm}"]
mode = "live"
snooze_days = 0
case_store = true
"""


@dataclass(frozen=True, slots=True)
class SigningClient:
    """A client that signs each of its calls anew. Its key is in no repr."""

    algorithm: str
    key: PrivateKey = field(repr=False)

    def trusted(self, folder: Path) -> dict[str, str]:
        """Write down in a folder that the service trusts this client; give the settings for it.

        The profile is production: nothing is let in unsigned, and nothing of the demo is there.
        """
        keys = {"keys": [{**self._public_key(), "kid": _KEY_ID, "use": "sig"}]}
        (folder / "keys.json").write_text(json.dumps(keys), encoding="utf-8")
        registry = folder / "clients.toml"
        written = _REGISTRY.format(issuer=_ISSUER, algorithm=self.algorithm)
        registry.write_text(written, encoding="utf-8")
        return {
            f"{PREFIX}PROFILE": "production",
            f"{PREFIX}PUBLIC_URL": PUBLIC_URL,
            f"{PREFIX}TRUSTED_CLIENTS": str(registry),
            f"{PREFIX}PSEUDONYM_KEY": secrets.token_hex(32),
        }

    def headers(self) -> Mapping[str, str]:
        """Sign one call: a token for this one address, with an id that no other has."""
        issued = int(clock.now().timestamp())
        claims = {
            "iss": _ISSUER,
            "aud": PUBLIC_URL + ENDPOINT,
            "iat": issued,
            "exp": issued + _LIFE_S,
            "jti": str(uuid4()),
        }
        token = jwt.encode(claims, self.key, self.algorithm, headers={"kid": _KEY_ID})
        return {"Authorization": f"Bearer {token}"}

    def _public_key(self) -> dict[str, object]:
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return dict(ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True))
        return dict(RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True))


@cache
def es384_client() -> SigningClient:
    """Give the client that signs as CDS Hooks recommends; the same within a run."""
    return SigningClient("ES384", ec.generate_private_key(ec.SECP384R1()))


@cache
def rs384_client() -> SigningClient:
    """Give the client that signs with an RSA key of 2048 bits; the same within a run."""
    return SigningClient("RS384", rsa.generate_private_key(public_exponent=65537, key_size=2048))
