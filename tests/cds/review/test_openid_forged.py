"""Is an id token believed only where all of it holds? With a provider that can lie."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from cds.store.database import Store
from tests.cds.review.people_app import Browser, Service, build_service
from tests.support.signing import public_jwk, rsa_key

SECRET = "shared with the provider, and long enough"  # noqa: S105 - of a provider made for a test
ROLES = {"trd-audit": "auditor"}
Sign = Callable[[dict[str, Any]], str]


def by_its_key(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, rsa_key("provider"), "RS256", {"kid": "k1"})


def by_another_key(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, rsa_key("stranger"), "RS256", {"kid": "k1"})


def by_a_key_nobody_knows(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, rsa_key("stranger"), "RS256", {"kid": "k2"})


def by_the_shared_secret(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, SECRET, "HS256", {"kid": "k1"})


def by_nobody(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, None, "none")


@dataclass
class Liar:
    """A provider. claims: changes of what is true; None takes a claim out."""

    server: HTTPServer
    claims: dict[str, Any] = field(default_factory=dict)
    sign: Sign = by_its_key
    more: dict[str, Any] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    nonce: str = ""
    verifiers: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def listen(self) -> None:
        answers = {
            "/.well-known/openid-configuration": self._discover,
            "/jwks": lambda _: _json({"keys": [public_jwk(rsa_key("provider"), "k1")]}),
            "/token": self._token,
            "/userinfo": lambda _: _json(self.more or {}),
        }
        for path, answer in answers.items():
            self.server.expect_request(path).respond_with_handler(answer)

    def _discover(self, _: Request) -> Response:
        addresses = {"authorization_endpoint": "authorize", "token_endpoint": "token"}
        more = {"jwks_uri": "jwks"} | ({"userinfo_endpoint": "userinfo"} if self.more else {})
        said = {name: f"{self.issuer}/{path}" for name, path in (addresses | more).items()}
        known = {"id_token_signing_alg_values_supported": ["RS256", "HS256", "none"]}
        return _json({"issuer": self.issuer} | said | known | self.metadata)

    def _token(self, asked: Request) -> Response:
        self.verifiers.append(asked.form.get("code_verifier", ""))
        now = int(time.time())
        true = {
            "iss": self.issuer,
            "sub": "s-1",
            "aud": "trd",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "groups": ["trd-audit"],
        }
        said = {name: value for name, value in (true | self.claims).items() if value is not None}
        return _json({"access_token": "a", "token_type": "Bearer", "id_token": self.sign(said)})


def _json(value: object) -> Response:
    return Response(json.dumps(value), mimetype="application/json")


@pytest.fixture
def liar() -> Iterator[Liar]:
    with HTTPServer(host="127.0.0.1") as server:
        made = Liar(server)
        made.listen()
        yield made


@pytest.fixture
def known(review_store: Store, liar: Liar) -> Service:
    openid = {"issuer": liar.issuer, "client_id": "trd", "roles": ROLES}
    return build_service(review_store, openid=openid, openid_secret=SECRET)


def sign_in(browser: Browser, liar: Liar) -> int:
    away = browser.get("/review/sign-in/openid")
    assert away.status_code == 302
    asked = {name: value[0] for name, value in parse_qs(urlsplit(away.location).query).items()}
    liar.nonce = asked["nonce"]
    back = f"/review/sign-in/openid/back?code=c&state={asked['state']}"
    return browser.get(back).status_code


def test_a_token_that_holds_is_believed(known: Service, liar: Liar) -> None:
    assert sign_in(known.browser(), liar) == 303


def test_the_code_is_fetched_with_the_verifier_of_this_browser(known: Service, liar: Liar) -> None:
    sign_in(known.browser(), liar)
    sign_in(known.browser(), liar)
    assert len(set(liar.verifiers)) == 2
    assert min(len(each) for each in liar.verifiers) >= 43


@pytest.mark.requirement("D17")
@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://id.example"},
        {"iss": None},
        {"aud": "somebody-else"},
        {"aud": None},
        {"nonce": "of another browser"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"sub": None},
    ],
    ids=lambda claims: "-".join(f"{name}={value}" for name, value in claims.items()),
)
def test_a_token_with_a_claim_that_does_not_hold_is_refused(
    known: Service, liar: Liar, claims: dict[str, Any]
) -> None:
    liar.claims = claims
    assert sign_in(known.browser(), liar) == 403
    assert known.people.desk.accounts.everyone() == ()


@pytest.mark.requirement("D17")
@pytest.mark.parametrize(
    "sign", [by_another_key, by_a_key_nobody_knows, by_the_shared_secret, by_nobody]
)
def test_a_token_that_the_provider_did_not_sign_is_refused(
    known: Service, liar: Liar, sign: Sign
) -> None:
    liar.sign = sign
    assert sign_in(known.browser(), liar) == 403


def test_what_is_no_token_is_refused(known: Service, liar: Liar) -> None:
    liar.sign = lambda _: "no token"
    assert sign_in(known.browser(), liar) == 403


def test_the_role_may_come_from_the_userinfo(known: Service, liar: Liar) -> None:
    liar.claims = {"groups": None}
    liar.more = {"sub": "s-1", "groups": ["trd-audit"]}
    assert sign_in(known.browser(), liar) == 303


def test_the_userinfo_of_somebody_else_is_not_believed(known: Service, liar: Liar) -> None:
    liar.claims = {"groups": None}
    liar.more = {"sub": "s-2", "groups": ["trd-audit"]}
    assert sign_in(known.browser(), liar) == 403


@pytest.mark.parametrize("endpoint", ["token_endpoint", "jwks_uri", "authorization_endpoint"])
def test_a_provider_on_https_that_names_a_plain_address_is_not_asked(
    endpoint: str, liar: Liar, monkeypatch: pytest.MonkeyPatch, review_store: Store
) -> None:
    openid = {"issuer": "https://id.example", "client_id": "trd", "roles": ROLES}
    service = build_service(review_store, openid=openid, openid_secret=SECRET)
    said = {"issuer": "https://id.example", "authorization_endpoint": "https://id.example/a"}
    monkeypatch.setattr(
        "cds.review.openid_client.FlaskOAuth2App.load_server_metadata",
        lambda _: {**said, endpoint: f"{liar.issuer}/x"},
    )
    assert service.browser().get("/review/sign-in/openid").status_code == 503


def test_no_redirect_of_the_provider_is_followed(known: Service, liar: Liar) -> None:
    liar.server.clear()
    elsewhere = Response(status=302, headers={"Location": f"{liar.issuer}/elsewhere"})
    liar.server.expect_request("/.well-known/openid-configuration").respond_with_response(elsewhere)
    assert known.browser().get("/review/sign-in/openid").status_code == 503
    assert [asked.path for asked, _ in liar.server.log] == ["/.well-known/openid-configuration"]
