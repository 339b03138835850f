"""Does a token let in the client it belongs to, and no other call whatever?"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cds.ehr.jwt import Doorkeeper
from cds.ehr.key_sets import KeySets
from cds.ehr.trusted_clients import TrustedClient, TrustedClients
from cds.errors import Unauthenticated
from tests.support.signing import Signer, ec_key, key_set, public_jwk, rsa_key

NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
BASE = "https://cds.example"
PATH = "/cds-services/trd-inflammation-patient-view"
ADDRESS = BASE + PATH
ISSUER = "https://ehr.example"
JKU = "https://ehr.example/keys"
KEYS = key_set(
    public_jwk(ec_key(), "key-1"),
    public_jwk(rsa_key(), "rsa-1"),
    public_jwk(ec_key("epic"), "a+b/c=="),
)

CLIENT = TrustedClient(
    name="main-ehr", issuer=ISSUER, jwks_url=JKU, algorithms=("ES384", "RS384"), mode="live"
)


class Memory:
    """Remembers token ids, as the store does."""

    def __init__(self) -> None:
        self.used: dict[tuple[str, str], datetime] = {}

    def claim(self, issuer: str, token_id: str, until: datetime) -> bool:
        if (issuer, token_id) in self.used:
            return False
        self.used[issuer, token_id] = until
        return True


class Door:
    """A doorkeeper with what it was told and what it asked for."""

    def __init__(self, *clients: TrustedClient, keys: bytes = KEYS) -> None:
        self.now = NOW
        self.fetched: list[str] = []
        self.reasons: list[str] = []
        self.told: set[tuple[str, tuple[str, ...]]] = set()
        self.memory = Memory()
        self._keys = keys
        self._fetch_now: Callable[[str], bytes] = lambda _: self._keys
        self.keeper = Doorkeeper(
            clients=TrustedClients(clients or (CLIENT,)),
            key_sets=KeySets(self._fetch, lambda: self.now),
            used_tokens=self.memory,
            public_url=BASE,
            now=lambda: self.now,
            refused=self.reasons.append,
        )

    def _fetch(self, url: str) -> bytes:
        self.fetched.append(url)
        return self._fetch_now(url)

    def admits(self, authorization: str | None, path: str = PATH) -> str | None:
        try:
            return self.keeper.admit(authorization, path).name
        except Unauthenticated as error:
            self.told.add((error.message, error.expression))
            return None


SIGNER = Signer(ISSUER, NOW, ec_key())
RSA_SIGNER = Signer(ISSUER, NOW, rsa_key(), "rsa-1", "RS384")


@pytest.mark.requirement("D1", "SEC-2", "SEC-3", "SEC-4", "SEC-5")
@pytest.mark.parametrize(
    "authorization",
    [
        SIGNER.header(ADDRESS),
        RSA_SIGNER.header(ADDRESS),
        SIGNER.header([ADDRESS, "https://other.example"]),
        SIGNER.header(ADDRESS, nbf=int(NOW.timestamp()) - 300, sub="typed-by-hand"),
        SIGNER.header(ADDRESS, exp=int(NOW.timestamp()) + 900),
        f"bearer {SIGNER.token(SIGNER.claims(ADDRESS))}",
        f"Bearer {SIGNER.token(SIGNER.claims(ADDRESS), jku=JKU)}",
        replace(SIGNER, key=ec_key("epic"), kid="a+b/c==").header(ADDRESS),
    ],
    ids=["ES384", "RS384", "several audiences", "Epic", "15 min", "lower case", "jku", "kid"],
)
def test_a_good_token_lets_its_client_in(authorization: str) -> None:
    assert Door().admits(authorization) == "main-ehr"


def _segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _hand_made(header: object, claims: object, signature: str = "") -> str:
    return f"Bearer {_segment(header)}.{_segment(claims)}.{signature}"


def _hmac_with_public_key() -> str:
    """Sign as if the published key were a shared secret."""
    public = ec_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = f"{_segment(_HEADER | {'alg': 'HS256'})}.{_segment(SIGNER.claims(ADDRESS))}"
    mac = hmac.new(public, signed.encode(), hashlib.sha256).digest()
    return f"Bearer {signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _swapped_claims() -> str:
    """Put other claims under a good signature."""
    header, _, signature = SIGNER.token(SIGNER.claims(ADDRESS)).split(".")
    return f"Bearer {header}.{_segment(SIGNER.claims(ADDRESS, sub='other'))}.{signature}"


def _key_in_header() -> str:
    """Sign with a key of one's own, and bring it along."""
    brought = {"jwk": public_jwk(_STRANGER, "key-1"), "x5c": ["MIIB"], "x5u": JKU}
    return f"Bearer {replace(SIGNER, key=_STRANGER).token(SIGNER.claims(ADDRESS), **brought)}"


