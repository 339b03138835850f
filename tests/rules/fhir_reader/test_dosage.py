"""What daily dose does each form of a dosage mean?"""

from decimal import Decimal
from typing import Any

import pytest

from rules.facts import DailyDose, DoseBasis, Exposure
from rules.knowledge import Knowledge
from tests.rules.fhir_reader.shapes import (
    DAILY,
    SERTRALINE,
    Json,
    coded,
    dispense,
    dosage,
    quantity,
    read,
    request,
)

GTS = "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation"
FLUOXETINE_WITH_OLANZAPINE = "403970"


def ordered(knowledge: Knowledge, *instructions: Json, **members: Any) -> tuple[Exposure, ...]:
    order = request(authoredOn="2026-01-01", dosageInstruction=list(instructions), **members)
    facts = read(knowledge, order)
    assert facts.gaps == ()
    return facts.exposures


def dose(knowledge: Knowledge, *instructions: Json, **members: Any) -> DailyDose:
    (exposure,) = ordered(knowledge, *instructions, **members)
    return exposure.dose


def mg(low: str | None, high: str | None = None) -> tuple[Decimal | None, Decimal | None]:
    if low is None:
        return None, None
    return Decimal(low), Decimal(high or low)


@pytest.mark.parametrize(
    ("stated", "expected", "basis"),
    [
        (quantity(50, "mg"), mg("50"), DoseBasis.STRUCTURED),
        (quantity(0.5, "g"), mg("500"), DoseBasis.STRUCTURED),
        (quantity(500, "ug"), mg("0.5"), DoseBasis.STRUCTURED),
        ({"value": 37.5, "unit": "MG"}, mg("37.5"), DoseBasis.STRUCTURED),
        (quantity(2, "{tablet}"), mg("100"), DoseBasis.PRODUCT_STRENGTH),
        (quantity(1.5, "1"), mg("75"), DoseBasis.PRODUCT_STRENGTH),
        ({"value": 1, "unit": "Tablet"}, mg("50"), DoseBasis.PRODUCT_STRENGTH),
        ({"value": 1, "code": "TAB", "system": "v3"}, mg("50"), DoseBasis.PRODUCT_STRENGTH),
        ({"value": 1}, mg(None), DoseBasis.NONE),
        (quantity(1, "mL"), mg(None), DoseBasis.NONE),
        (quantity(1, "[drp]"), mg(None), DoseBasis.NONE),
        (quantity(0, "mg"), mg(None), DoseBasis.NONE),
        (quantity(-50, "mg"), mg(None), DoseBasis.NONE),
        ({"unit": "mg"}, mg(None), DoseBasis.NONE),
    ],
)
def test_a_dose_quantity_is_read_by_its_unit(
    knowledge: Knowledge, stated: Json, expected: Any, basis: DoseBasis
) -> None:
    found = dose(knowledge, dosage({"doseQuantity": stated}))
    assert (found.low_mg, found.high_mg, found.basis) == (*expected, basis)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"low": quantity(25, "mg"), "high": quantity(100, "mg")}, mg("25", "100")),
        ({"low": quantity(1, "{tablet}"), "high": quantity(2, "{tablet}")}, mg("50", "100")),
        ({"low": quantity(100, "mg"), "high": quantity(25, "mg")}, mg(None)),
        ({"low": quantity(25, "mg")}, mg(None)),
        ({"high": quantity(25, "mg")}, mg(None)),
    ],
)
def test_a_dose_range_keeps_both_ends(knowledge: Knowledge, stated: Json, expected: Any) -> None:
    found = dose(knowledge, dosage({"doseRange": stated}))
    assert (found.low_mg, found.high_mg) == expected


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        ({"doseAndRate": {"doseQuantity": quantity(50, "mg")}}, mg("50")),
        (
            {"doseAndRate": [{"doseQuantity": quantity(each, "mg")} for each in (50, 75)]},
            mg("50", "75"),
        ),
        ({"doseAndRate": [{"doseQuantity": quantity(50, "mg")}, {}]}, mg(None)),
        ({"doseAndRate": []}, mg(None)),
        ({"doseQuantity": quantity(50, "mg")}, mg("50")),
        ({"doseRange": {"low": quantity(25, "mg"), "high": quantity(50, "mg")}}, mg("25", "50")),
        ({"doseAndRate": [{"rateRatio": {"numerator": quantity(5, "mg")}}]}, mg(None)),
        (
            {
                "doseAndRate": [
                    {"doseQuantity": quantity(5, "mg"), "rateQuantity": quantity(1, "mL/h")}
                ]
            },
            mg(None),
        ),
        ({"maxDosePerPeriod": {"numerator": quantity(200, "mg")}}, mg(None)),
    ],
)
def test_a_dose_is_read_wherever_servers_put_it(
    knowledge: Knowledge, instruction: Json, expected: Any
) -> None:
    found = dose(knowledge, {"timing": DAILY, **instruction})
    assert (found.low_mg, found.high_mg) == expected


