"""What does each form of a result become?"""

from decimal import Decimal
from typing import Any

import pytest

from rules.codes import LOINC, SNOMED_CT, Code
from rules.facts import MarkerResult
from rules.fhir_reader import read_facts, split_bundle
from rules.knowledge import Knowledge
from tests.rules.fhir_reader.shapes import Json, bundle, coded, observation, patient, quantity, read

HS_CRP, CRP, PHQ9, ITEM9, PANEL, BMI = (
    "30522-7",
    "1988-5",
    "44261-6",
    "44260-8",
    "44249-1",
    "39156-5",
)
ITEMS = (
    "44250-9",
    "44255-8",
    "44259-0",
    "44254-1",
    "44251-7",
    "44258-2",
    "44252-5",
    "44253-3",
    ITEM9,
)


def marker(knowledge: Knowledge, **members: Any) -> MarkerResult:
    facts = read(knowledge, observation(**members))
    assert facts.gaps == ()
    return facts.markers[0]


@pytest.mark.parametrize(
    ("stated", "value", "comparator", "unit"),
    [
        (quantity(7.4, "mg/L"), "7.4", None, "mg/L"),
        (quantity(0.42, "mg/dL", unit="milligram per decilitre"), "0.42", None, "mg/dL"),
        ({"value": 2.8, "unit": "mg/L"}, "2.8", None, "mg/L"),
        ({"value": 2.8, "code": "mg/L"}, "2.8", None, "mg/L"),
        (
            {"value": 2.8, "unit": "mg/L", "code": "258796002", "system": SNOMED_CT},
            "2.8",
            None,
            "mg/L",
        ),
        ({"value": 2.8, "code": "258796002", "system": SNOMED_CT}, "2.8", None, "258796002"),
        ({"value": 10.0}, "10.0", None, None),
        (quantity(5, "mg/L", comparator="="), "5", None, "mg/L"),
        (quantity(5, "mg/L", comparator="<"), "5", "<", "mg/L"),
        (quantity(200, "mg/L", comparator=">="), "200", ">=", "mg/L"),
        (quantity(None, "mg/L"), None, None, None),
        ({"unit": "mg/L"}, None, None, None),
        (quantity(1e-3, "mg/L"), "0.001", None, "mg/L"),
        (quantity(176.35499866729558, "mg/L"), "176.35499866729558", None, "mg/L"),
    ],
)
def test_a_quantity_is_kept_exactly_as_reported(
    knowledge: Knowledge, stated: Json, value: str | None, comparator: str | None, unit: str | None
) -> None:
    found = marker(knowledge, valueQuantity=stated)
    assert found.value == (None if value is None else Decimal(value))
    assert (found.comparator, found.unit) == (comparator, unit)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"valueString": "<0.3 mg/L"}, {"text": "<0.3 mg/L"}),
        ({"valueCodeableConcept": {"text": "GT 45"}}, {"text": "GT 45"}),
        (
            {"valueCodeableConcept": {"coding": [{"display": "Not detected"}]}},
            {"text": "Not detected"},
        ),
        ({"valueInteger": 7}, {"value": Decimal(7)}),
        (
            {"valueRange": {"low": quantity(3, "mg/L"), "high": quantity(5, "mg/L")}},
            {"low": Decimal(3), "high": Decimal(5), "unit": "mg/L"},
        ),
        ({"valueRange": {"low": quantity(3, "mg/L")}}, {"low": Decimal(3), "unit": "mg/L"}),
        ({"valueRange": {"high": quantity(3, "mg/L")}}, {"high": Decimal(3), "unit": "mg/L"}),
        ({"valueRange": {"low": quantity(3, "mg/L"), "high": quantity(1, "mg/dL")}}, {}),
        ({"valueRange": {}}, {}),
        ({"valueRatio": {"numerator": quantity(1, "mg"), "denominator": quantity(1, "L")}}, {}),
        ({"dataAbsentReason": {"text": "not done"}}, {}),
        ({"dataAbsentReason": {"text": "not done"}, "valueQuantity": quantity(1, "mg/L")}, {}),
        ({"valueBoolean": True}, {}),
        ({}, {}),
    ],
)
def test_every_other_form_of_value_keeps_what_it_says(
    knowledge: Knowledge, members: Json, expected: Json
) -> None:
    found = marker(knowledge, **members)
    for name in ("value", "text", "low", "high", "unit", "comparator"):
        assert getattr(found, name) == expected.get(name), name


