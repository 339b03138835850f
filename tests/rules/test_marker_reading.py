"""Does one result get the label the table of the rule gives it, and never a guessed one?"""

from decimal import Decimal
from typing import Any

import pytest

from rules.facts import MarkerResult
from rules.findings import LabelledResult
from rules.knowledge import Knowledge
from rules.marker_reading import Unread, read_result
from tests.support.build import crp
from tests.support.variants import with_parameters


def read(result: MarkerResult, knowledge: Knowledge) -> LabelledResult | Unread:
    return read_result(result, knowledge.markers[result.code], knowledge)


def labelled(result: MarkerResult, knowledge: Knowledge) -> LabelledResult:
    outcome = read(result, knowledge)
    assert isinstance(outcome, LabelledResult), outcome
    return outcome


def refused(result: MarkerResult, knowledge: Knowledge) -> str:
    outcome = read(result, knowledge)
    assert isinstance(outcome, Unread), outcome
    return outcome.note


def bounds(low: str | None, high: str | None, **fields: Any) -> MarkerResult:
    ends = {"low": low, "high": high}
    return crp(None, **{k: v and Decimal(v) for k, v in ends.items()}, **fields)


@pytest.mark.parametrize(
    ("comparator", "value", "label"),
    [
        (None, "0", "normal"),
        (None, "2.99", "normal"),
        (None, "2.999998", "normal"),  # beyond the tolerance
        (None, "2.9999995", "raised"),  # within the tolerance
        (None, "3", "raised"),
        (None, "3.01", "raised"),
        (None, "9.99", "raised"),
        (None, "10", "raised"),
        (None, "10.0000005", "raised"),
        (None, "10.000002", "acute_range"),
        (None, "10.1", "acute_range"),
        ("<", "2.99", "normal"),
        ("<", "3", "normal"),
        ("<", "3.01", "censored"),
        ("<", "10", "censored"),
        ("<=", "2.99", "normal"),
        ("<=", "3", "censored"),
        ("<=", "5", "censored"),
        (">", "2.99", "censored"),
        (">", "3", "censored_high"),
        (">", "9.99", "censored_high"),
        (">", "10", "acute_range"),
        (">", "200", "acute_range"),
        (">=", "2.99", "censored"),
        (">=", "3", "censored_high"),
        (">=", "9.99", "censored_high"),
        (">=", "10", "acute_range"),
    ],
)
def test_each_row_of_the_label_table_holds(
    comparator: str | None, value: str, label: str, knowledge: Knowledge
) -> None:
    assert labelled(crp(value, comparator=comparator), knowledge).label.value == label


@pytest.mark.parametrize(
    ("low", "high", "label"),
    [
        ("3", "10", "raised"),
        ("2.9", "10", "censored"),
        ("3", "10.1", "censored"),
        ("0", "2.99", "normal"),
        ("0", "3", "censored"),
        ("4", "4", "raised"),
        ("12", "15", "acute_range"),
        (None, "2.9", "normal"),
        (None, "3", "censored"),
        ("4", None, "censored_high"),
        ("10", None, "acute_range"),
        ("1", None, "censored"),
    ],
)
def test_a_range_is_labelled_only_where_every_number_in_it_agrees(
    low: str | None, high: str | None, label: str, knowledge: Knowledge
) -> None:
    assert labelled(bounds(low, high), knowledge).label.value == label


@pytest.mark.parametrize(
    ("low", "high", "note"),
    [("8", "4", "no_value"), ("-5", "-1", "no_value"), (None, "-1", "no_value")],
)
def test_a_range_that_makes_no_sense_is_no_value(
    low: str | None, high: str, note: str, knowledge: Knowledge
) -> None:
    assert refused(bounds(low, high), knowledge) == note


@pytest.mark.parametrize(("low", "high"), [("3", "4"), (None, "2"), ("12", None)])
def test_a_range_without_a_unit_is_not_read(
    low: str | None, high: str | None, knowledge: Knowledge
) -> None:
    assert refused(bounds(low, high, unit=None), knowledge) == "no_unit"


def test_a_range_is_shown_with_both_ends(knowledge: Knowledge) -> None:
    assert labelled(bounds("0.3", "0.4", unit="mg/dL"), knowledge).shown == "hs-CRP 3 to 4 mg/L"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("<0.3", "normal"),
        (" < 0,3 ", "normal"),
        (">200", "acute_range"),
        (">= 200", "acute_range"),
        ("1.2 mg/L", "normal"),
        ("4,2mg/L", "raised"),
        ("0.42 mg/dL", "raised"),
        ("0.42 mg/100 mL", "raised"),
        ("<5 mg/L", "censored"),
        ("> 5 mg/L", "censored_high"),
    ],
)
def test_a_text_that_is_a_number_or_a_clear_bound_is_read(
    text: str, label: str, knowledge: Knowledge
) -> None:
    assert labelled(crp(None, unit=None, text=text), knowledge).label.value == label


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("0.42", "no_unit"),
        ("4.2", "no_unit"),
        ("12", "no_unit"),
        ("<5", "no_unit"),  # 5 mg/L is a reporting limit, 5 mg/dL is not
        (">4", "no_unit"),
        (">0.5", "no_unit"),
        ("4.2 U/L", "no_unit"),
        ("4.2 H", "no_unit"),
        ("negative", "no_value"),
        ("see comment", "no_value"),
        ("", "no_value"),
        ("3-5 mg/L", "no_value"),
        ("1.2.3 mg/L", "no_value"),
        ("-4 mg/L", "no_value"),
        ("=<3 mg/L", "no_value"),
        ("4 mg/L (repeat)\nsecond line", "no_value"),
    ],
)
def test_any_other_text_is_not_read(text: str, note: str, knowledge: Knowledge) -> None:
    assert refused(crp(None, unit=None, text=text), knowledge) == note


