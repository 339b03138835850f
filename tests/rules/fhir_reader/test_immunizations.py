"""Is a vaccination read in every version of FHIR, and one that was not given told apart?"""

import json
from typing import Any

import pytest

from rules.facts import Facts
from rules.fhir_reader import read_facts, split_bundle
from rules.knowledge import Knowledge
from tests.support.build import vaccination

NAME = ("Immunization/v",)


def read(knowledge: Knowledge, **members: Any) -> Facts:
    given = {
        "resourceType": "Immunization",
        "id": "v",
        "status": "completed",
        "vaccineCode": {"text": "vaccine"},
        "patient": {"reference": "Patient/p"},
        **members,
    }
    entries = [{"resourceType": "Patient", "id": "p", "birthDate": "1984-03-10"}, given]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": each} for each in entries],
    }
    return read_facts(split_bundle(json.dumps(bundle).encode()), "p", knowledge)


@pytest.mark.parametrize(
    ("members", "on", "status"),
    [
        ({"occurrenceDateTime": "2026-05-25"}, "2026-05-25", "completed"),
        ({"occurrenceDateTime": "2026-05-25T23:30:00-05:00"}, "2026-05-25", "completed"),
        ({"occurrenceDateTime": "2026-05"}, "2026-05", "completed"),
        ({"occurrenceString": "last week"}, None, "completed"),
        ({"occurrenceDateTime": "2026-05-25", "status": "not-done"}, "2026-05-25", "not-done"),
        ({"occurrenceDateTime": "2026-05-25", "status": None}, "2026-05-25", None),
        ({"date": "2026-05-25"}, "2026-05-25", "completed"),
        ({"date": "2026-05-25", "notGiven": False}, "2026-05-25", "completed"),
        ({"date": "2026-05-25", "notGiven": True}, "2026-05-25", "not-done"),
        ({"date": "2026-05-25", "wasNotGiven": True}, "2026-05-25", "not-done"),
    ],
    ids=str,
)
def test_a_vaccination_has_its_day_and_status(
    members: dict[str, Any], on: str | None, status: str | None, knowledge: Knowledge
) -> None:
    told = read(knowledge, **members)
    assert told.vaccinations == (vaccination(on, status=status, sources=NAME),)
    assert (told.gaps, told.incomplete) == ((), ())


@pytest.mark.parametrize("members", [{"occurrenceDateTime": "last week"}, {"status": 5}], ids=str)
def test_one_that_cannot_be_read_is_named(members: dict[str, Any], knowledge: Knowledge) -> None:
    told = read(knowledge, **members)
    assert told.vaccinations == ()
    assert [each.resource_type for each in told.incomplete] == ["Immunization"]
