"""Is only what has no end taken for open, and only what could matter for missing?"""

import pytest

from rules.acute_illness import AcutePeriod, find_acute_periods
from rules.assessment import assess
from rules.findings import ResistanceStatus
from rules.knowledge import Knowledge
from tests.support.build import (
    AMOXICILLIN,
    AS_OF,
    SERTRALINE,
    Piece,
    diagnosis,
    dispense,
    facts,
    order,
    phq9,
    span,
    unread,
)
from tests.support.variants import with_parameters


def periods(knowledge: Knowledge, piece: Piece) -> list[AcutePeriod]:
    return list(find_acute_periods(facts(piece), AS_OF, knowledge))


def test_an_open_order_that_states_its_length_ends_with_it(knowledge: Knowledge) -> None:
    (period,) = periods(knowledge, order(AMOXICILLIN, "2026-04-18", 5, status="active"))
    assert (period.span, period.open) == (span("2026-04-18", "2026-04-23"), False)


def test_an_open_order_without_a_length_lasts_until_today(knowledge: Knowledge) -> None:
    (period,) = periods(knowledge, order(AMOXICILLIN, "2026-06-01", None, status="active"))
    assert (period.span, period.open) == (span("2026-06-01", "2026-07-01"), True)


@pytest.mark.parametrize(("days", "last"), [(1, "2026-05-02"), (2, "2026-05-03")])
def test_an_open_infection_lasts_as_long_as_is_believed(
    days: int, last: str, knowledge: Knowledge
) -> None:
    site = with_parameters(knowledge, {"confounder.open_illness_days": days})
    (period,) = periods(site, diagnosis("J18.9", onset="2026-05-01", clinical_status="active"))
    assert period.span == span("2026-05-01", last)


@pytest.mark.parametrize(
    ("drugs", "expected"),
    [
        ([dispense(AMOXICILLIN, "2026-04-18", 5)], ResistanceStatus.NOT_MET),
        ([dispense(SERTRALINE, "2026-01-10", 100)], ResistanceStatus.INSUFFICIENT_DATA),
    ],
    ids=["no antidepressant", "one antidepressant"],
)
def test_a_missing_procedure_could_add_one_treatment_and_no_more(
    drugs: list[Piece], expected: ResistanceStatus, knowledge: Knowledge
) -> None:
    depressed = diagnosis("F33.1", onset="2025-09-01")
    record = facts([depressed, phq9(17, "2026-06-15"), *drugs, unread("Procedure")])
    assert assess(record, AS_OF, knowledge).treatment_resistance.status is expected
