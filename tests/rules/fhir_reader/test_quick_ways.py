"""Does the quick way through a record say what the slow one says, also of a record gone wrong?"""

from collections.abc import Iterator
from functools import cache
from itertools import repeat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.facts import Facts
from rules.fhir_reader import (
    OtherPatient,
    Resources,
    bundle,
    exposures,
    only_patient,
    patients_in,
    read_facts,
    reading,
    split_bundle,
)
from rules.knowledge import Knowledge
from tests.rules.fhir_reader.shapes import SHARED

FIXTURES = Path(__file__).parents[3] / "fixtures" / "patients"
LARGEST = 600_000
# What goes wrong in a record: a member under another name or of another kind, another patient.
FAULTS = (
    (b'"code"', b'"code_"'),
    (b'"system"', b'"sys"'),
    (b'": "', b'": ["x"], "y": "'),
    (b'"display"', b'"modifierExtension"'),
    (b'"status": "', b'"status": 3, "x": "'),
    (b'"reference": "', b'"reference": 5, "x": "'),
    (b'"Patient/', b'"Patient/other-'),
    (b'"value": ', b'"value": "x", "y": '),
    (b'"id": "', b'"id": "same", "x": "'),
    (b'"Observation"', b'"Condition"'),
    (b'"coding": [', b'"coding": ["x", '),
    (b'"resource": {', b'"resource": null, "x": {'),
    (b'"entry"', b'"contained"'),
)


class Forgetful(dict[object, object]):
    """Remembers nothing, so that everything is read anew."""

    def get(self, _key: object, default: object = None) -> object:
        return default


@cache
def bodies() -> tuple[bytes, ...]:
    paths = [*FIXTURES.glob("*.json"), *(SHARED / "bundles").glob("*.json")]
    return tuple(path.read_bytes() for path in sorted(paths) if path.stat().st_size < LARGEST)


def spoil(body: bytes, fault: tuple[bytes, bytes], place: int) -> bytes:
    """Put a fault where its member stands for the nth time; a body without it stays as it is."""
    parts = body.split(fault[0])
    if len(parts) == 1:
        return body
    chosen = 1 + place % (len(parts) - 1)
    before, after = fault[0].join(parts[:chosen]), fault[0].join(parts[chosen:])
    return before + fault[1] + after


def read_all(resources: Resources, knowledge: Knowledge) -> Iterator[Facts | str]:
    for patient in patients_in(resources)[:3]:
        chosen = only_patient(resources, patient) if patients_in(resources)[1:] else resources
        try:
            yield read_facts(chosen, patient, knowledge)
        except OtherPatient as error:
            yield str(error)


def told(body: bytes, knowledge: Knowledge) -> list[object]:
    try:
        resources = split_bundle(body)
    except bundle.BundleError as error:
        return [str(error)]
    return [resources, *read_all(resources, knowledge)]


@settings(max_examples=200, deadline=None)
@given(
    chosen=st.integers(min_value=0),
    faults=st.lists(st.tuples(st.sampled_from(FAULTS), st.integers(0, 10_000)), max_size=4),
)
def test_no_quick_way_leads_to_another_answer(
    knowledge: Knowledge, chosen: int, faults: list[tuple[tuple[bytes, bytes], int]]
) -> None:
    body = bodies()[chosen % len(bodies())]
    for fault, place in faults:
        body = spoil(body, fault, place)
    quickly = told(body, knowledge)
    with pytest.MonkeyPatch.context() as slow:
        slow.setattr(bundle, "peek_at_all", lambda _: repeat(None))
        slow.setattr(reading, "is_of_no_use", lambda *_: False)
        slow.setattr(
            reading,
            "Chart",
            lambda index, known: exposures.Chart(index, known, Forgetful(), Forgetful()),
        )
        assert told(body, knowledge) == quickly
