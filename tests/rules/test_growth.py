"""Does the cost of one long record grow with its length, and not with its square?

Counted in calls and not in time: the same record always makes the same number of them.
"""

import json
import sys
from collections.abc import Callable
from datetime import date, timedelta
from types import FrameType
from typing import Any

import pytest

from rules.assessment import assess
from rules.fhir_reader import read_facts, split_bundle
from rules.knowledge import Knowledge
from tests.cds.charts import (
    PATIENT_ID,
    SERTRALINE_100,
    VENLAFAXINE_150,
    Resource,
    bundle,
    condition,
    crp,
    dispense,
    phq9,
)

AS_OF = date(2026, 6, 30)
SMALL, TIMES = 150, 4
# Sorting and merging may grow a little faster than the record; a square would be sixteen.
MOST = TIMES * 1.25


def on(place: int, days: int = 9) -> str:
    """Give a day for each place, so that a longer record reaches further back."""
    return (AS_OF - timedelta(days=days * place)).isoformat()


def results(count: int) -> list[Resource]:
    return [crp(f"crp{n}", 3 + n % 5, on(n)) for n in range(count)]


def scores(count: int) -> list[Resource]:
    return [phq9(f"phq{n}", 10 + n % 9, on(n)) for n in range(count)]


def supplies(count: int) -> list[Resource]:
    products = (SERTRALINE_100, VENLAFAXINE_150)
    return [dispense(f"sup{n}", products[n % 2], on(n)) for n in range(count)]


def orders(count: int) -> list[Resource]:
    return [
        {
            "resourceType": "MedicationRequest",
            "id": f"order{n}",
            "status": "active",
            "intent": "order",
            "authoredOn": supply["whenHandedOver"],
            "subject": {"reference": f"Patient/{PATIENT_ID}"},
            "medicationCodeableConcept": supply["medicationCodeableConcept"],
            "dosageInstruction": supply["dosageInstruction"],
        }
        for n, supply in enumerate(supplies(count))
    ]


def short_supplies(count: int) -> list[Resource]:
    """Supplies of two days, so that they make many runs."""
    return [supply | {"daysSupply": {"value": 2, "code": "d"}} for supply in supplies(count)]


def diagnoses(code: str) -> Callable[[int], list[Resource]]:
    return lambda count: [
        condition(code, f"con{n}") | {"onsetDateTime": on(n), "recordedDate": on(n)}
        for n in range(count)
    ]


RECORDS: dict[str, tuple[Callable[[int], list[Resource]], ...]] = {
    "results and supplies": (results, supplies),
    "results and orders": (results, orders),
    "results and infections": (results, diagnoses("J18.9")),
    "scores and supplies": (scores, supplies),
    "scores and depressions": (scores, diagnoses("F33.1")),
    "orders and short supplies": (orders, short_supplies),
    "unrelated diagnoses": (diagnoses("I10"),),
}


def calls_in(run: Callable[[], object]) -> int:
    counted = 0

    def count(_frame: FrameType, event: str, _arg: Any) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(before)
    return counted


def cost(kinds: tuple[Callable[[int], list[Resource]], ...], count: int, known: Knowledge) -> int:
    held = [resource for kind in kinds for resource in kind(count)]
    record = json.dumps(bundle(*bundle_base(), *held)).encode()

    def evaluate() -> object:
        return assess(read_facts(split_bundle(record), PATIENT_ID, known), AS_OF, known)

    return calls_in(evaluate)


def bundle_base() -> list[Resource]:
    return [entry["resource"] for entry in bundle()["entry"]]


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_four_times_as_long_costs_about_four_times_as_much(
    name: str, knowledge: Knowledge
) -> None:
    small = cost(RECORDS[name], SMALL, knowledge)
    large = cost(RECORDS[name], SMALL * TIMES, knowledge)
    assert large < small * MOST
