"""What does `POST /evaluate` get? Parse, evaluate, tell."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from cds.bundles import (
    BundleQuestion,
    evaluate_bundle,
    name_not_obtained,
    read_day,
    tell_evaluation,
)
from cds.ehr.admission import Admission
from cds.errors import InvalidRequest
from cds.evaluation import Evaluator
from cds.http_body import read_json_body
from cds.json_answer import write_json
from cds.modes import EVALUATE
from cds.operations.request_log import count_for_log
from cds.recording import Recorder
from cds.validation import validate_body
from cds.verdicts import of_patient

_PARAMETERS = ("asOf", "patient", "notObtained", "validate")


def bundle_routes(
    evaluator: Evaluator, admission: Admission, recorder: Recorder, today: Callable[[], date]
) -> Blueprint:
    """Give the route of `POST /evaluate`. Mode off is answered as mode silent.

    Its answer holds the assessment in every mode: who posts a Bundle asks for it. Its cards follow
    the mode.
    """
    routes = Blueprint("bundles", __name__)

    @routes.post("/evaluate")
    def evaluate() -> Response:
        client = admission.admit(request.headers, request.path)
        body = read_json_body(request)
        question, wants_validation = read_question(request.args)
        evaluation = evaluate_bundle(body, question, evaluator, today)
        occasion = recorder.occasion(client, EVALUATE, evaluation.patient_id)
        cards = recorder.record(of_patient(evaluation), occasion)
        count_for_log(cards=len(cards))
        answer = tell_evaluation(replace(evaluation, cards=cards))
        if wants_validation:
            answer["validation"] = validate_body(body).tell()
        return write_json(answer)

    return routes


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
