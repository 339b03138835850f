"""What does the rule say about the patient in this Bundle? `POST /evaluate`, and files alike."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec
from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from cds.answer import tell_assessment
from cds.errors import InvalidRequest
from cds.evaluation import Evaluation, Evaluator, check_version, open_bundle, pick_patient
from cds.http_body import read_json_body
from cds.json_answer import write_json
from cds.operations.request_log import count_for_log
from cds.validation import validate_bundle
from rules.clinical_time import Precision, read_clinical_date
from rules.facts import Completeness, Incomplete

# The types a caller may say could not be read: those whose absence the rules would otherwise take
# for an answer.
READABLE_TYPES = (
    "AllergyIntolerance",
    "Condition",
    "Encounter",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Procedure",
    "QuestionnaireResponse",
)
_PARAMETERS = ("asOf", "patient", "notObtained", "validate")


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleQuestion:
    """What is asked about a Bundle. as_of: None takes the Bundle's own day, else today."""

    as_of: date | None = None
    patient: str | None = None
    not_obtained: tuple[Incomplete, ...] = field(default=())


class _BundleHead(msgspec.Struct, frozen=True):
    timestamp: str | None = None


def bundle_routes(evaluator: Evaluator, today: Callable[[], date]) -> Blueprint:
    """Give the route of `POST /evaluate`."""
    routes = Blueprint("bundles", __name__)

    @routes.post("/evaluate")
    def evaluate() -> Response:
        body = read_json_body(request)
        question, wants_validation = read_question(request.args)
        evaluation = evaluate_bundle(body, question, evaluator, today)
        count_for_log(cards=len(evaluation.cards))
        answer = tell_evaluation(evaluation)
        if wants_validation:
            answer["validation"] = validate_bundle(body).tell()
        return write_json(answer)

    return routes


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


def read_question(parameters: MultiDict[str, str]) -> tuple[BundleQuestion, bool]:
    """Read the query of `POST /evaluate`; the second value says whether to validate.

    Errors: InvalidRequest for a parameter that is unknown, repeated or has no such value. A
    misspelt asOf must not be evaluated as of today.
    """
    for name, values in parameters.lists():
        if name not in _PARAMETERS:
            raise InvalidRequest(
                f"There is a query parameter that is not known; known are {', '.join(_PARAMETERS)}."
            )
        if len(values) > 1:
            raise InvalidRequest(f"The query parameter {name} stands there twice.")
    question = BundleQuestion(
        as_of=_read_as_of(parameters),
        patient=parameters.get("patient"),
        not_obtained=name_not_obtained(_listed(parameters.get("notObtained", ""))),
    )
    return question, _read_switch(parameters)


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


def _read_as_of(parameters: Mapping[str, str]) -> date | None:
    text = parameters.get("asOf")
    return None if text is None else read_day(text)


def _read_switch(parameters: Mapping[str, str]) -> bool:
    switch = parameters.get("validate", "true")
    if switch not in {"true", "false"}:
        raise InvalidRequest("validate must be true or false.")
    return switch == "true"


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


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
