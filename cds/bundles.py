"""What does the rule say about the patient in this Bundle? Over HTTP, in a file, or pasted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from cds.answer import tell_assessment
from cds.errors import InvalidRequest
from cds.evaluation import Evaluation, Evaluator, check_version, open_bundle, pick_patient
from rules.clinical_time import Precision, read_clinical_date
from rules.facts import Completeness, Incomplete

# The types a caller may say could not be read: those whose absence the rules would otherwise take
# for an answer.
READABLE_TYPES = (
    "AllergyIntolerance",
    "Condition",
    "Encounter",
    "Immunization",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Procedure",
    "QuestionnaireResponse",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleQuestion:
    """What is asked about a Bundle. as_of: None takes the Bundle's own day, else today."""

    as_of: date | None = None
    patient: str | None = None
    not_obtained: tuple[Incomplete, ...] = field(default=())


class _BundleHead(msgspec.Struct, frozen=True):
    timestamp: str | None = None


def evaluate_bundle(
    body: bytes, question: BundleQuestion, evaluator: Evaluator, today: Callable[[], date]
) -> Evaluation:
    """Evaluate the patient of a Bundle that is known to be strict JSON.

    Errors: every ServiceError that says why a Bundle cannot be evaluated.
    """
    resources = open_bundle(body)
    check_version(resources)
    chosen, patient_id = pick_patient(resources, question.patient)
    as_of = question.as_of or _own_day(body) or today()
    return evaluator.evaluate(chosen, patient_id, as_of, question.not_obtained)


def tell_evaluation(evaluation: Evaluation) -> dict[str, Any]:
    """Write an evaluation as the answer of `POST /evaluate`, without the validation report."""
    return {
        "assessment": tell_assessment(evaluation.assessment),
        "cards": [card.to_wire() for card in evaluation.cards],
    }


def name_not_obtained(resource_types: Iterable[str]) -> tuple[Incomplete, ...]:
    """Say that the caller could not read these types. Errors: InvalidRequest for another name."""
    names = tuple(dict.fromkeys(resource_types))
    if not set(names) <= set(READABLE_TYPES):
        raise InvalidRequest(
            f"notObtained takes resource types, which are {', '.join(READABLE_TYPES)}."
        )
    return tuple(
        Incomplete(
            resource_type=name,
            completeness=Completeness.NOT_OBTAINED,
            because="the caller could not read this resource type",
        )
        for name in names
    )


def read_day(text: str) -> date:
    """Read a day of evaluation. Errors: InvalidRequest for anything but YYYY-MM-DD."""
    try:
        stated = read_clinical_date(text)
    except ValueError:
        stated = None
    if stated is None or stated.precision is not Precision.DAY or text != stated.text:
        raise InvalidRequest("asOf must be a date, YYYY-MM-DD.")
    return stated.earliest


def _own_day(body: bytes) -> date | None:
    """The local date of Bundle.timestamp, as written; None where the Bundle has none.

    Errors: InvalidRequest for a timestamp that cannot be read: it is not taken for today.
    """
    try:
        text = msgspec.json.decode(body, type=_BundleHead).timestamp
        stated = None if text is None else read_clinical_date(text)
    except ValueError:  # also of msgspec, for a timestamp that is no string
        raise InvalidRequest(
            "Bundle.timestamp cannot be read; correct it or give the day as asOf=YYYY-MM-DD.",
            expression=("Bundle.timestamp",),
        ) from None
    if stated is None:
        return None
    if stated.precision is not Precision.DAY:
        raise InvalidRequest(
            "Bundle.timestamp is not known to the day; give the day as asOf=YYYY-MM-DD.",
            expression=("Bundle.timestamp",),
        )
    return stated.earliest