def every(period: Any, unit: str, **others: Any) -> Json:
    return {"repeat": {"frequency": 1, "period": period, "periodUnit": unit, **others}}


@pytest.mark.parametrize(
    ("timing", "daily_mg", "intermittent"),
    [
        (every(1, "d"), "50", False),
        (every(8, "h"), "150", False),
        (every(1, "d", frequency=2), "100", False),
        (every(1, "d", frequency=2, frequencyMax=4), "100", False),
        (every(12, "h", periodMax=24), "50", False),
        (every(2, "d"), "25", True),
        ({"repeat": {"period": 1, "periodUnit": "d"}}, "50", False),
        ({"repeat": {"period": 1, "periodUnit": "d", "when": ["MORN", "HS"]}}, "100", False),
        ({"repeat": {"when": ["MORN"]}}, "50", False),
        ({"repeat": {"when": ["MORN", "MORN"]}}, "50", False),
        ({"repeat": {"timeOfDay": ["08:00:00", "20:00:00"]}}, "100", False),
        ({"repeat": {"timeOfDay": ["08:00:00"], "when": ["MORN"]}}, "50", False),
        ({"repeat": {"timeOfDay": ["08:00:00"], "when": ["MORN", "HS"]}}, None, False),
        (every(1, "d", when=["MORN"]), "50", False),
        (every(1, "d", when=["MORN", "HS"]), None, False),
        (every(1, "wk", when=["MORN"], frequency=7), "50", False),
        ({"repeat": {"dayOfWeek": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}, "50", False),
        (every(1, "wk", frequency=0), None, False),
        (every(0, "d"), None, False),
        (every(-1, "d"), None, False),
        (every(1, "fortnight"), None, False),
        ({"repeat": {"frequency": 2}}, None, False),
        ({"repeat": {}}, None, False),
        ({"event": ["2026-01-01"]}, None, False),
        ({"repeat": {"count": 10, "boundsDuration": quantity(5, "d")}}, "100", False),
        ({"repeat": {"count": 10}}, None, False),
        ({"repeat": {"count": 0, "boundsDuration": quantity(5, "d")}}, None, False),
        ({"code": coded("BID", GTS)}, "100", False),
        ({"code": coded("qhs", GTS)}, "50", False),
        ({"code": {"coding": [{"code": "TID"}]}}, "150", False),
        ({"code": {"coding": [{"code": "QD"}, {"code": "BID"}]}}, None, False),
        ({"code": coded("BID", "http://other.example")}, None, False),
        ({"code": {"text": "Twice daily"}}, "100", False),
        ({"code": {"text": "as directed"}}, None, False),
        ({"code": coded("BID", GTS), **every(12, "h")}, "100", False),
        ({"code": coded("BID", GTS), **every(1, "d")}, None, False),
        ({}, None, False),
    ],
)
def test_the_times_a_day_are_read_from_every_form_of_timing(
    knowledge: Knowledge, timing: Json, daily_mg: str | None, intermittent: bool
) -> None:
    (exposure,) = ordered(knowledge, dosage(timing=timing))
    assert (exposure.dose.low_mg, exposure.dose.high_mg) == mg(daily_mg)
    assert exposure.intermittent is intermittent


@pytest.mark.parametrize(
    "timing",
    [
        every(1, "wk"),
        every(7, "d"),
        {"repeat": {"dayOfWeek": ["mon"]}},
        every(1, "d", dayOfWeek=["mon"]),
        every(1, "wk", dayOfWeek=["mon"]),
        {"code": coded("WK", GTS)},
    ],
)
def test_a_weekly_dose_is_a_seventh_a_day_and_intermittent(
    knowledge: Knowledge, timing: Json
) -> None:
    weekly = {"doseQuantity": quantity(90, "mg")}
    (exposure,) = ordered(knowledge, dosage(weekly, timing))
    assert exposure.dose.low_mg == Decimal(90) / 7
    assert exposure.intermittent


def test_days_of_the_week_that_contradict_the_frequency_leave_the_dose_open(
    knowledge: Knowledge,
) -> None:
    timing = every(1, "wk", dayOfWeek=["mon", "wed", "fri"])
    assert not dose(knowledge, dosage(timing=timing)).known


def test_no_timing_is_never_taken_to_be_once_a_day(knowledge: Knowledge) -> None:
    assert not dose(knowledge, {"doseAndRate": [{"doseQuantity": quantity(50, "mg")}]}).known


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Take 1 tablet by mouth once daily", "50"),
        ("take 2 tablets twice a day", "200"),
        ("one tablet three times daily.", "150"),
        ("Take 1 tablet at bedtime", "50"),
        ("50 mg daily", "50"),
        ("50mg every day", "50"),
        ("1 qhs", None),
        ("take 1 tablet daily as needed", None),
        ("take 1 spoon daily", None),
        ("take as directed", None),
    ],
)
def test_a_dosage_text_is_read_only_where_it_cannot_be_misread(
    knowledge: Knowledge, text: str, expected: str | None
) -> None:
    found = dose(knowledge, {"text": text})
    assert (found.low_mg, found.high_mg) == mg(expected)
    assert found.basis is (DoseBasis.TEXT if expected else DoseBasis.NONE)


