"""Does a running service let in only whom it trusts, and tell strangers nothing?"""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from tests.conformance.wire.calls import FEEDBACK, VIEW, patient_view
from tests.conformance.wire.target import Target
from tests.support.signing import ec_key

JSON_TYPE = {"Content_Type": "application/json"}


def unsigned(target: Target) -> str:
    """Write a token that says it needs no signature."""
    claims = target.signer_now().claims(target.base + VIEW)
    parts = ({"alg": "none", "typ": "JWT", "kid": "key-1"}, claims)
    return "Bearer " + ".".join(map(_encoded, parts)) + "."


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def forgeries(target: Target) -> dict[str, str | None]:
    signer, address = target.signer_now(), target.base + VIEW
    issued = int(signer.now.timestamp())
    stranger = replace(signer, key=ec_key("nobody"), algorithm="ES384")
    return {
        "no token": None,
        "no JWT": "Bearer x",
        "no signature": unsigned(target),
        "another signature": stranger.header(address),
        "another issuer": signer.header(address, iss="https://nobody.example"),
        "another address": signer.header(address + "/feedback"),
        "expired": signer.header(address, iat=issued - 1200, exp=issued - 600),
        "too long a life": signer.header(address, exp=issued + 7200),
        "no id": signer.header(address, jti=None),
    }


@pytest.mark.requirement("SEC-2", "SEC-4", "SEC-5", "SEC-6", "SEC-7", "SEC-8", "SEC-9", "D1", "D4",
                         "D6", "I@176", "I@177", "I@195", "I@201")  # fmt: skip
def test_every_stranger_gets_the_same_401(signing: Target) -> None:
    body = json.dumps(patient_view()).encode()
    answers = {
        name: signing.ask("POST", VIEW, body, header, **JSON_TYPE)
        for name, header in forgeries(signing).items()
    }
    told = {name: _without_id(answer.json()) for name, answer in answers.items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        told, 401
    )
    assert {answer.headers["WWW-Authenticate"] for answer in answers.values()} == {"Bearer"}
    assert all(each == told["no token"] for each in told.values())


def _without_id(content: dict[str, Any]) -> dict[str, Any]:
    del content["issue"][0]["diagnostics"]
    return content


@pytest.mark.requirement("SEC-8", "D5")
def test_a_token_works_once(signing: Target) -> None:
    header = signing.sign(VIEW)
    body = json.dumps(patient_view()).encode()
    answers = [signing.ask("POST", VIEW, body, header, **JSON_TYPE) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 401]


@pytest.mark.requirement("FB-8")
def test_feedback_wants_a_token_too(signing: Target) -> None:
    assert signing.ask("POST", FEEDBACK, b"{}", **JSON_TYPE).status_code == 401