@pytest.mark.parametrize(
    ("members", "because"),
    [
        ({"valueQuantity": quantity("2.52", "mg/L")}, "$.valueQuantity.value should be a number"),
        ({"valueQuantity": quantity(True, "mg/L")}, "$.valueQuantity.value should be a number"),
        (
            {"valueQuantity": quantity(2, "mg/L", comparator="<>")},
            "$.valueQuantity.comparator should be <, <=, > or >=",
        ),
        (
            {"valueQuantity": quantity(2, "mg/L"), "valueString": "2"},
            "$.value[x] should be one value",
        ),
        ({"valueInteger": 2, "valueRatio": {}}, "$.value[x] should be one value"),
        ({"valueQuantity": {"value": int("9" * 400)}}, "$.valueQuantity.value should be a number"),
        ({"valueQuantity": 7}, "$.valueQuantity should be object"),
        ({"effectiveDateTime": "yesterday"}, "$.effectiveDateTime should be a FHIR date"),
        ({"effectiveDateTime": None, "issued": "soon"}, "$.issued should be a FHIR date"),
        ({"component": {}}, "$.component should be array"),
    ],
)
def test_a_result_that_is_not_as_fhir_says_is_a_gap(
    knowledge: Knowledge, members: Json, because: str
) -> None:
    facts = read(knowledge, observation(**members))
    assert facts.markers == ()
    assert [gap.because for gap in facts.gaps] == [f"Observation/o could not be read: {because}"]
    assert facts.incomplete[0].resource_type == "Observation"


@pytest.mark.parametrize("number", ["1e99", "1e-99", "1e999999999999999999999"])
def test_a_number_out_of_all_proportion_is_a_gap(knowledge: Knowledge, number: str) -> None:
    body = bundle(patient(), observation(valueQuantity={"value": 4711}))
    facts = read_facts(split_bundle(body.replace(b"4711", number.encode())), "p", knowledge)
    assert len(facts.gaps) == 1


@pytest.mark.parametrize(
    ("members", "date", "from_issued"),
    [
        ({"effectiveDateTime": "2026-06-01T23:30:00-08:00"}, "2026-06-01", False),
        ({"effectiveDateTime": "2026-06"}, "2026-06", False),
        ({"effectiveInstant": "2026-06-01T08:00:00.000Z"}, "2026-06-01", False),
        ({"effectivePeriod": {"start": "2026-06-01", "end": "2026-06-03"}}, "2026-06-01", False),
        ({"effectivePeriod": {"end": "2026-06-03"}}, "2026-06-03", False),
        ({"effectiveTiming": {"event": ["2026-06-02", "2026-06-01"]}}, "2026-06-01", False),
        ({"effectiveTiming": {}, "issued": "2026-06-01T08:00:00Z"}, "2026-06-01", True),
        ({"issued": "2026-06-01T08:00:00Z"}, "2026-06-01", True),
        ({}, None, False),
    ],
)
def test_the_date_is_that_of_the_sample_and_the_report_only_at_the_last(
    knowledge: Knowledge, members: Json, date: str | None, from_issued: bool
) -> None:
    found = marker(knowledge, **{"effectiveDateTime": None, **members})
    assert (found.date.text if found.date else None) == date
    assert found.date_from_issued is from_issued


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ([{"low": quantity(0, "mg/L"), "high": quantity(10, "mg/L")}], (0, 10)),
        ([{"high": {"value": 5}}], (None, 5)),
        ([{"low": {"unit": "mg/L"}, "high": quantity(5, "mg/L")}], (None, 5)),
        ([{"high": quantity(5, "mg/dL")}], (None, None)),
        ([{"text": "None seen"}], (None, None)),
        ([{"low": quantity(0, "mg/L"), "high": quantity(0, "mg/L")}], (None, None)),
        ([{"high": quantity(5, "mg/L"), "type": coded("normal", "urn:range")}], (None, 5)),
        ([{"high": quantity(5, "mg/L"), "type": coded("treatment", "urn:range")}], (None, None)),
        ([{"high": quantity(3, "mg/L")}, {"high": quantity(10, "mg/L")}], (None, None)),
        (None, (None, None)),
    ],
)
def test_the_laboratorys_own_range_is_kept_in_the_unit_of_the_result(
    knowledge: Knowledge, ranges: Any, expected: Any
) -> None:
    found = marker(knowledge, valueQuantity=quantity(7, "mg/L"), referenceRange=ranges)
    assert (found.reference_low, found.reference_high) == expected


