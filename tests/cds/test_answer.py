"""Has the answer the stable shape, with every reason and nothing empty?"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from cds.answer import tell_assessment, without_empty
from rules.findings import NotUsed, ResultLabel, Withheld
from tests.cds.assessments import (
    GAP,
    RESISTANCE,
    assessment,
    confounder,
    finding,
    result,
    supporting,
    trial,
    with_inflammation,
)


@pytest.fixture
def told() -> dict[str, Any]:
    full = assessment(
        treatment_resistance=replace(
            RESISTANCE, supporting=(supporting(),), would_change=("a PHQ-9 within 90 days",)
        ),
        confounders=(confounder(),),
        withheld=(Withheld(reason="suicidality", finding=finding("item 9 answered 1")),),
        gaps=(GAP,),
        not_used=(NotUsed("Observation/x", "status entered-in-error"),),
    )
    return tell_assessment(full)


def test_the_members_are_those_of_the_interface(told: dict[str, Any]) -> None:
    assert set(told) == {
        "asOf", "knowledge", "treatmentResistance", "inflammation", "confounders", "withheld",
        "gaps", "notUsed",
    }  # fmt: skip
    resistance = told["treatmentResistance"]
    assert set(resistance) == {
        "status", "because", "trials", "supportingTreatments", "wouldChange",
    }  # fmt: skip


def test_a_trial_is_told_with_its_numbers_and_sources(told: dict[str, Any]) -> None:
    assert told["treatmentResistance"]["trials"][0] == {
        "ingredient": "sertraline",
        "grade": "adequate_failed",
        "start": "2025-09-15",
        "end": "2025-12-14",
        "coveredDays": 90,
        "dailyDoseMg": 100,
        "because": "90 days at 100 mg/day, PHQ-9 20 to 18",
        "sources": ["MedicationRequest/m1"],
    }


def test_every_judgement_says_because(told: dict[str, Any]) -> None:
    judged = [
        told["treatmentResistance"], told["inflammation"], *told["confounders"], *told["withheld"],
        *told["gaps"], *told["notUsed"], *told["treatmentResistance"]["trials"],
        *told["treatmentResistance"]["supportingTreatments"],
    ]  # fmt: skip
    assert [each for each in judged if not each["because"]] == []


def test_what_is_empty_is_left_out() -> None:
    assert set(tell_assessment(assessment())) == {
        "asOf", "knowledge", "treatmentResistance", "inflammation",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("dose", "number"), [("100", 100), ("37.5", 37.5), ("150.00", 150), ("0.1", 0.1)]
)
def test_a_dose_is_the_number_it_was(dose: str, number: float) -> None:
    resistance = replace(RESISTANCE, trials=(trial(daily_dose_mg=Decimal(dose)),))
    told = tell_assessment(assessment(treatment_resistance=resistance))
    assert told["treatmentResistance"]["trials"][0]["dailyDoseMg"] == number


def test_a_bound_is_not_told_as_a_value() -> None:
    bound = result("5", comparator="<", label=ResultLabel.CENSORED, shown="hs-CRP <5 mg/L")
    (told,) = tell_assessment(with_inflammation(assessment(), results=(bound,)))["inflammation"][
        "results"
    ]
    assert (told["comparator"], told["shown"], told["label"]) == ("<", "hs-CRP <5 mg/L", "censored")


def test_zero_and_false_are_not_empty() -> None:
    assert without_empty({"a": 0, "b": False, "c": "", "d": [None, {}], "e": {"f": None}}) == {
        "a": 0,
        "b": False,
    }
