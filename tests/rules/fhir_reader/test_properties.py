"""What holds for every record, however it is shuffled, repeated or damaged?"""

import contextlib
import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.codes import ICD_10_CM, LOINC, SNOMED_CT
from rules.facts import Facts
from rules.fhir_reader import (
    BundleError,
    OtherPatient,
    Resources,
    fhir_version_of,
    only_patient,
    patients_in,
    read_facts,
    split_bundle,
    split_prefetch_value,
)
from rules.knowledge import Knowledge
from tests.rules.fhir_reader.shapes import (
    SERTRALINE,
    Json,
    administration,
    bundle,
    coded,
    condition,
    dispense,
    dosage,
    observation,
    patient,
    quantity,
    request,
    resource,
    split,
    statement,
)

ACTIVE = coded("active", "http://terminology.hl7.org/CodeSystem/condition-clinical")
CHART: list[Json] = [
    patient(deceasedBoolean=False),
    condition(
        "c1", clinicalStatus=ACTIVE, verificationStatus=ACTIVE, onsetAge=quantity(30, "a"),
        abatementPeriod={"start": "2026-01-01", "end": "2026-02-01"}, recordedDate="2026-01-01",
        meta={"lastUpdated": "2026-01-01T08:00:00Z", "versionId": "1"},
    ),
    request(
        "m1", authoredOn="2026-01-01", reasonReference=[{"reference": "Condition/c1"}],
        reasonCode=[coded("F33.1", ICD_10_CM)], statusReason=coded("x", SNOMED_CT),
        dosageInstruction=[
            dosage(sequence=1, text="take 1 tablet daily", asNeededBoolean=False, timing={
                "repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "dayOfWeek": ["mon"],
                           "boundsDuration": quantity(7, "d"), "when": ["MORN"]},
                "code": {"text": "daily"}, "event": ["2026-01-01"]}),
            dosage(
                {"doseRange": {"low": quantity(25, "mg"), "high": quantity(50, "mg")}}, sequence=2
            ),
        ],
        dispenseRequest={
            "validityPeriod": {"start": "2026-01-01"}, "numberOfRepeatsAllowed": 2,
            "quantity": quantity(30, "{tablet}"), "expectedSupplyDuration": quantity(30, "d"),
        },
    ),
    request(
        "m2", medicationCodeableConcept=None, medicationReference={"reference": "Medication/x"}
    ),
    dispense(
        "d1", whenHandedOver="2026-01-02", quantity=quantity(30, "{tablet}"),
        authorizingPrescription=[{"reference": "MedicationRequest/m1"}],
        dosageInstruction=[dosage()],
    ),
    statement("s1", effectivePeriod={"start": "2026-01-01"}, dosage=[dosage()]),
    administration("a1", effectiveDateTime="2026-01-01", dosage={"dose": quantity(50, "mg")}),
    administration("a2", effectiveDateTime="2026-01-01", dosage={"dose": quantity(25, "mg")}),
    {
        "resourceType": "Medication", "id": "x",
        "ingredient": [{
            "itemCodeableConcept": coded(SERTRALINE),
            "strength": {"numerator": quantity(50, "mg"), "denominator": quantity(1, "{tablet}")},
        }],
    },
    observation(
        "o1", valueQuantity=quantity(7, "mg/L"), identifier=[{"system": "urn:lab", "value": "1"}],
        referenceRange=[{"low": quantity(0, "mg/L"), "high": quantity(5, "mg/L")}],
    ),
    observation("o2", "44249-1", component=[
        {"code": coded("44260-8", LOINC), "valueCodeableConcept": coded("LA6568-5", LOINC)},
    ]),
    observation(
        "o3", "39156-5", effectiveDateTime=None, effectivePeriod={"start": "2026-01-01"},
        issued="2026-01-01",
    ),
    observation(None, "44261-6", valueInteger=12),  # type: ignore[arg-type]
    observation(None, "44261-6", valueInteger=13),  # type: ignore[arg-type]
    resource("QuestionnaireResponse", "q1", status="completed", authored="2026-01-01", item=[
        {"linkId": "/44260-8", "answer": [{"valueCoding": {"system": LOINC, "code": "LA6568-5"}}]},
    ]),
    resource(
        "Procedure", "p1", status="completed", code=coded("23835007", SNOMED_CT),
        category=coded("387713003", SNOMED_CT), performedPeriod={"start": "2026-01-01"},
    ),
    resource("Encounter", "e1", status="finished", period={"start": "2026-01-01"},
             diagnosis=[{"condition": {"reference": "Condition/c1"}}]),
    resource("AllergyIntolerance", "i1", subject=None, patient={"reference": "Patient/p"},
             code=coded(SERTRALINE), reaction=[{"onset": "2026-01-01"}]),
    resource("AdverseEvent", "i2", date="2026-01-01",
             suspectEntity=[{"instance": {"reference": "MedicationRequest/m1"}}]),
    resource("Immunization", "v1", subject=None, patient={"reference": "Patient/p"}),
]  # fmt: skip

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["2026-01-01", "9999-12-31", "0001", "Patient/p", "Patient/q", "mg", "d"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["value", "unit", "code", "system", "coding", "reference", "text"]),
        inner, max_size=3,
    ),
    max_leaves=6,
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the place of every element below a JSON value."""
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for key, member in members:
        yield (*path, key)
        if isinstance(member, dict | list):
            yield from places(member, (*path, key))


PLACES = sorted(places(CHART), key=repr)


def replaced(place: tuple[Any, ...], value: Any) -> list[Json]:
    """Give the chart with another value in one place."""
    chart = copy.deepcopy(CHART)
    at: Any = chart
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    return chart


def read_or_refuse(
    resources: Resources, patient_id: str, knowledge: Knowledge
) -> Facts | OtherPatient:
    """Give the facts, or the one error that reading them may end in."""
    try:
        return read_facts(resources, patient_id, knowledge)
    except OtherPatient as refused:
        return refused


def test_the_whole_chart_is_read_without_a_gap(knowledge: Knowledge) -> None:
    facts = read_facts(split(*CHART), "p", knowledge)
    assert (facts.gaps, facts.incomplete) == ((), ())
    assert {kind.value for kind in {each.kind for each in facts.exposures}} == {
        "dispense", "administration", "request", "statement",
    }  # fmt: skip


@given(seed=st.randoms(use_true_random=False), repeats=st.lists(st.sampled_from(range(len(CHART)))))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_shuffling_and_repeating_resources_changes_nothing(
    knowledge: Knowledge, seed: random.Random, repeats: list[int]
) -> None:
    chart = [*CHART, *(CHART[number] for number in repeats)]
    seed.shuffle(chart)
    assert read_facts(split(*chart), "p", knowledge) == read_facts(split(*CHART), "p", knowledge)


@given(place=st.sampled_from(PLACES), value=json_values)
@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_value_in_place_of_any_element_ends_in_facts_or_a_named_error(
    knowledge: Knowledge, place: tuple[Any, ...], value: Any
) -> None:
    resources = split(*(each for each in replaced(place, value) if isinstance(each, dict)))
    fhir_version_of(resources)
    for patient_id in ("p", *patients_in(resources)):
        read_facts(only_patient(resources, patient_id), patient_id, knowledge)
        found = read_or_refuse(resources, patient_id, knowledge)
        assert isinstance(found, OtherPatient) or found.received


@given(place=st.sampled_from(PLACES), value=st.none())
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_null_in_place_of_any_element_is_not_an_error(
    knowledge: Knowledge, place: tuple[Any, ...], value: None
) -> None:
    chart = [each for each in replaced(place, value) if isinstance(each, dict)]
    facts = read_facts(split(*chart), "p", knowledge)
    assert facts.received


@given(value=json_values)
@settings(max_examples=300, deadline=None)
@pytest.mark.parametrize("around", [None, "entry", "link", "total", "resource", "response"])
def test_any_json_is_taken_apart_or_refused_by_name(around: str | None, value: Any) -> None:
    content = value if around is None else {"resourceType": "Bundle", around: value}
    body = json.dumps(content).encode()
    for attempt in (split_bundle, lambda given: split_prefetch_value("Condition", given)):
        with contextlib.suppress(BundleError):
            attempt(body)


@given(body=st.binary(max_size=200) | st.builds(lambda n: bundle(*CHART)[:n], st.integers(0, 9000)))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_taken_apart_or_refused_by_name(body: bytes) -> None:
    with contextlib.suppress(BundleError):
        split_bundle(body)


def test_no_gap_tells_a_value_of_the_record(knowledge: Knowledge) -> None:
    private = "Jane Roe 555-1234"
    for place in PLACES:
        chart = [each for each in replaced(place, private) if isinstance(each, dict)]
        found = read_or_refuse(split(*chart), "p", knowledge)
        told = (
            str(found)
            if isinstance(found, OtherPatient)
            else str([*found.gaps, *found.not_used, *found.incomplete])
        )
        assert private not in told, place
