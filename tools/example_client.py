"""How does an integrator sign a first call? A client system of one's own, to try the service with.

`keys FOLDER` makes a key pair, its key set and a registry that trusts it; `token FOLDER ADDRESS`
writes a token for one call of that address. For trying only: the private key lies in the folder.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import ECAlgorithm

from cds import clock

ISSUER = "https://my-ehr.example"
_ALGORITHM = "ES384"
_KEY_ID = "my-key-1"
_LIFE = timedelta(minutes=5)
_PRIVATE, _KEY_SET = "private.pem", "my-ehr.jwks.json"
_REGISTRY = f"""\
[client.my-ehr]
issuer = "{ISSUER}"
jwks_file = "{_KEY_SET}"
algorithms = ["{_ALGORITHM}"]
mode = "live"
"""


def make_keys(folder: Path) -> None:
    """Write a key pair, the key set of its public half, and a registry, into a folder."""
    key = ec.generate_private_key(ec.SECP384R1())
    written = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    private = folder / _PRIVATE
    private.touch(mode=0o600)
    private.write_bytes(written)
    public = {**ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": _KEY_ID, "use": "sig"}
    (folder / _KEY_SET).write_text(json.dumps({"keys": [public]}), encoding="utf-8")
    (folder / "clients.toml").write_text(_REGISTRY, encoding="utf-8")


def sign(folder: Path, address: str) -> str:
    """Give a token for one call of an address, valid for five minutes."""
    key = load_pem_private_key((folder / _PRIVATE).read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{_PRIVATE} is not a key of {_ALGORITHM}")
    now = clock.now()
    claims = {"iss": ISSUER, "aud": address, "iat": now, "exp": now + _LIFE, "jti": str(uuid4())}
    return jwt.encode(claims, key, _ALGORITHM, {"kid": _KEY_ID})


def main(arguments: list[str]) -> None:
    match arguments:
        case ["keys", folder]:
            make_keys(Path(folder))
        case ["token", folder, address]:
            sys.stdout.write(f"{sign(Path(folder), address)}\n")
        case _:
            sys.exit("usage: example_client keys FOLDER | token FOLDER ADDRESS")


if __name__ == "__main__":
    main(sys.argv[1:])
