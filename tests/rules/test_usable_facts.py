"""Does each fact count once, whatever its order, and is what does not count named?"""

from decimal import Decimal

import pytest

from rules.facts import Facts, Measurement
from rules.knowledge import Knowledge
from rules.usable_facts import keep_what_counts
from tests.support.build import (
    AS_OF,
    SERTRALINE,
    bmi,
    crp,
    diagnosis,
    dispense,
    encounter,
    facts,
    icd,
    intolerance,
    measurement,
    phq9,
    procedure,
    unread,
)
from tests.support.variants import with_parameters

PIECES = (
    diagnosis("F33.1"),
    diagnosis("F41.1"),
    dispense(SERTRALINE, "2026-01-01"),
    dispense(SERTRALINE, "2026-02-01"),
    crp("4", "2026-01-01"),
    crp("5", "2026-02-01"),
    phq9(12, "2026-01-01"),
    phq9(14, "2026-02-01"),
    bmi(31, "2026-01-01"),
    bmi(32, "2026-02-01"),
    procedure(icd("Z00.0"), "2026-01-01"),
    procedure(icd("Z00.0"), "2026-02-01"),
    encounter(icd("F33.1"), "2026-01-01"),
    encounter(icd("F33.1"), "2026-02-01"),
    intolerance(SERTRALINE, "2026-01-01"),
    intolerance(SERTRALINE, "2026-02-01"),
    unread("Encounter"),
    unread("Procedure"),
)


def keep(knowledge: Knowledge, *pieces: object) -> Facts:
    return keep_what_counts(facts(*pieces), AS_OF, knowledge)  # type: ignore[arg-type]


def test_order_and_repetition_of_facts_are_forgotten(knowledge: Knowledge) -> None:
    once, again = keep(knowledge, PIECES), keep(knowledge, PIECES[::-1], PIECES)
    for name in (
        "diagnoses", "exposures", "markers", "scores", "measurements", "procedures", "encounters",
        "intolerances", "incomplete", "not_used",
    ):  # fmt: skip
        assert getattr(once, name) == getattr(again, name), name
        assert len(getattr(once, name)) in {0, 2}, name


def test_several_facts_of_one_resource_stand_in_one_order(knowledge: Knowledge) -> None:
    panel = [crp(value, sources=("Observation/panel",)) for value in ("5", "4", "6")]
    assert keep(knowledge, panel).markers == keep(knowledge, panel[::-1]).markers
    assert {each.value for each in keep(knowledge, panel).markers} == {
        Decimal(4), Decimal(5), Decimal(6),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("measured", "because"),
    [
        (bmi(31, status="preliminary"), "status preliminary"),
        (bmi(31, status="entered-in-error"), "status entered-in-error"),
        (bmi(31, "2026-07-01"), "dated 2026-07-01, after the day of evaluation"),
        (bmi(31, "2026-07"), "dated 2026-07, after the day of evaluation"),
    ],
)
def test_a_measurement_that_does_not_count_is_named(
    measured: Measurement, because: str, knowledge: Knowledge
) -> None:
    kept = keep(knowledge, measured)
    assert kept.measurements == ()
    assert [each.because for each in kept.not_used] == [because]


@pytest.mark.parametrize(
    "measured",
    [
        bmi(31),
        bmi(31, "2026-06-30"),
        bmi(31, "2026-06"),
        bmi(31, status="amended"),
        bmi(31, status="unknown"),
        bmi(31, status=None),
        measurement("39156-5", 31, None),
        measurement("11778-8", None, "2026-12-01"),  # a delivery is expected ahead
    ],
)
def test_a_measurement_that_counts_is_kept(measured: Measurement, knowledge: Knowledge) -> None:
    kept = keep(knowledge, measured)
    assert (kept.measurements, kept.not_used) == ((measured,), ())


@pytest.mark.parametrize("status", ["unknown", None])
def test_a_site_can_refuse_measurements_of_unknown_status(
    status: str | None, knowledge: Knowledge
) -> None:
    strict = with_parameters(knowledge, {"marker.accept_status_unknown": False})
    assert keep(strict, bmi(31, status=status)).measurements == ()


def test_records_that_do_not_count_are_left_out_and_named(knowledge: Knowledge) -> None:
    kept = keep(knowledge, diagnosis("F33.1", verification="refuted"))
    assert kept.diagnoses == ()
    assert [each.because for each in kept.not_used] == ["verification status refuted"]
