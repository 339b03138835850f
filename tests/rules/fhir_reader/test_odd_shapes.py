"""Is every odd shape that real servers send read as its row says, and none forgotten?"""

import json
from pathlib import Path
from typing import Any

import pytest

from rules.codes import ATC, RXNORM
from rules.fhir_reader import OtherPatient, join, read_facts, split_prefetch_value
from rules.knowledge import Knowledge
from tests.rules.fhir_reader.odd_rows import (
    GROUPS,
    PATIENT,
    FileRow,
    Read,
    Row,
    bodies_of,
    encode,
    file_rows,
    read_record,
    rows_of,
    shapes,
    told,
)
from tests.rules.fhir_reader.shapes import SHARED
from tests.rules.fhir_reader.telling import tell_person

ROWS = [(group, row) for group in GROUPS for row in rows_of(group)]
FILES = sorted((SHARED / "resources").glob("*.json"))
beside = pytest.mark.skipif(
    not FILES, reason=f"the real resources are not beside the checkout ({SHARED / 'resources'})"
)


@pytest.mark.parametrize(
    ("group", "row"), ROWS, ids=[f"{group}: {row.odd[:60]}" for group, row in ROWS]
)
def test_an_odd_shape_is_read_as_its_row_says(group: str, row: Row, knowledge: Knowledge) -> None:
    bodies = list(bodies_of(row))
    assert bodies, f"a row of {group} states no record"
    for body in bodies:
        if row.refused:
            with pytest.raises(OtherPatient, match=f"^{row.refused} "):
                read_record(body, row, knowledge)
        else:
            assert told(read_record(body, row, knowledge)) == row.expected


@pytest.mark.parametrize("group", GROUPS)
def test_every_shape_has_a_row_and_every_row_a_shape(group: str) -> None:
    assert {row.shape for row in rows_of(group)} == set(shapes()[group])


def test_every_group_of_shapes_has_a_table() -> None:
    assert set(shapes()) == {*GROUPS, "cds-hooks"}


def test_the_rows_of_a_table_differ() -> None:
    stated = [encode([list(bodies) for bodies in bodies_of(row)]) for _, row in ROWS]
    assert len(set(stated)) == len(stated)


def test_a_code_no_table_lacks_by_chance_is_of_a_system_the_drug_tables_hold(
    knowledge: Knowledge,
) -> None:
    held = {code.system for code in (*knowledge.drugs.by_code, *knowledge.drugs.by_family)}
    assert held == {RXNORM, ATC}


@beside
def test_every_real_resource_has_a_row_and_every_row_a_file() -> None:
    assert [row.file for row in file_rows()] == [file.name for file in FILES]


@beside
@pytest.mark.parametrize("row", file_rows(), ids=lambda row: row.file[:60])
def test_a_real_resource_is_read_as_its_row_says(row: FileRow, knowledge: Knowledge) -> None:
    content = (SHARED / "resources" / row.file).read_bytes()
    resource = json.loads(content.decode("utf-8-sig"))
    parts = [split_prefetch_value(resource["resourceType"], content)]
    owner = owner_of(resource)
    is_patient = resource["resourceType"] == "Patient"
    if not is_patient:
        parts.append(split_prefetch_value("Patient", encode({**PATIENT, "id": owner})))
    facts = read_facts(join(parts), owner, knowledge)
    read = told(facts, [f"{resource['resourceType']}/{resource.get('id', '?')}"])
    person = (tell_person(facts.person),) if is_patient else ()
    assert read.model_copy(update={"facts": (*person, *read.facts)}) == Read(
        facts=row.facts, gaps=row.gaps, incomplete=row.incomplete, not_used=row.not_used
    )


def owner_of(resource: dict[str, Any]) -> str:
    """Give the id of the patient a resource names; one that names nobody belongs to nobody."""
    if resource["resourceType"] == "Patient":
        return str(resource.get("id", "nobody"))
    named = resource.get("subject") or resource.get("patient") or {}
    return Path(named.get("reference", "nobody")).name.removeprefix("urn:uuid:")