_HEADER = {"alg": "ES384", "typ": "JWT", "kid": "key-1"}
_STRANGER = ec_key("stranger")
_AT = int(NOW.timestamp())


def _claims(**changes: object) -> str:
    return SIGNER.header(ADDRESS, **changes)


def _header(**changes: object) -> str:
    return f"Bearer {SIGNER.token(SIGNER.claims(ADDRESS), **changes)}"


_P256 = Signer(ISSUER, NOW, ec.generate_private_key(ec.SECP256R1()), algorithm="ES256")

FORGED: dict[str, str | None] = {
    "no header": None,
    "empty": "",
    "no token": "Bearer ",
    "another scheme": "Basic dXNlcjpwYXNz",
    "no JWT": "Bearer abc",
    "two parts": f"Bearer {_segment(_HEADER)}.{_segment(SIGNER.claims(ADDRESS))}",
    "not base64": "Bearer !!!.###.$$$",
    "header is no object": _hand_made([], SIGNER.claims(ADDRESS)),
    "claims are no object": _hand_made(_HEADER, [1]),
    "deep claims": f"Bearer {_segment(_HEADER)}."
    + base64.urlsafe_b64encode(b"[" * 4000).decode()
    + ".x",
    "too long": "Bearer " + "a" * 9000,
    "alg none": _hand_made(_HEADER | {"alg": "none"}, SIGNER.claims(ADDRESS)),
    "alg None": _hand_made(_HEADER | {"alg": "NoNe"}, SIGNER.claims(ADDRESS)),
    "alg null": _hand_made(_HEADER | {"alg": None}, SIGNER.claims(ADDRESS)),
    "alg a list": _hand_made(_HEADER | {"alg": ["ES384"]}, SIGNER.claims(ADDRESS)),
    "no signature": _hand_made(_HEADER, SIGNER.claims(ADDRESS)),
    "HS256 with the public key": _hmac_with_public_key(),
    "RS384 under the EC key": f"Bearer {RSA_SIGNER.token(RSA_SIGNER.claims(ADDRESS), kid='key-1')}",
    "ES384 under the RSA key": _header(kid="rsa-1"),
    "an algorithm nobody agreed": f"Bearer {_P256.token(_P256.claims(ADDRESS))}",
    "PS384 not agreed": f"Bearer {RSA_SIGNER.token(RSA_SIGNER.claims(ADDRESS), alg='PS384')}",
    "another key": replace(SIGNER, key=_STRANGER).header(ADDRESS),
    "another key in the header": _key_in_header(),
    "claims swapped": _swapped_claims(),
    "crit": _header(crit=["exp"], exp=1),
    "b64": _hand_made(_HEADER | {"b64": False}, SIGNER.claims(ADDRESS), "AAAA"),
    "typ of another kind": _header(typ="at+jwt"),
    "no kid": _header(kid=None),
    "unknown kid": _header(kid="key-2"),
    "kid a path": _header(kid="../../etc/passwd"),
    "kid of SQL": _header(kid="' OR 1=1 --"),
    "kid a number": _hand_made(_HEADER | {"kid": 1}, SIGNER.claims(ADDRESS), "AAAA"),
    "kid empty": _header(kid=""),
    "jku of an attacker": _header(jku="https://evil.example/keys"),
    "jku nearly right": _header(jku=JKU + "/"),
    "jku with a user": _header(jku="https://ehr.example@evil.example/keys"),
    "jku in capitals": _header(jku=JKU.upper()),
    "unknown issuer": _claims(iss="https://evil.example"),
    "issuer with a slash": _claims(iss=ISSUER + "/"),
    "no issuer": _claims(iss=None),
    "issuer a list": _claims(iss=[ISSUER]),
    "no audience": _claims(aud=None),
    "audience of another service": SIGNER.header(f"{BASE}/cds-services/other"),
    "audience of discovery": SIGNER.header(f"{BASE}/cds-services"),
    "audience of another host": SIGNER.header(f"https://evil.example{PATH}"),
    "audience with a slash": SIGNER.header(ADDRESS + "/"),
    "audience without https": SIGNER.header(ADDRESS.replace("https", "http")),
    "audience of feedback": SIGNER.header(ADDRESS + "/feedback"),
    "empty audience": SIGNER.header([]),
    "audience an object": SIGNER.header({ADDRESS: True}),
    "audience with a number": SIGNER.header([ADDRESS, 1]),
    "no exp": _claims(exp=None),
    "no iat": _claims(iat=None),
    "expired": _claims(iat=_AT - 400, exp=_AT - 100),
    "lives too long": _claims(exp=_AT + 20 * 60 + 1),
    "ends before it begins": _claims(iat=_AT + 10, exp=_AT + 5),
    "from the future": _claims(iat=_AT + 300, exp=_AT + 600),
    "not yet valid": _claims(nbf=_AT + 120),
    "exp a float": _claims(exp=_AT + 60.0),
    "exp a text": _claims(exp=str(_AT + 60)),
    "exp NaN": _claims(exp=float("nan")),
    "exp true": _claims(exp=True),
    "exp huge": _claims(exp=10**400),
    "times far in the past": _claims(iat=-(10**9), exp=-(10**9) + 60),
    "no jti": _claims(jti=None),
    "jti empty": _claims(jti=""),
    "jti a number": _claims(jti=7),
    "jti too long": _claims(jti="j" * 257),
}


