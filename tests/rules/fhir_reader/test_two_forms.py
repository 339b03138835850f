"""Is one element in two forms named, and not read by whichever form comes first?"""

from typing import Any

import pytest

from rules.knowledge import Knowledge
from tests.rules.fhir_reader.shapes import (
    Json,
    administration,
    condition,
    observation,
    quantity,
    read,
    statement,
)

PERIOD = {"start": "2026-01-01", "end": "2026-02-01"}
DAY = "2026-03-01"


@pytest.mark.parametrize(
    "resource",
    [
        observation(effectiveDateTime=DAY, effectivePeriod=PERIOD, valueQuantity=quantity(4)),
        observation(effectiveDateTime=DAY, effectiveInstant=DAY, valueQuantity=quantity(4)),
        statement(effectiveDateTime=DAY, effectivePeriod=PERIOD),
        administration(effectiveDateTime=DAY, effectivePeriod=PERIOD),
    ],
)
def test_two_times_of_one_resource_are_a_gap(resource: Json, knowledge: Knowledge) -> None:
    facts = read(knowledge, resource)
    assert (facts.markers, facts.exposures) == ((), ())
    assert facts.gaps[0].because.endswith("could not be read: $.effective[x] should be one value")


@pytest.mark.parametrize("element", ["onset", "abatement"])
@pytest.mark.parametrize(
    "forms",
    [
        {"DateTime": DAY, "Period": PERIOD},
        {"DateTime": DAY, "Age": quantity(30, "a")},
        {"Period": PERIOD, "Age": quantity(30, "a")},
    ],
)
def test_two_forms_of_a_date_leave_the_diagnosis_without_it(
    element: str, forms: dict[str, Any], knowledge: Knowledge
) -> None:
    members = {f"{element}{form}": value for form, value in forms.items()}
    facts = read(knowledge, condition(**members))
    (diagnosis,) = facts.diagnoses
    assert (diagnosis.onset, diagnosis.abatement) == (None, None)
    assert facts.gaps[0].because.endswith(f"$.{element}[x] should be one value")
    assert [each.resource_type for each in facts.incomplete] == ["Condition"]


def test_an_empty_text_is_no_second_form(knowledge: Knowledge) -> None:
    (diagnosis,) = read(knowledge, condition(onsetDateTime="", onsetPeriod=PERIOD)).diagnoses
    assert diagnosis.onset is not None
