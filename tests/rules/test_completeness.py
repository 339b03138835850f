"""Is what did not reach the rules named, the worst of it first?"""

import pytest

from rules.completeness import (
    gaps_of,
    incomplete_types,
    no_order_source,
    unread,
    unread_medications,
)
from rules.facts import Completeness, Incomplete
from rules.findings import Gap
from tests.support.build import facts

NOT_OBTAINED, TRUNCATED, PARTLY = (
    Completeness.NOT_OBTAINED,
    Completeness.TRUNCATED,
    Completeness.PARTLY_READ,
)
REQUEST, DISPENSE = "MedicationRequest", "MedicationDispense"


def lack(resource_type: str, how: Completeness = NOT_OBTAINED) -> Incomplete:
    return Incomplete(resource_type=resource_type, completeness=how, because=how.value)


@pytest.mark.parametrize("said", [(PARTLY, NOT_OBTAINED, TRUNCATED), (NOT_OBTAINED, PARTLY)])
def test_the_worst_that_was_said_of_a_type_stands(said: tuple[Completeness, ...]) -> None:
    known = facts([lack("Condition", how) for how in said])
    assert incomplete_types(known)["Condition"].completeness is NOT_OBTAINED


@pytest.mark.parametrize(
    ("missing", "count"),
    [
        ([lack(REQUEST), lack(DISPENSE)], 2),
        ([lack(REQUEST, TRUNCATED), lack(DISPENSE)], 2),
        ([lack(REQUEST, PARTLY), lack(DISPENSE)], 0),
        ([lack(REQUEST)], 0),
        ([], 0),
    ],
)
def test_no_source_is_left_only_where_orders_and_supplies_failed_both(
    missing: list[Incomplete], count: int
) -> None:
    assert len(no_order_source(facts(missing))) == count


def test_medication_sources_are_named_in_their_order() -> None:
    known = facts(lack("MedicationStatement"), lack(REQUEST), lack("Condition"))
    assert [each.resource_type for each in unread_medications(known)] == [
        REQUEST,
        "MedicationStatement",
    ]


def test_a_type_that_was_read_is_not_missing() -> None:
    known = facts(lack("Condition"))
    assert (unread(known, "Condition"), unread(known, "Observation")) == (lack("Condition"), None)


def test_a_gap_is_named_as_the_answer_names_it() -> None:
    assert gaps_of([lack(DISPENSE)]) == (Gap("medicationDispense", "not_obtained"),)