def test_a_text_that_agrees_with_the_coded_dose_changes_nothing(knowledge: Knowledge) -> None:
    found = dose(knowledge, dosage(text="take 1 tablet daily"))
    assert (found.low_mg, found.basis) == (50, DoseBasis.STRUCTURED)


def test_a_text_that_contradicts_the_coded_dose_leaves_it_open(knowledge: Knowledge) -> None:
    assert not dose(knowledge, dosage(text="take 2 tablets daily")).known


def test_a_conflict_is_not_settled_by_the_supply(knowledge: Knowledge) -> None:
    supplied = {"quantity": quantity(30, "{tablet}"), "expectedSupplyDuration": quantity(30, "d")}
    found = dose(knowledge, dosage(text="take 2 tablets daily"), dispenseRequest=supplied)
    assert not found.known


def test_a_text_does_not_stand_in_for_a_coded_dose_that_is_not_understood(
    knowledge: Knowledge,
) -> None:
    assert not dose(knowledge, dosage({"doseQuantity": {"value": 1}}, text="50 mg daily")).known


def test_a_schedule_in_words_makes_the_dose_one_from_text(knowledge: Knowledge) -> None:
    found = dose(knowledge, dosage(timing={"code": {"text": "once daily"}}))
    assert (found.low_mg, found.basis) == (50, DoseBasis.TEXT)


@pytest.mark.parametrize(
    ("supplied", "expected"),
    [
        (
            {"quantity": quantity(60, "{tablet}"), "expectedSupplyDuration": quantity(30, "d")},
            "100",
        ),
        ({"quantity": quantity(30, "{tablet}")}, None),
        ({"quantity": {"value": 30}, "expectedSupplyDuration": quantity(30, "d")}, None),
    ],
)
def test_a_dose_nobody_states_is_worked_out_from_the_supply(
    knowledge: Knowledge, supplied: Json, expected: str | None
) -> None:
    found = dose(knowledge, dispenseRequest=supplied)
    assert (found.low_mg, found.high_mg) == mg(expected)
    assert found.basis is (DoseBasis.DISPENSED if expected else DoseBasis.NONE)


@pytest.mark.parametrize(
    "need",
    [
        {"asNeededBoolean": True},
        {"asNeeded": True},
        {"asNeededCodeableConcept": coded("386661006", "http://snomed.info/sct")},
        {"asNeededFor": [{"text": "fever"}]},
    ],
)
def test_a_drug_taken_on_need_is_marked(knowledge: Knowledge, need: Json) -> None:
    (exposure,) = ordered(knowledge, dosage(**need))
    assert exposure.as_needed


def test_asneeded_false_is_a_schedule(knowledge: Knowledge) -> None:
    (exposure,) = ordered(knowledge, dosage(asNeededBoolean=False))
    assert not exposure.as_needed


def test_a_dose_on_need_beside_a_scheduled_one_adds_nothing(knowledge: Knowledge) -> None:
    (exposure,) = ordered(knowledge, dosage(), dosage(asNeededBoolean=True))
    assert (exposure.dose.low_mg, exposure.as_needed) == (50, False)


@pytest.mark.parametrize("sequence", [None, 1])
def test_morning_and_evening_doses_add_up(knowledge: Knowledge, sequence: int | None) -> None:
    evening = {"doseQuantity": quantity(100, "mg")}
    parts = (dosage(sequence=sequence), dosage(evening, sequence=sequence))
    assert dose(knowledge, *parts).low_mg == 150


