"""Is a running service asked in the name that was given, and is the table right about it?"""

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from click.testing import CliRunner
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from tests.conformance.__main__ import arguments_for, main
from tests.conformance.requirement_table import RequirementTable
from tests.conformance.wire.target import read_target
from tests.support.signing import ec_key, rsa_key

ISSUER = "https://ehr.example"


def key_file(folder: Path, kind: str) -> Path:
    key, algorithm = {
        "EC": (ec_key("asking"), ECAlgorithm),
        "RSA": (rsa_key("asking"), RSAAlgorithm),
    }[kind]
    path = folder / "client.json"
    path.write_text(json.dumps(json.loads(algorithm.to_jwk(key)) | {"kid": "k-1"}), "utf-8")
    return path


@pytest.mark.parametrize(("kind", "algorithm"), [("EC", "ES384"), ("RSA", "RS384")])
def test_calls_are_signed_with_the_key_that_was_given(
    kind: str, algorithm: str, tmp_path: Path
) -> None:
    target = read_target(
        {
            "CONFORMANCE_URL": "https://cds.example/base/",
            "CONFORMANCE_CLIENT_KEY": str(key_file(tmp_path, kind)),
            "CONFORMANCE_ISSUER": ISSUER,
        }
    )
    token = str(target.sign("/cds-services/x")).removeprefix("Bearer ")
    key = (ec_key if kind == "EC" else rsa_key)("asking").public_key()
    audience = "https://cds.example/base/cds-services/x"
    claims = jwt.decode(token, key, algorithms=[algorithm], audience=audience)
    assert claims["iss"] == ISSUER
    assert jwt.get_unverified_header(token)["kid"] == "k-1"


def test_without_a_key_calls_are_not_signed() -> None:
    target = read_target({"CONFORMANCE_URL": "https://cds.example", "CONFORMANCE_CLIENT_KEY": ""})
    assert target.sign("/evaluate") is None


@pytest.mark.parametrize(
    ("url", "may_leave"),
    [("", False), ("http://127.0.0.1:8000", False), ("https://cds.example", True)],
)
def test_tests_leave_this_machine_only_for_a_service_elsewhere(url: str, may_leave: bool) -> None:
    assert any("addopts" in each for each in arguments_for(url)) is may_leave


@pytest.mark.parametrize(
    "arguments",
    [
        ["--url", "https://cds.example", "--client-key", "k.json"],
        ["--url", "https://cds.example", "--issuer", ISSUER],
        ["--client-key", "k.json", "--issuer", ISSUER],
        ["--url", "https://cds.example", "--client-key", "no.json", "--issuer", ISSUER],
    ],
    ids=str,
)
def test_what_does_not_fit_together_is_refused(arguments: Sequence[str]) -> None:
    assert CliRunner().invoke(main, arguments).exit_code == 2


def report(nodeid: str, outcome: str, when: str = "call") -> Any:
    return SimpleNamespace(nodeid=nodeid, outcome=outcome, when=when)


def item(nodeid: str, *ids: str) -> Any:
    marks = [SimpleNamespace(args=ids)]
    return SimpleNamespace(nodeid=nodeid, iter_markers=lambda _name: marks)


def test_a_requirement_fails_with_one_of_its_tests_and_is_skipped_only_with_all() -> None:
    table = RequirementTable({"A": "SHALL", "B": "MAY", "C": "SHALL", "D": "SHALL", "E": "MAY"})
    table.pytest_collection_modifyitems(
        [item("one", "A", "B", "X"), item("two", "B", "C"), item("three", "C", "D")]
    )
    for each in (
        report("one", "passed", "setup"),
        report("one", "passed"),
        report("two", "failed"),
        report("three", "skipped", "setup"),
    ):
        table.pytest_runtest_logreport(each)
    assert table.by_outcome() == {"failed": ["B", "C"], "skipped": ["D"], "passed": ["A"]}