def test_the_known_code_counts_wherever_it_stands(knowledge: Knowledge) -> None:
    codings = [
        {"system": "urn:local", "code": "CRP"},
        {"code": "no system"},
        {"system": LOINC, "code": HS_CRP},
    ]
    assert marker(knowledge, code={"coding": codings}).code == Code(LOINC, HS_CRP)


@pytest.mark.parametrize(
    "code", [coded("8302-2", LOINC), {"text": "CRP"}, coded(HS_CRP, "urn:local"), None]
)
def test_an_observation_of_no_interest_is_no_fact_and_no_gap(
    knowledge: Knowledge, code: Json | None
) -> None:
    facts = read(knowledge, observation(code=code, valueQuantity="not even read"))
    assert (facts.markers, facts.gaps, facts.received["Observation"]) == ((), (), 1)


@pytest.mark.parametrize("status", ["final", "unknown", "entered-in-error", None])
def test_a_status_is_kept_for_the_rules_to_judge(knowledge: Knowledge, status: str | None) -> None:
    assert marker(knowledge, status=status).status == status


def test_a_marker_within_a_panel_is_a_result_of_its_own(knowledge: Knowledge) -> None:
    part = {"code": coded(CRP, LOINC), "valueQuantity": quantity(7, "mg/L")}
    other = {"code": coded("8302-2", LOINC), "valueQuantity": quantity(170, "cm")}
    found = marker(knowledge, code=coded("24323-8", LOINC), component=[part, other])
    assert (found.code.code, found.value, found.sources) == (CRP, 7, ("Observation/o",))


@pytest.mark.parametrize(
    ("members", "value"),
    [
        ({"valueQuantity": quantity(17, "{score}")}, 17),
        ({"valueQuantity": {"value": 17}}, 17),
        ({"valueQuantity": {"value": 17, "unit": "Points"}}, 17),
        ({"valueQuantity": quantity(17, "{PHQ}")}, 17),
        ({"valueInteger": 17}, 17),
        ({"valueCodeableConcept": coded("LA6571-9", LOINC)}, 3),
        ({"valueCodeableConcept": coded("LA9999-9", LOINC)}, None),
        ({"valueQuantity": quantity(10, "{score}", comparator="<")}, None),
        ({"valueString": "17"}, None),
        ({}, None),
    ],
)
def test_a_score_is_a_number_or_a_coded_answer(
    knowledge: Knowledge, members: Json, value: int | None
) -> None:
    (score,) = read(knowledge, observation(code=coded(PHQ9, LOINC), **members)).scores
    assert (score.code.code, score.value, score.status) == (PHQ9, value, "final")


def items(*values: int) -> list[Json]:
    return [
        {"code": coded(code, LOINC), "valueInteger": value}
        for code, value in zip(ITEMS, values, strict=False)
    ]


def test_a_panel_with_all_items_gives_their_sum(knowledge: Knowledge) -> None:
    parts = items(3, 3, 2, 2, 1, 1, 2, 1, 0)
    scores = read(knowledge, observation(code=coded(PANEL, LOINC), component=parts)).scores
    found = {score.code.code: score.value for score in scores}
    assert (found[PHQ9], found[ITEM9], len(found)) == (15, 0, 10)


@pytest.mark.parametrize("parts", [items(3, 3, 2, 2, 1, 1, 2, 1), items(3, 3, 2, 2, 1, 1, 2, 1, 4)])
def test_a_panel_is_never_summed_from_a_part_of_it(knowledge: Knowledge, parts: list[Json]) -> None:
    scores = read(knowledge, observation(code=coded(PANEL, LOINC), component=parts)).scores
    assert {score.code.code for score in scores} == set(ITEMS[: len(parts)])


def test_a_stated_total_stands_before_the_sum(knowledge: Knowledge) -> None:
    total = {"code": coded(PHQ9, LOINC), "valueInteger": 16}
    parts = [*items(3, 3, 2, 2, 1, 1, 2, 1, 0), total]
    scores = read(knowledge, observation(code=coded(PANEL, LOINC), component=parts)).scores
    assert [score.value for score in scores if score.code.code == PHQ9] == [16]


