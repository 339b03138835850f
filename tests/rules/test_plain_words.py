"""Does a number, a count or a list read as a person would write it?"""

from datetime import date
from decimal import Decimal

import pytest

from rules.plain_words import (
    counted,
    dose,
    kind_of_record,
    listed,
    number,
    on,
    percent,
    percent_reached,
    sources_of,
    spelled,
    within_sentence,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [("100", "100"), ("4.10", "4.1"), ("0.42", "0.42"), ("1E+2", "100"), ("50.0", "50")],
)
def test_a_number_is_as_short_as_it_is_exact(value: str, text: str) -> None:
    assert number(Decimal(value)) == text


@pytest.mark.parametrize(
    ("fraction", "text"), [("0.1667", "17%"), ("0.4921", "49%"), ("0.5", "50%"), ("1", "100%")]
)
def test_a_change_is_rounded_to_the_nearest_per_cent(fraction: str, text: str) -> None:
    assert percent(Decimal(fraction)) == text


@pytest.mark.parametrize(("fraction", "text"), [("0.799", "79%"), ("0.8", "80%"), ("1", "100%")])
def test_a_fraction_reached_is_never_rounded_up(fraction: str, text: str) -> None:
    assert percent_reached(Decimal(fraction)) == text


@pytest.mark.parametrize(
    ("milligrams", "text"), [("12.857142857", "12.85"), ("99.999", "99.99"), ("37.5", "37.5")]
)
def test_a_dose_is_cut_to_two_decimals_and_never_rounded_up(milligrams: str, text: str) -> None:
    assert dose(Decimal(milligrams)) == text


@pytest.mark.parametrize(
    ("parts", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_words_are_joined_as_in_a_sentence(parts: list[str], text: str) -> None:
    assert listed(parts) == text


@pytest.mark.parametrize(("count", "text"), [(0, "0 days"), (1, "1 day"), (2, "2 days")])
def test_a_count_has_its_noun_in_the_right_number(count: int, text: str) -> None:
    assert counted(count, "day", "days") == text


@pytest.mark.parametrize(
    ("count", "text"), [(0, "no trial"), (1, "one trial"), (10, "ten trials"), (11, "11 trials")]
)
def test_a_small_count_is_a_word(count: int, text: str) -> None:
    assert spelled(count, "trial", "trials") == text


@pytest.mark.parametrize(
    ("label", "text"),
    [("Major depression", "major depression"), ("HIV", "HIV"), ("F33", "F33"), ("", "")],
)
def test_an_abbreviation_keeps_its_capitals(label: str, text: str) -> None:
    assert within_sentence(label) == text


def test_each_source_is_named_once_in_the_order_met() -> None:
    assert sources_of([("b", "a"), ("a", "c")]) == ("b", "a", "c")


def test_a_day_is_written_in_iso() -> None:
    assert on(date(2026, 6, 1)) == "on 2026-06-01"


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("Condition", "diagnoses"),
        ("medicationStatement", "medication statements"),
        ("patient", "the patient's own data"),
        ("Basic", "Basic"),
        ("bundle", "bundle"),
        ("", ""),
    ],
)
def test_a_kind_of_record_is_named_as_a_clinician_does(named: str, words: str) -> None:
    assert kind_of_record(named) == words