def test_a_bound_without_a_unit_says_so_where_it_is_shown(knowledge: Knowledge) -> None:
    shown = labelled(crp(None, unit=None, text=">200"), knowledge).shown
    assert shown == "hs-CRP >200 (no unit stated)"


@pytest.mark.parametrize(
    ("result", "note"),
    [
        (crp(None, unit=None), "no_value"),
        (crp("4.2", unit=None), "no_unit"),
        (crp("4.2", unit="pg/mL"), "no_unit"),
        (crp("-1"), "no_value"),
        (crp("4", comparator="ad"), "no_value"),
    ],
)
def test_a_result_without_a_usable_value_is_refused(
    result: MarkerResult, note: str, knowledge: Knowledge
) -> None:
    assert refused(result, knowledge) == note


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        (crp("4.20"), "hs-CRP 4.2 mg/L"),
        (crp("0.42", unit="mg/dL"), "hs-CRP 4.2 mg/L"),
        (crp("4.1999999999"), "hs-CRP 4.2 mg/L"),
        (crp("5", comparator="<", code="1988-5"), "CRP (standard assay) <5 mg/L"),
        (crp("38.1", unit="nmol/L", code="76486-0"), "hs-CRP 4 mg/L"),
        (crp("1E+38"), "hs-CRP 1" + "0" * 38 + " mg/L"),
        (crp("0.00000004"), "hs-CRP 0.00000004 mg/L"),
        (crp("0"), "hs-CRP 0 mg/L"),
    ],
)
def test_a_result_is_shown_in_mg_per_l(
    result: MarkerResult, shown: str, knowledge: Knowledge
) -> None:
    assert labelled(result, knowledge).shown == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2.9996", "hs-CRP 2.9996 mg/L"),
        ("2.99979", "hs-CRP 2.99979 mg/L"),
        ("2.99980001", "hs-CRP 2.9998 mg/L"),
        ("2.9999987", "hs-CRP 2.9999987 mg/L"),
        ("10.0003", "hs-CRP 10.0003 mg/L"),
    ],
)
def test_a_result_just_beyond_a_cut_off_is_never_shown_as_the_cut_off(
    value: str, shown: str, knowledge: Knowledge
) -> None:
    assert labelled(crp(value), knowledge).shown == shown


@pytest.mark.parametrize(
    ("fields", "notes"),
    [
        ({}, ()),
        ({"status": "unknown"}, ("status_unknown",)),
        ({"status": None}, ("status_unknown",)),
        ({"date_from_issued": True}, ("date_from_issued",)),
        ({"on": "2026-06"}, ("month_precision",)),
        ({"reference_high": Decimal(10)}, ("within_lab_range",)),
        ({"reference_high": Decimal("4.2")}, ("within_lab_range",)),
        ({"reference_high": Decimal("4.1")}, ()),
        ({"reference_high": Decimal(1), "unit": "mg/dL", "value": "0.42"}, ("within_lab_range",)),
    ],
)
def test_a_result_carries_the_notes_that_bear_on_it(
    fields: dict[str, Any], notes: tuple[str, ...], knowledge: Knowledge
) -> None:
    value, on = fields.get("value", "4.2"), fields.get("on", "2026-06-01")
    rest = {k: v for k, v in fields.items() if k not in {"value", "on"}}
    assert labelled(crp(value, on, **rest), knowledge).notes == notes


@pytest.mark.parametrize("value", ["2.5", "12"])
def test_the_laboratory_range_is_noted_for_a_raised_result_only(
    value: str, knowledge: Knowledge
) -> None:
    assert labelled(crp(value, reference_high=Decimal(20)), knowledge).notes == ()


@pytest.mark.parametrize(("low", "label"), [("2", "raised"), ("2.5", "raised"), ("2.6", "normal")])
def test_the_low_cut_off_is_a_parameter(low: str, label: str, knowledge: Knowledge) -> None:
    changed = with_parameters(knowledge, {"marker.crp_low_mg_l": Decimal(low)})
    assert labelled(crp("2.5"), changed).label.value == label


@pytest.mark.parametrize(("high", "label"), [("11", "acute_range"), ("12", "raised")])
def test_the_acute_cut_off_is_a_parameter(high: str, label: str, knowledge: Knowledge) -> None:
    changed = with_parameters(knowledge, {"marker.crp_acute_above_mg_l": Decimal(high)})
    assert labelled(crp("12"), changed).label.value == label


def test_the_molar_factor_is_used_as_configured(knowledge: Knowledge) -> None:
    assert labelled(crp("28.56", unit="nmol/L", code="76486-0"), knowledge).label.value == "normal"
    assert labelled(crp("28.572", unit="nmol/L", code="76486-0"), knowledge).label.value == "raised"
    assert labelled(crp("28.6", unit="nmol/L", code="76486-0"), knowledge).label.value == "raised"