# Why each is refused: told to operators as a count, and to nobody else.
REASONS = {
    "no_token": {"no header", "empty", "no token", "another scheme", "too long"},
    "malformed": {
        "no JWT",
        "two parts",
        "not base64",
        "header is no object",
        "claims are no object",
        "deep claims",
        "crit",
        "b64",
        "kid a number",
    },
    "algorithm": {
        "alg none",
        "alg None",
        "alg null",
        "alg a list",
        "HS256 with the public key",
        "an algorithm nobody agreed",
        "PS384 not agreed",
    },
    "signature": {"no signature", "another key", "another key in the header", "claims swapped"},
    "key": {
        "RS384 under the EC key",
        "ES384 under the RSA key",
        "no kid",
        "unknown kid",
        "kid a path",
        "kid of SQL",
        "kid empty",
    },
    "header": {"typ of another kind"},
    "key_address": {"jku of an attacker", "jku nearly right", "jku with a user", "jku in capitals"},
    "issuer": {"unknown issuer", "issuer with a slash", "no issuer", "issuer a list"},
    "audience": {
        "no audience",
        "audience of another service",
        "audience of discovery",
        "audience of another host",
        "audience with a slash",
        "audience without https",
        "audience of feedback",
        "empty audience",
        "audience an object",
        "audience with a number",
    },
    "time": {"no exp", "no iat", "exp a float", "exp a text", "exp NaN", "exp true"},
    "expired": {"expired", "times far in the past"},
    "life": {"lives too long", "ends before it begins", "exp huge"},
    "early": {"from the future", "not yet valid"},
    "token_id": {"no jti", "jti empty", "jti a number", "jti too long"},
}


