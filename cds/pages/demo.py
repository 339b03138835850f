"""What may a person try without a client system? Demo patients, and a Bundle of one's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from cds.bundles import BundleQuestion, evaluate_bundle, read_day
from cds.ehr.trusted_clients import DEMO_CLIENT
from cds.errors import ServiceError, UnknownRoute
from cds.evaluation import Evaluation, Evaluator
from cds.http_body import read_form_body
from cds.modes import EVALUATE
from cds.operations.request_log import correlation_id, count_for_log
from cds.pages.answer_page import CaseOffer, show_answer
from cds.pages.demo_patients import DemoPatients, find_demo_patients
from cds.pages.page import send_page
from cds.recording import Recorder
from cds.settings import Settings
from cds.strict_json import check_json
from cds.validation import validate_body
from cds.verdicts import of_patient
from rules.knowledge import Knowledge

_FIELDS = frozenset({"bundle", "asOf", "patient", "keep"})
_SERVER_FAULT = 500
_SEE_OTHER = 303


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the demo pages work with. Made once at start; holds no patient."""

    evaluator: Evaluator
    recorder: Recorder
    knowledge: Knowledge
    settings: Settings
    today: Callable[[], date]

    def evaluate(self, checked: bytes, question: BundleQuestion) -> Evaluation:
        """Evaluate a Bundle that is known to be strict JSON. Errors: as POST /evaluate."""
        evaluation = evaluate_bundle(checked, question, self.evaluator, self.today)
        count_for_log(cards=len(evaluation.cards))
        return evaluation

    def keep(self, evaluation: Evaluation) -> str:
        """Write an evaluation down as a decision, and say where its case is looked at."""
        occasion = self.recorder.occasion(DEMO_CLIENT, EVALUATE, evaluation.patient_id)
        self.recorder.record(of_patient(evaluation), occasion)
        return url_for("review.show_case", decision_id=evaluation.decision)

    def show(self, title: str, body: bytes, evaluation: Evaluation, case: CaseOffer) -> Response:
        """Give the page of one evaluation."""
        return show_answer(title, evaluation, validate_body(body), self.knowledge, case)


def demo_routes(demo: Demo) -> Blueprint:
    """Give `/`, `/demo`, `/demo/<name>` and `/demo/<name>/case`.

    Nothing that is posted is kept, unless the person who posts it asks for a case to review.
    """
    routes = Blueprint("demo", __name__)
    patients = find_demo_patients(demo.settings.demo_patients)

    @routes.get("/")
    @routes.get("/demo")
    def show_home() -> Response:
        return send_page("home.html", patients=patients, public_url=demo.settings.public_url)

    @routes.get("/demo/<name>")
    def show_patient(name: str) -> Response:
        body = _read_patient(patients, name)
        kind = patients.describe(name)
        title = f"Demo patient {name}" + (f": {kind}" if kind else "")
        case = CaseOffer(keep_at=url_for("demo.keep_patient", name=name))
        return demo.show(title, body, demo.evaluate(body, BundleQuestion()), case)

    @routes.post("/demo/<name>/case")
    def keep_patient(name: str) -> BaseResponse:
        evaluation = demo.evaluate(_read_patient(patients, name), BundleQuestion())
        return redirect(demo.keep(evaluation), _SEE_OTHER)

    @routes.post("/demo")
    def answer_pasted() -> Response:
        fields = read_form_body(request, _FIELDS)
        body = check_json(fields.get("bundle", b""))
        evaluation = demo.evaluate(body, _read_question(fields))
        case = CaseOffer(kept_at=demo.keep(evaluation) if fields.get("keep") else None)
        return demo.show("The pasted Bundle", body, evaluation, case)

    return routes


def _read_patient(patients: DemoPatients, name: str) -> bytes:
    """Read the Bundle of a demo patient. Errors: UnknownRoute for a name that none has."""
    path = patients.files.get(name)
    if path is None:
        raise UnknownRoute("There is no demo patient of this name.")
    return check_json(path.read_bytes())


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
