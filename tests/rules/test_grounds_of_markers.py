"""Does every answer about a marker give its whole ground: sentence, note, citations, sources?"""

from decimal import Decimal
from typing import Any

import pytest

from rules.acute_illness import find_acute_periods, judge_near_sample
from rules.assessment import assess
from rules.facts import MarkerResult
from rules.findings import (
    Finding,
    Inflammation,
    LabelledResult,
    ResultLabel,
    Verdict,
)
from rules.knowledge import Knowledge
from rules.marker_reading import Unread, label_of, read_result
from rules.markers import UnusableResult, label_results, lowest_of_each_day
from tests.support.build import (
    AS_OF,
    Piece,
    crp,
    day,
    diagnosis,
    facts,
    measurement,
    procedure,
    snomed,
)
from tests.support.variants import with_codes

IL6 = "26881-3"


def read(result: MarkerResult, knowledge: Knowledge) -> LabelledResult | Unread:
    return read_result(result, knowledge.markers[result.code], knowledge)


def inflammation(knowledge: Knowledge, *pieces: Piece) -> Inflammation:
    return assess(facts(*pieces), AS_OF, knowledge).inflammation


@pytest.mark.parametrize(
    ("fields", "note", "because"),
    [
        ({"value": None}, "no_value", "a result without a value"),
        ({"comparator": "ad"}, "no_value", "a comparator that is none of FHIR's"),
        ({"unit": None}, "no_unit", "no unit is stated"),
        ({"unit": "mmol/L"}, "no_unit", "the unit does not fit the test"),
        ({"value": "-1"}, "no_value", "a negative concentration"),
        ({"value": None, "text": "haemolysed"}, "no_value", "a text that is no number"),
        ({"value": None, "text": "<5", "unit": None}, "no_unit", "no unit is stated"),
        (
            {"value": None, "low": Decimal(1), "high": Decimal(2), "unit": None},
            "no_unit",
            "the range has no unit that fits the test",
        ),
        (
            {"value": None, "low": Decimal(5), "high": Decimal(4)},
            "no_value",
            "a range whose ends make no sense",
        ),
    ],
    ids=str,
)
def test_a_result_that_cannot_be_read_says_why(
    fields: dict[str, Any], note: str, because: str, knowledge: Knowledge
) -> None:
    value = fields.get("value", "4.2")
    rest = {name: each for name, each in fields.items() if name != "value"}
    assert read(crp(value, **rest), knowledge) == Unread(note, because)


@pytest.mark.parametrize(
    ("cut_off", "steps", "comparator", "label"),
    [
        ("low", 1, "<", ResultLabel.NORMAL),
        ("low", 2, "<", ResultLabel.CENSORED),
        ("acute", -1, ">", ResultLabel.ACUTE_RANGE),
        ("acute", -2, ">", ResultLabel.CENSORED_HIGH),
        ("acute", 1, None, ResultLabel.RAISED),
        ("acute", 2, None, ResultLabel.ACUTE_RANGE),
    ],
)
def test_a_value_one_tolerance_from_a_cut_off_is_at_the_cut_off(
    cut_off: str, steps: int, comparator: str | None, label: ResultLabel, knowledge: Knowledge
) -> None:
    marker = knowledge.marker
    at = {"low": marker.crp_low_mg_l, "acute": marker.crp_acute_above_mg_l}[cut_off]
    assert label_of(at + steps * marker.tolerance, comparator, knowledge) is label


@pytest.mark.parametrize(
    ("value", "comparator", "shown"),
    [
        ("2.9996", "<", "hs-CRP <3 mg/L"),
        ("2.0004", ">", "hs-CRP >2 mg/L"),
        ("9.9996", ">", "hs-CRP >9.9996 mg/L"),
    ],
)
def test_a_bound_is_shortened_only_while_it_says_the_same(
    value: str, comparator: str, shown: str, knowledge: Knowledge
) -> None:
    told = read(crp(value, comparator=comparator), knowledge)
    assert isinstance(told, LabelledResult)
    assert told.shown == shown


def test_a_result_one_tolerance_above_the_laboratory_limit_is_within_it(
    knowledge: Knowledge,
) -> None:
    limit = Decimal("4.2") - knowledge.marker.tolerance
    told = read(crp("4.2", reference_high=limit), knowledge)
    assert isinstance(told, LabelledResult)
    assert told.notes == ("within_lab_range",)


