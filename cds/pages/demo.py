"""What may a person try without a client system? Demo patients, and a Bundle of one's own."""

from collections.abc import Callable, Mapping
from datetime import date

from flask import Blueprint, Response, request

from cds.bundles import BundleQuestion, evaluate_bundle, read_day
from cds.errors import ServiceError, UnknownRoute
from cds.evaluation import Evaluator
from cds.http_body import read_form_body
from cds.operations.request_log import correlation_id, count_for_log
from cds.pages.answer_page import show_answer
from cds.pages.demo_patients import find_demo_patients
from cds.pages.page import send_page
from cds.settings import Settings
from cds.strict_json import check_json
from cds.validation import validate_body

_FIELDS = frozenset({"bundle", "asOf", "patient"})
_SERVER_FAULT = 500


def demo_routes(evaluator: Evaluator, settings: Settings, today: Callable[[], date]) -> Blueprint:
    """Give `/`, `/demo` and `/demo/<name>`. Nothing that is posted is kept, and nothing changes."""
    routes = Blueprint("demo", __name__)
    patients = find_demo_patients(settings.demo_patients)

    def answer(title: str, body: bytes, question: BundleQuestion) -> Response:
        checked = check_json(body)
        evaluation = evaluate_bundle(checked, question, evaluator, today)
        count_for_log(cards=len(evaluation.cards))
        return show_answer(title, evaluation, validate_body(checked))

    @routes.get("/")
    @routes.get("/demo")
    def show_home() -> Response:
        return send_page("home.html", patients=patients, public_url=settings.public_url)

    @routes.get("/demo/<name>")
    def show_patient(name: str) -> Response:
        path = patients.files.get(name)
        if path is None:
            raise UnknownRoute("There is no demo patient of this name.")
        kind = patients.describe(name)
        title = f"Demo patient {name}" + (f": {kind}" if kind else "")
        return answer(title, path.read_bytes(), BundleQuestion())

    @routes.post("/demo")
    def answer_pasted() -> Response:
        fields = read_form_body(request, _FIELDS)
        return answer("The pasted Bundle", fields.get("bundle", b""), _read_question(fields))

    return routes


def show_refusal(error: ServiceError) -> Response:
    """Answer a person: with the plain sentence, and after a posted form with that form.

    What was posted is not repeated: it may be a chart, and it may carry markup.
    """
    response = send_page(
        "refusal.html",
        error.status,
        error=error,
        posted=request.method == "POST",
        failed=error.status >= _SERVER_FAULT,
        correlation_id=correlation_id(),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _read_question(fields: Mapping[str, bytes]) -> BundleQuestion:
    """Read the two optional fields. Errors: InvalidRequest for a day that is none."""
    as_of, patient = (
        fields.get(name, b"").decode("utf-8", "replace").strip() for name in ("asOf", "patient")
    )
    return BundleQuestion(as_of=read_day(as_of) if as_of else None, patient=patient or None)