@pytest.mark.requirement(
    "D1", "D2", "D3", "D4", "D6", "SEC-6", "SEC-7", "SEC-8", "SEC-9", "I@195", "I@201", "I@203"
)
@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_is_refused_without_a_reason(name: str) -> None:
    door = Door()
    assert door.admits(FORGED[name]) is None
    assert [name in REASONS[reason] for reason in door.reasons] == [True]
    assert door.told == {("The call is not authenticated.", ())}
    assert set(door.fetched) <= {JKU}
    assert not door.memory.used


def test_there_are_enough_forgeries() -> None:
    assert len(FORGED) >= 30


@pytest.mark.requirement("D6", "E10")
@pytest.mark.parametrize(
    ("changes", "admitted"),
    [
        ({"iat": _AT - 359, "exp": _AT - 59}, True),
        ({"iat": _AT - 360, "exp": _AT - 60}, False),
        ({"iat": _AT + 60, "exp": _AT + 360}, True),
        ({"iat": _AT + 61, "exp": _AT + 361}, False),
        ({"nbf": _AT + 60}, True),
        ({"nbf": _AT + 61}, False),
        ({"exp": _AT + 1200}, True),
        ({"exp": _AT + 1201}, False),
        ({"iat": _AT - 900, "exp": _AT}, True),
    ],
)
def test_times_hold_to_the_second(changes: dict[str, int], admitted: bool) -> None:
    assert (Door().admits(_claims(**changes)) is not None) is admitted


@pytest.mark.requirement("E10")
def test_the_skew_is_agreed_with_each_client() -> None:
    strict = Door(CLIENT.model_copy(update={"clock_skew_s": 5}))
    assert strict.admits(_claims(iat=_AT + 6, exp=_AT + 300)) is None


@pytest.mark.requirement("D5", "SEC-8")
def test_a_token_works_once() -> None:
    door = Door()
    authorization = SIGNER.header(ADDRESS)
    assert door.admits(authorization) == "main-ehr"
    assert door.admits(authorization) is None
    assert door.reasons == ["replay"]


@pytest.mark.requirement("D5")
def test_a_used_token_is_remembered_until_nobody_would_take_it() -> None:
    door = Door()
    door.admits(SIGNER.header(ADDRESS))
    (until,) = door.memory.used.values()
    assert until == NOW + timedelta(seconds=300 + 60)


def test_a_token_with_a_bad_signature_uses_no_id_up() -> None:
    door = Door()
    claims = SIGNER.claims(ADDRESS)
    assert door.admits(f"Bearer {replace(SIGNER, key=_STRANGER).token(claims)}") is None
    assert door.admits(f"Bearer {SIGNER.token(claims)}") == "main-ehr"


@pytest.mark.requirement("FB-8")
def test_a_further_audience_may_be_agreed() -> None:
    door = Door(CLIENT.model_copy(update={"audiences": frozenset({ADDRESS})}))
    assert door.admits(SIGNER.header(ADDRESS), f"{PATH}/feedback") == "main-ehr"


@pytest.mark.requirement("D19")
@pytest.mark.parametrize(
    ("tenant", "client"), [("n1", "north"), ("s1", "south"), ("x1", None), (None, None), (7, None)]
)
def test_an_issuer_of_many_is_told_apart_by_tenant(tenant: object, client: str | None) -> None:
    def organisation(name: str, tenant: str) -> TrustedClient:
        agreed = {"name": name, "tenants": {tenant}, "fhir_bases": [f"https://{name}.example"]}
        return TrustedClient.model_validate(CLIENT.model_dump() | agreed)

    door = Door(organisation("north", "n1"), organisation("south", "s1"))
    assert door.admits(_claims(tenant=tenant)) == client