@pytest.mark.parametrize("on", ["2026-06-01", None])
def test_an_unusable_result_keeps_its_day_and_its_reason(
    on: str | None, knowledge: Knowledge
) -> None:
    result = crp("4.2", on, unit=None, sources=("Observation/x",))
    (told,) = label_results([result], AS_OF, knowledge).unusable
    undated = ("", "a result without a date that could place it")
    note, because = ("no_unit", "no unit is stated") if on else undated
    assert told == UnusableResult(
        note=note,
        because=because,
        compared=True,
        day=day(on) if on else None,
        sources=("Observation/x",),
    )


def test_a_shown_marker_in_an_unknown_unit_says_so(knowledge: Knowledge) -> None:
    (told,) = label_results([crp("4.2", code=IL6, unit="U")], AS_OF, knowledge).unusable
    assert (told.note, told.because) == ("no_value", "no value in a known unit")


def test_a_shown_marker_keeps_its_comparator(knowledge: Knowledge) -> None:
    result = crp("1.5", code=IL6, unit="pg/mL", comparator="<")
    (told,) = label_results([result], AS_OF, knowledge).shown_only
    assert told.comparator == "<"


def test_of_one_day_nothing_at_all_lies_below_a_little(knowledge: Knowledge) -> None:
    same_day = [crp(value, sources=(name,)) for value, name in (("0.5", "a"), (0, "b"))]
    labelled = label_results(same_day, AS_OF, knowledge).labelled
    assert [each.value_mg_per_l for each in labelled] == [0, Decimal("0.5")]
    assert [each.value_mg_per_l for each in lowest_of_each_day(labelled)] == [0]


def test_of_one_number_the_bound_from_above_is_the_lower(knowledge: Knowledge) -> None:
    same_day = [crp(3, sources=("a",)), crp(3, comparator="<", sources=("b",))]
    (lowest,) = lowest_of_each_day(label_results(same_day, AS_OF, knowledge).labelled)
    assert lowest.comparator == "<"


def test_a_bound_that_ends_within_the_cut_off_breaks_a_run_of_high_results(
    knowledge: Knowledge,
) -> None:
    marker = knowledge.marker
    limit = marker.crp_acute_above_mg_l + marker.tolerance
    high = [crp(20, "2026-06-20"), crp(30, "2026-05-10")]
    assert "sustained_high" in inflammation(knowledge, *high).notes
    between = crp(limit, "2026-06-01", comparator="<")
    assert "sustained_high" not in inflammation(knowledge, *high, between).notes


@pytest.mark.parametrize(
    ("value", "on"), [("1.2", "2026-06-01"), ("4.2", "2024-06-01")], ids=["normal", "stale"]
)
def test_the_notes_of_the_result_it_rests_on_reach_the_verdict(
    value: str, on: str, knowledge: Knowledge
) -> None:
    assert (
        "date_from_issued" in inflammation(knowledge, crp(value, on, date_from_issued=True)).notes
    )


def test_of_several_unusable_results_the_latest_is_named(knowledge: Knowledge) -> None:
    earlier = crp("4.2", "2026-05-01", unit=None, sources=("Observation/z",))
    later = crp("-1", "2026-06-01", sources=("Observation/a",))
    assert inflammation(knowledge, earlier, later).finding == Finding(
        verdict=Verdict.CANNOT_TELL,
        because="no usable CRP result: a negative concentration",
        citations=inflammation(knowledge).finding.citations,
        sources=("Observation/a",),
    )


def test_an_illness_near_the_sample_gives_its_grounds(knowledge: Knowledge) -> None:
    pneumonia = diagnosis(
        "J18.9",
        onset="2026-06-05",
        clinical_status="resolved",
        sources=("Condition/pneumonia",),
    )
    ill = facts(pneumonia)
    near = judge_near_sample(
        day("2026-06-01"), find_acute_periods(ill, AS_OF, knowledge), knowledge
    )
    assert near is not None
    assert near.because.endswith(" on 2026-06-05 near the sample")
    assert near.citations == (
        "marker.acute_confounder_before_days",
        "marker.acute_confounder_after_days",
    )
    assert near.sources == ("Condition/pneumonia",)


@pytest.mark.parametrize(
    ("piece", "kind", "name"),
    [
        (
            measurement("8310-5", "39.5", "2026-06-05", unit="Cel"),
            "fever",
            "fever",
        ),
        (procedure(snomed("99999999"), "2026-06-05"), "acute-injury", "surgical procedure"),
    ],
    ids=["fever", "operation"],
)
def test_an_acute_period_says_of_what_kind_it_is(
    piece: Piece, kind: str, name: str, knowledge: Knowledge
) -> None:
    site = with_codes(knowledge, "surgical-procedure", {snomed("99999999"): "an operation"})
    (told,) = find_acute_periods(facts(piece), AS_OF, site)
    assert (told.kind, told.name, told.sources) == (kind, name, piece.sources)