def test_a_part_without_a_dose_leaves_the_sum_open(knowledge: Knowledge) -> None:
    assert not dose(knowledge, dosage(), dosage(timing={})).known


def step(sequence: int, milligrams: int, **repeat: Any) -> Json:
    timing = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", **repeat}}
    return dosage({"doseQuantity": quantity(milligrams, "mg")}, timing, sequence=sequence)


def laid(exposures: tuple[Exposure, ...]) -> list[tuple[Any, ...]]:
    return [
        (
            each.start.text if each.start else None,
            each.end.text if each.end else None,
            each.supply_days,
            each.dose.low_mg,
            each.dose.high_mg,
        )
        for each in exposures
    ]


def test_steps_of_a_titration_follow_each_other(knowledge: Knowledge) -> None:
    supplied = {"expectedSupplyDuration": quantity(90, "d")}
    steps = (step(2, 50), step(1, 25, boundsDuration=quantity(1, "wk")))
    assert laid(ordered(knowledge, *steps, dispenseRequest=supplied)) == [
        ("2026-01-01", "2026-01-07", None, 25, 25),
        ("2026-01-08", None, 83, 50, 50),
    ]


def test_steps_with_bounds_of_their_own_are_placed_by_them(knowledge: Knowledge) -> None:
    steps = (
        step(1, 25, boundsPeriod={"start": "2026-01-05"}),
        step(2, 50, boundsPeriod={"start": "2026-01-12", "end": "2026-03-01"}),
    )
    assert laid(ordered(knowledge, *steps)) == [
        ("2026-01-05", "2026-01-11", None, 25, 25),
        ("2026-01-12", "2026-03-01", None, 50, 50),
    ]


def test_steps_that_cannot_be_placed_become_the_range_of_their_doses(knowledge: Knowledge) -> None:
    assert laid(ordered(knowledge, step(1, 25), step(2, 50))) == [
        ("2026-01-01", None, None, 25, 50)
    ]


def test_steps_of_which_one_is_not_known_have_no_range(knowledge: Knowledge) -> None:
    assert not dose(knowledge, step(1, 25), dosage(timing={}, sequence=2)).known


def test_steps_from_a_month_are_known_to_no_day(knowledge: Knowledge) -> None:
    steps = [step(1, 25, boundsDuration=quantity(7, "d")), step(2, 50)]
    second = read(knowledge, request(authoredOn="2026-01", dosageInstruction=steps)).exposures[1]
    assert second.start is not None
    assert second.start.earliest.isoformat() == "2026-01-08"
    assert second.start.latest.isoformat() == "2026-02-07"


def test_steps_without_a_date_stay_without_one(knowledge: Knowledge) -> None:
    steps = [step(1, 25, boundsDuration=quantity(7, "d")), step(2, 50)]
    facts = read(knowledge, request(dosageInstruction=steps))
    assert laid(facts.exposures) == [(None, None, None, 25, 25), (None, None, None, 50, 50)]


def test_the_dose_of_a_combination_is_told_by_its_pieces_only(knowledge: Knowledge) -> None:
    by_piece = dispense(
        "d1", of=FLUOXETINE_WITH_OLANZAPINE,
        dosageInstruction=[dosage({"doseQuantity": quantity(1, "{capsule}")})],
    )  # fmt: skip
    by_mass = dispense("d2", of=FLUOXETINE_WITH_OLANZAPINE, dosageInstruction=[dosage()])
    found = {
        (each.drug.name, each.sources[0]): each.dose.low_mg
        for each in read(knowledge, by_piece, by_mass).exposures
    }
    assert found == {
        ("fluoxetine", "MedicationDispense/d1"): 25,
        ("olanzapine", "MedicationDispense/d1"): 12,
        ("fluoxetine", "MedicationDispense/d2"): None,
        ("olanzapine", "MedicationDispense/d2"): None,
    }


def test_a_text_in_milligrams_says_nothing_of_a_combination(knowledge: Knowledge) -> None:
    order = request(of=FLUOXETINE_WITH_OLANZAPINE, dosageInstruction=[{"text": "25 mg daily"}])
    assert [each.dose.known for each in read(knowledge, order).exposures] == [False, False]


def test_pieces_of_a_drug_without_a_strength_are_no_dose(knowledge: Knowledge) -> None:
    order = request(of=SERTRALINE, dosageInstruction=[dosage({"doseQuantity": quantity(1, "1")})])
    assert not read(knowledge, order).exposures[0].dose.known
