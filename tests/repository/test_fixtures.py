"""Are the fixtures current, valid FHIR, and nobody's data?"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from rules.knowledge import Knowledge
from tests.support.as_bundle import BASE
from tests.support.vignette import vignettes
from tests.support.write_fixtures import FIXTURES, fixture_files, generated_now

WRITTEN = sorted(path for path in generated_now() if path.suffix == ".json")
EXAMPLE_SYSTEMS = f"{BASE}/"


def name_of(path: Path) -> str:
    return path.relative_to(FIXTURES).as_posix()


def resources_in(path: Path) -> Iterator[dict[str, Any]]:
    content = json.loads(path.read_text(encoding="utf-8"))
    drafts = content.get("context", {}).get("draftOrders")
    values = [content] if "resourceType" in content else [*content["prefetch"].values()]
    for value in values + ([drafts] if drafts else []):
        yield value
        yield from (entry["resource"] for entry in value.get("entry", ()))


def test_make_fixtures_would_write_nothing_else(knowledge: Knowledge) -> None:
    files = fixture_files(knowledge)
    stale = {path for path in files if not path.is_file() or path.read_text("utf-8") != files[path]}
    left_over = generated_now() - files.keys()
    assert sorted(map(name_of, stale | left_over)) == [], "run: make fixtures"


def test_every_vignette_has_its_patient() -> None:
    patients = {path.stem for path in WRITTEN if path.parent.name == "patients"}
    assert patients == {vignette.id for vignette in vignettes()}


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_every_resource_of_a_fixture_is_valid_fhir(path: Path) -> None:
    for resource in resources_in(path):
        model = get_fhir_model_class(resource["resourceType"])
        model.model_validate(resource)


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_a_fixture_holds_one_patient_who_exists_nowhere(path: Path) -> None:
    patients = [each for each in resources_in(path) if each["resourceType"] == "Patient"]
    (patient,) = patients
    assert patient["name"] == [{"family": f"Vignette-{_vignette(patient)}", "given": ["Test"]}]
    assert patient["meta"]["tag"][0]["code"] == "HTEST"
    assert patient.keys() <= {
        "resourceType", "id", "meta", "identifier", "name", "gender", "birthDate",
    }  # fmt: skip


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_every_identifier_of_a_fixture_is_of_an_example_system(path: Path) -> None:
    systems = {
        identifier["system"]
        for resource in resources_in(path)
        for identifier in resource.get("identifier", ())
    }
    assert [system for system in systems if not system.startswith(EXAMPLE_SYSTEMS)] == []


def _vignette(patient: dict[str, Any]) -> str:
    return str(patient["identifier"][0]["value"])
