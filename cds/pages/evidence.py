"""What was studied, and how sure are we? The evidence ledger, for people and for programs."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from cds.errors import UnknownRoute
from cds.evidence_expiry import EvidenceExpiry
from cds.evidence_resources import LIBRARY, Publication, write_library, write_plan
from cds.hooks.catalogue import HookService
from cds.hooks.wording import Wording
from cds.json_answer import send_json, write_json
from cds.pages.effect_plot import draw_panels, read_effect, without_a_number, write_effect
from cds.pages.ledger_answer import tell_evidence
from cds.pages.page import send_page
from cds.pages.words import (
    ARTICLE_VERDICTS,
    DIRECTION_HEADINGS,
    DIRECTIONS,
    KINDS,
    MEASURES,
    OUTCOME_ROLES,
    PILOT_PARTS,
    VERIFICATIONS,
)
from rules.knowledge import Knowledge

_FHIR_JSON = "application/fhir+json"
_WORDS: Mapping[str, Any] = {
    "directions": DIRECTIONS,
    "direction_headings": DIRECTION_HEADINGS,
    "kinds": KINDS,
    "measures": MEASURES,
    "pilot_parts": PILOT_PARTS,
    "roles": OUTCOME_ROLES,
    "verdicts": ARTICLE_VERDICTS,
    "verifications": VERIFICATIONS,
}


def evidence_routes(
    publication: Publication, catalogue: Mapping[str, HookService], expiry: EvidenceExpiry
) -> Blueprint:
    """Give `/evidence`, `/evidence.json`, and the same as FHIR below `/fhir`.

    Every page of the service says so where the ledger's review is due or overdue.
    """
    routes = Blueprint("evidence", __name__)
    knowledge, wording = publication.knowledge, publication.wording
    shown = _page_values(knowledge, wording)

    @routes.app_context_processor
    def tell_expiry() -> dict[str, str]:
        return {"ledger_notice": expiry.notice()}

    @routes.get("/evidence")
    def show_evidence() -> Response:
        return send_page("evidence.html", **shown)

    @routes.get("/evidence.json")
    def send_evidence() -> Response:
        return write_json(tell_evidence(knowledge, wording, expiry.state()))

    @routes.get("/fhir/Library/<identity>")
    def send_library(identity: str) -> Response:
        if identity != LIBRARY:
            raise UnknownRoute("There is no Library with this id.")
        return _send_fhir(write_library(publication))

    @routes.get("/fhir/PlanDefinition/<identity>")
    def send_plan(identity: str) -> Response:
        service = catalogue.get(identity)
        if service is None:
            raise UnknownRoute("There is no PlanDefinition with this id.")
        return _send_fhir(write_plan(service, publication))

    return routes


def _page_values(knowledge: Knowledge, wording: Wording) -> dict[str, Any]:
    studies = knowledge.evidence.studies
    return {
        **_WORDS,
        "evidence": knowledge.evidence,
        "knowledge": knowledge,
        "wording": wording,
        "library": LIBRARY,
        "panels": draw_panels(studies),
        "without_a_number": without_a_number(studies),
        "write_effect": write_effect,
        "read_effect": read_effect,
    }


def _send_fhir(body: bytes) -> Response:
    response = send_json(body, 200)
    response.mimetype = _FHIR_JSON
    return response
