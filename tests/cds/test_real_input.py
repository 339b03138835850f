"""What happens to FHIR that nobody here wrote? The answer that a row says, and the row says why.

The files stand beside the checkout and are part of no release; without them the tests are skipped.
"""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import BaseModel, ConfigDict, TypeAdapter
from werkzeug.test import TestResponse

from cds.hooks.catalogue import PATIENT_VIEW
from tests.support.strict_yaml import read_yaml

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
BUNDLES = sorted((DATA / "bundles").glob("*.json"))
HOOK_CALLS = sorted((DATA / "cdshooks").glob("*.json"))
FILES = {"bundles": BUNDLES, "hook_calls": HOOK_CALLS}
beside = pytest.mark.skipif(
    not (BUNDLES and HOOK_CALLS), reason=f"the real records are not beside the checkout ({DATA})"
)


class Row(BaseModel):
    """Files that get one answer, for one reason. says: words of a refusal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer: str | int
    says: str = ""
    why: str
    files: tuple[str, ...]


TABLES = TypeAdapter(dict[str, tuple[Row, ...]]).validate_python(
    read_yaml(Path(__file__).parent / "odd_shapes" / "real_input.yaml")
)


def cases(table: str) -> list[Any]:
    return [pytest.param(row, name, id=name[:60]) for row in TABLES[table] for name in row.files]


def post(client: FlaskClient, path: str, file: Path) -> TestResponse:
    return client.post(path, data=file.read_bytes(), content_type="application/json")


def answer_of(response: TestResponse) -> tuple[str, str]:
    """Tell an answer in short, and the words that go with it."""
    told = response.get_json()
    if response.status_code != 200:
        return str(response.status_code), str(told["issue"][0]["details"]["text"])
    resistance, marker = (
        told["assessment"]["treatmentResistance"],
        told["assessment"]["inflammation"],
    )
    short = f"{resistance['status']}, CRP {marker['status']}, {len(told['cards'])} cards"
    return f"200 {short}", f"{resistance['because']} {marker['because']}"


@beside
@pytest.mark.parametrize(("row", "name"), cases("bundles"))
def test_a_foreign_bundle_gets_the_answer_of_its_row(
    row: Row, name: str, client: FlaskClient
) -> None:
    answer, words = answer_of(post(client, "/evaluate?validate=false", DATA / "bundles" / name))
    assert answer == str(row.answer)
    assert row.says in words
    assert words.strip()


@beside
@pytest.mark.parametrize(("row", "name"), cases("hook_calls"))
def test_a_foreign_hook_call_gets_the_answer_of_its_row(
    row: Row, name: str, client: FlaskClient
) -> None:
    call = post(client, f"/cds-services/{PATIENT_VIEW}", DATA / "cdshooks" / name)
    answer, words = answer_of(call)
    assert answer == str(row.answer)
    assert row.says in words


@beside
@pytest.mark.parametrize("table", ["bundles", "hook_calls"])
def test_every_file_has_a_row_and_every_row_a_file(table: str) -> None:
    named = [name for row in TABLES[table] for name in row.files]
    assert sorted(named) == [file.name for file in FILES[table]]


@beside
@pytest.mark.parametrize("file", BUNDLES, ids=lambda file: file.stem[:60])
def test_a_foreign_bundle_is_validated_without_a_failure(file: Path, client: FlaskClient) -> None:
    assert post(client, "/evaluate", file).status_code in {200, 422}
