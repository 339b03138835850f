"""Is each client answered as its golden file says, in every member of the answer?"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rules.knowledge import Knowledge
from tests.conformance.dialects import EXCHANGES
from tests.conformance.golden_service import GOLDENS, GoldenService, golden_service
from tests.conformance.schemas import faults_of, schema_of
from tests.conformance.write_goldens import (
    REQUEST,
    request_file,
    response_file,
    write,
    written_now,
)

REQUESTS = sorted(GOLDENS.glob(f"*/*{REQUEST}"))
RENEW = "run: python -m tests.conformance.write_goldens, and read the difference"


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name.removesuffix(REQUEST)}"


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def service(
    knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GoldenService]:
    with golden_service(knowledge, tmp_path_factory.mktemp("goldens")) as running:
        yield running


@pytest.mark.requirement("A2", "A3", "VER-1", "RESP-6", "I@14", "I@76", "DISC-13")
@pytest.mark.parametrize("request_path", REQUESTS, ids=name_of)
def test_a_client_is_answered_as_its_golden_file_says(
    request_path: Path, service: GoldenService
) -> None:
    answer = service.answer(read(request_path))
    assert answer == read(response_file(request_path)), RENEW


@pytest.mark.requirement("A2")
def test_the_golden_requests_are_those_of_the_dialects() -> None:
    told = {request_file(each): write(each.tell()) for each in EXCHANGES}
    stale = {path for path, text in told.items() if path.read_text(encoding="utf-8") != text}
    assert sorted(map(name_of, stale)) == [], RENEW


@pytest.mark.requirement("A2")
def test_there_are_at_least_forty_pairs_and_no_file_beside_them() -> None:
    expected = {path for request in REQUESTS for path in (request, response_file(request))}
    assert len(REQUESTS) == len(EXCHANGES) >= 40
    assert written_now() == expected


@pytest.mark.parametrize("request_path", REQUESTS, ids=name_of)
def test_a_golden_answer_keeps_its_schema(request_path: Path) -> None:
    request, response = read(request_path), read(response_file(request_path))
    if "body" in response:
        name = schema_of(request["path"], response["status"])
        assert faults_of(str(name), with_ids(response["body"])) == []


def with_ids(body: Any) -> Any:
    """Put ids where the placeholders are."""
    some = "00000000-0000-4000-8000-000000000000"
    text = json.dumps(body)
    for name, value in {
        "card": some,
        "decision": some,
        "call": some,
        "knowledge": "0" * 12,
    }.items():
        text = text.replace(f"<{name}>", value)
    return json.loads(text)


def test_clients_that_say_the_same_get_the_same_card() -> None:
    """What only looks different, such as keys, code systems and references, changes no word."""
    alike = (
        "epic/01-evidence-card", "epic/02-version-as-number", "epic/04-contained-medications",
        "epic/05-bundled-medications", "epic/06-oid-code-systems", "epic/08-fetched",
        "sandbox/01-evidence-card", "sandbox/02-same-page-again", "medplum/01-evidence-card",
        "hapi/01-evidence-card", "cerner/01-evidence-card",
    )  # fmt: skip
    bodies = {name: read(GOLDENS / f"{name}.response.json")["body"] for name in alike}
    first = said(bodies["epic/01-evidence-card"])
    assert {name for name, body in bodies.items() if said(body) != first} == set()


def said(body: dict[str, Any]) -> list[tuple[str, str]]:
    """Give what a card says of the patient: its summary, and its grounds up to the research."""
    return [
        (card["summary"], grounds(card["detail"].partition("**Missing or uncertain**")[0]))
        for card in body["cards"]
    ]


def grounds(detail: str) -> str:
    return detail.partition("**Why shown**")[2]