def test_a_number_under_the_code_of_a_panel_is_kept_for_the_rules_to_refuse(
    knowledge: Knowledge,
) -> None:
    (score,) = read(knowledge, observation(code=coded(PANEL, LOINC), valueInteger=15)).scores
    assert (score.code.code, score.value) == (PANEL, 15)


def test_a_scale_that_is_only_shown_is_read_too(knowledge: Knowledge) -> None:
    (score,) = read(knowledge, observation(code=coded("70274-6", LOINC), valueInteger=12)).scores
    assert score.value == 12


def test_a_measurement_keeps_number_unit_and_answers(knowledge: Knowledge) -> None:
    facts = read(
        knowledge,
        observation("o1", BMI, valueQuantity=quantity(31.5, "kg/m2")),
        observation("o2", "72166-2", valueCodeableConcept=coded("449868002", SNOMED_CT)),
        observation("o3", BMI, valueQuantity=quantity(30, "kg/m2", comparator="<")),
    )
    assert [(each.value, each.unit, each.answers) for each in facts.measurements] == [
        (Decimal("31.5"), "kg/m2", ()),
        (None, None, (Code(SNOMED_CT, "449868002"),)),
        (None, "kg/m2", ()),
    ]


def test_a_measurement_that_is_a_date_has_that_date(knowledge: Knowledge) -> None:
    expected = observation(code=coded("11778-8", LOINC), valueDateTime="2026-09-01")
    (found,) = read(knowledge, expected).measurements
    assert found.date is not None
    assert found.date.text == "2026-09-01"


IDENTIFIED: Json = {"identifier": [{"system": "urn:lab", "value": "17"}, {}]}


def test_a_corrected_result_replaces_the_one_with_its_identifier(knowledge: Knowledge) -> None:
    facts = read(
        knowledge,
        observation("o1", valueQuantity=quantity(30, "mg/L"), **IDENTIFIED),
        observation("o2", valueQuantity=quantity(3, "mg/L"), status="corrected", **IDENTIFIED),
        observation("o3", PHQ9, valueInteger=12, **IDENTIFIED),
    )
    assert [each.value for each in facts.markers] == [3]
    assert len(facts.scores) == 1
    assert [each.source for each in facts.not_used] == ["Observation/o1"]


def test_results_that_share_an_identifier_without_a_correction_all_stand(
    knowledge: Knowledge,
) -> None:
    facts = read(knowledge, observation("o1", **IDENTIFIED), observation("o2", **IDENTIFIED))
    assert len(facts.markers) == 2


@pytest.mark.parametrize("unit", ["mg/L", "min", "{score}/d", "%"])
def test_a_score_in_a_unit_of_something_else_is_a_gap(knowledge: Knowledge, unit: str) -> None:
    facts = read(knowledge, observation(code=coded(PHQ9, LOINC), valueQuantity=quantity(17, unit)))
    assert facts.scores == ()
    assert [gap.because for gap in facts.gaps] == [
        "Observation/o could not be read: $.valueQuantity should be in points"
    ]


def test_the_total_under_its_code_of_snomed_ct_is_a_total(knowledge: Knowledge) -> None:
    (score,) = read(
        knowledge, observation(code=coded("720433000", SNOMED_CT), valueInteger=15)
    ).scores
    assert (score.value, score.code in knowledge.scales["phq9"].totals) == (15, True)


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ({"text": "CRP"}, True),
        ({"text": "High-sensitivity C-Reactive Protein, serum"}, True),
        ({"coding": [{"display": "hsCRP"}]}, True),
        (coded("17", "urn:local", display="x", text="C-reaktives Protein"), True),
        (coded("8302-2", LOINC, text="CRP"), False),
        ({"text": "PCR"}, False),
        ({"text": "CRPS of the hand"}, False),
        ({}, False),
        (None, False),
    ],
)
def test_a_marker_named_in_words_alone_is_named_as_not_used(
    knowledge: Knowledge, code: Json | None, named: bool
) -> None:
    facts = read(knowledge, observation(code=code, valueQuantity=quantity(7, "mg/L")))
    assert (facts.markers, facts.gaps) == ((), ())
    reasons = ["a marker named in words only, without a LOINC code"] if named else []
    assert [each.because for each in facts.not_used] == reasons


def test_a_component_named_in_words_alone_is_named_too(knowledge: Knowledge) -> None:
    panel = observation(code=coded("24323-8", LOINC), component=[{"code": {"text": "CRP"}}, {}])
    assert len(read(knowledge, panel).not_used) == 1
