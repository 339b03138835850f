"""Does an Observation that no rule uses cost more than one look at its code?"""

import json
from typing import Any

import pytest

from rules.fhir_reader.decoding import decode
from rules.fhir_reader.known_codes import known_codes
from rules.fhir_reader.observations import read_observation
from rules.fhir_reader.resources import RawResource, look_at
from rules.knowledge import Knowledge

UNUSED = {"coding": [{"system": "http://loinc.org", "code": "8302-2"}]}
CRP = {"coding": [{"system": "http://loinc.org", "code": "1988-5"}]}


def item(identity: str, **members: Any) -> RawResource:
    resource = {"resourceType": "Observation", "id": identity, "status": "final"} | members
    found = look_at(json.dumps(resource).encode())
    assert found is not None
    return found


def test_a_code_no_rule_uses_is_read_once(
    knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []

    def counted(decoder: Any, content: Any) -> Any:
        read.append(content)
        return decode(decoder, content)

    monkeypatch.setattr("rules.fhir_reader.observations.decode", counted)
    known = known_codes(knowledge)
    assert [read_observation(item(f"o{n}", code=UNUSED), known) for n in range(5)] == [None] * 5
    assert len(read) == 1


def test_a_code_no_rule_uses_hides_no_component(knowledge: Knowledge) -> None:
    known = known_codes(knowledge)
    read_observation(item("o1", code=UNUSED), known)
    part = {"code": CRP, "valueQuantity": {"value": 4.2, "unit": "mg/L"}}
    assert read_observation(item("o2", code=UNUSED, component=[part]), known) is not None


def test_what_one_record_does_not_use_is_forgotten_with_it(knowledge: Knowledge) -> None:
    read_observation(item("o1", code=UNUSED), known_codes(knowledge))
    assert known_codes(knowledge).unused == set()