@pytest.mark.requirement("D2", "I@199")
def test_keys_from_a_file_are_never_fetched(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_bytes(KEYS)
    door = Door(CLIENT.model_copy(update={"jwks_url": None, "jwks_file": file}))
    assert door.admits(_header(jku="https://sandbox.example/keys")) == "main-ehr"
    assert door.fetched == []


@pytest.mark.requirement("D3")
def test_a_flood_of_unknown_keys_leads_to_one_fetch() -> None:
    door = Door()
    for number in range(1000):
        assert (
            door.admits(
                _hand_made(_HEADER | {"kid": f"k{number}"}, SIGNER.claims(ADDRESS), "A" * 128)
            )
            is None
        )
    assert door.fetched == [JKU]


@pytest.mark.requirement("D3", "E9")
def test_a_known_key_does_not_wait_for_a_slow_key_set() -> None:
    door, asked, may_answer = Door(), Event(), Event()
    assert door.admits(SIGNER.header(ADDRESS)) == "main-ehr"

    def slowly(_: str) -> bytes:
        asked.set()
        may_answer.wait(10)
        return KEYS

    door._fetch_now = slowly
    later = _later(SIGNER, door, 61)
    forged = Thread(
        target=door.admits, args=(f"Bearer {later.token(later.claims(ADDRESS), kid='x')}",)
    )
    forged.start()
    assert asked.wait(10)
    assert door.admits(later.header(ADDRESS)) == "main-ehr"
    may_answer.set()
    forged.join()


def _later(signer: Signer, door: Door, seconds: int) -> Signer:
    door.now = NOW + timedelta(seconds=seconds)
    return replace(signer, now=door.now)


@pytest.mark.requirement("E9", "D3")
def test_a_new_key_is_known_within_a_minute() -> None:
    door = Door()
    new = replace(SIGNER, key=ec_key("new"), kid="key-2")
    assert door.admits(SIGNER.header(ADDRESS)) == "main-ehr"
    door._keys = key_set(public_jwk(ec_key("new"), "key-2"))
    assert door.admits(_later(new, door, 59).header(ADDRESS)) is None
    assert door.admits(_later(new, door, 60).header(ADDRESS)) == "main-ehr"


@pytest.mark.requirement("E9")
def test_a_key_taken_out_of_the_set_is_refused_after_its_time() -> None:
    door = Door()
    assert door.admits(SIGNER.header(ADDRESS)) == "main-ehr"
    door._keys = key_set()
    assert door.admits(_later(SIGNER, door, 599).header(ADDRESS)) == "main-ehr"
    assert door.admits(_later(SIGNER, door, 600).header(ADDRESS)) is None


@pytest.mark.requirement("E9")
@pytest.mark.parametrize(
    "answer", [b"", b"<html>", b"{}", b"[]", b'{"keys": 1}', b"[" * 70_000, b" " * 70_000]
)
def test_while_the_key_set_is_down_the_old_keys_count_for_a_day(answer: bytes) -> None:
    door = Door()
    assert door.admits(SIGNER.header(ADDRESS)) == "main-ehr"
    door._keys = answer
    assert door.admits(_later(SIGNER, door, 24 * 3600).header(ADDRESS)) == "main-ehr"
    assert door.admits(_later(SIGNER, door, 24 * 3600 + 61).header(ADDRESS)) is None


def test_one_odd_key_does_not_shut_a_client_out() -> None:
    odd: list[Any] = [
        7,
        {"kty": "oct", "kid": "key-1", "k": "c2VjcmV0"},
        {"kty": "EC", "kid": "key-1", "crv": "P-384", "x": "!", "y": "!"},
        {"kty": "RSA", "kid": "key-1"},
        {"kty": "OKP", "crv": "Ed25519", "kid": "key-1", "x": "AAAA"},
        public_jwk(ec_key("other"), "key-1", use="enc"),
        {"kty": "EC"},
        public_jwk(ec_key(), "key-1"),
    ]
    assert Door(keys=key_set(*odd)).admits(SIGNER.header(ADDRESS)) == "main-ehr"


@pytest.mark.requirement("D3")
def test_a_set_of_too_many_keys_is_none() -> None:
    many = [public_jwk(ec_key(), f"k{number}") for number in range(100)]
    assert Door(keys=key_set(public_jwk(ec_key(), "key-1"), *many)).admits(_claims()) is None


def test_a_private_key_in_the_set_is_used_as_its_public_half() -> None:
    with_private = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(ec_key())) | {"kid": "key-1"}
    assert Door(keys=key_set(with_private)).admits(_claims()) == "main-ehr"
