"""A client system's signing keys and tokens, as tests need them: made anew in each run."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@cache
def ec_key(_name: str = "first") -> ec.EllipticCurvePrivateKey:
    """Give a P-384 key; the same for the same name within a run."""
    return ec.generate_private_key(ec.SECP384R1())


@cache
def rsa_key(_name: str = "first") -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_jwk(key: PrivateKey, kid: str, **members: object) -> dict[str, Any]:
    """Write the public half of a key as a JSON Web Key."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        written = ECAlgorithm.to_jwk(key.public_key())
    else:
        written = RSAAlgorithm.to_jwk(key.public_key())
    return {**json.loads(written), "kid": kid, "use": "sig", **members}


def key_set(*keys: dict[str, Any]) -> bytes:
    return json.dumps({"keys": keys}).encode()


@dataclass(frozen=True)
class Signer:
    """A client that signs its calls. Header and claims can be changed; None takes a member out."""

    issuer: str
    now: datetime
    key: PrivateKey
    kid: str = "key-1"
    algorithm: str = "ES384"

    def claims(self, audience: object, **changes: object) -> dict[str, Any]:
        issued = int(self.now.timestamp())
        claims = {
            "iss": self.issuer,
            "aud": audience,
            "iat": issued,
            "exp": issued + 300,
            "jti": str(uuid4()),
        }
        return _changed(claims, changes)

    def token(self, claims: dict[str, Any], **header: object) -> str:
        written = _changed({"alg": self.algorithm, "typ": "JWT", "kid": self.kid}, header)
        algorithm = str(written.pop("alg"))
        # Below the level that checks claims: a client may send what no library would write.
        return jwt.PyJWS().encode(json.dumps(claims).encode(), self.key, algorithm, written)

    def header(self, audience: object, **changes: object) -> str:
        """Give the value of the header Authorization."""
        return f"Bearer {self.token(self.claims(audience, **changes))}"


def _changed(members: dict[str, Any], changes: dict[str, object]) -> dict[str, Any]:
    return {name: value for name, value in {**members, **changes}.items() if value is not None}
