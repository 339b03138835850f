"""What happens to FHIR that nobody here wrote? An answer or a reason, never our fault.

The files stand beside the checkout and are part of no release; without them the tests are skipped.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cds.hooks.catalogue import PATIENT_VIEW

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
BUNDLES = sorted((DATA / "bundles").glob("*.json"))
HOOK_CALLS = sorted((DATA / "cdshooks").glob("*.json"))
pytestmark = pytest.mark.skipif(
    not (BUNDLES and HOOK_CALLS), reason="../shared/data with its FHIR files is not there"
)

Outcome = tuple[str, str]


def post(client: FlaskClient, path: str, file: Path) -> TestResponse:
    return client.post(path, data=file.read_bytes(), content_type="application/json")


def outcome_of(response: TestResponse) -> Outcome:
    """Say how a request ended: its status, and the words a caller gets."""
    answer = response.get_json()
    if response.status_code != 200:
        issue = answer["issue"][0]
        return str(response.status_code), issue["details"]["text"]
    told: dict[str, Any] = answer.get("assessment", {})
    if not told:
        return "200", f"{len(answer['cards'])} cards"
    resistance, marker = told["treatmentResistance"], told["inflammation"]
    assert resistance["because"]
    assert marker["because"]
    return "200", f"{resistance['status']}, CRP {marker['status']}, {len(answer['cards'])} cards"


@pytest.mark.parametrize("file", BUNDLES, ids=lambda file: file.stem[:60])
def test_a_foreign_bundle_gets_an_answer_or_a_reason(file: Path, client: FlaskClient) -> None:
    status, words = outcome_of(post(client, "/evaluate", file))
    assert status in {"200", "422"}
    assert words


@pytest.mark.parametrize("file", HOOK_CALLS, ids=lambda file: file.stem[:60])
def test_a_foreign_hook_call_gets_an_answer_or_a_reason(file: Path, client: FlaskClient) -> None:
    status, words = outcome_of(post(client, f"/cds-services/{PATIENT_VIEW}", file))
    assert status in {"200", "400", "412", "422"}
    assert words


def test_the_outcomes_are_told(client: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = Counter(
        [
            ("bundle", *outcome_of(post(client, "/evaluate?validate=false", file)))
            for file in BUNDLES
        ]
        + [
            ("hook call", *outcome_of(post(client, f"/cds-services/{PATIENT_VIEW}", file)))
            for file in HOOK_CALLS
        ]
    )
    with capsys.disabled():
        print("\n\nFHIR that nobody here wrote:")  # noqa: T201 - the table is for people
        for (kind, status, words), count in sorted(outcomes.items()):
            print(f"  {count:3} {kind:9}  {status}  {words[:90]}")  # noqa: T201 - the same
    assert sum(outcomes.values()) == len(BUNDLES) + len(HOOK_CALLS)
