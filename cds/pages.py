"""What can a person read without a client system? What this is, and the evidence ledger."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, make_response, render_template

from cds.json_answer import write_json
from cds.settings import Settings
from rules.knowledge import Knowledge
from rules.knowledge.model import Evidence, Reference, Study

# Nothing from another host, nothing inline, no frame: the pages need no more than a style sheet.
_PAGE_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def page_routes(knowledge: Knowledge, settings: Settings) -> Blueprint:
    """Give `/evidence` and `/evidence.json`, and in the demo profile the page at `/`."""
    routes = Blueprint("pages", __name__)
    ledger = tell_evidence(knowledge)

    @routes.get("/evidence")
    def show_evidence() -> Response:
        return _page("evidence.html", evidence=knowledge.evidence, knowledge=knowledge)

    @routes.get("/evidence.json")
    def send_evidence() -> Response:
        return write_json(ledger)

    if settings.profile == "demo":

        @routes.get("/")
        def show_home() -> Response:
            return _page("home.html", public_url=settings.public_url)

    return routes


def _page(template: str, **values: Any) -> Response:
    response = make_response(render_template(template, **values))
    response.headers.update(_PAGE_HEADERS)
    return response


def tell_evidence(knowledge: Knowledge) -> dict[str, Any]:
    """Write the evidence ledger as a JSON object, without members that are empty."""
    evidence = knowledge.evidence
    return {
        "title": evidence.title,
        "summary": evidence.summary,
        "lastReviewed": evidence.last_reviewed.isoformat(),
        "reviewBy": evidence.review_by.isoformat(),
        "knowledge": {"version": knowledge.version, "sha256": knowledge.sha256},
        "pilot": {
            item: {"value": value, "verification": verification}
            for item, (value, verification) in evidence.pilot_facts.items()
        },
        "studies": [_tell_study(study) for study in evidence.studies],
        "references": {
            key: _tell_reference(reference) for key, reference in evidence.references.items()
        },
        "articleClaims": _tell_claims(evidence),
    }


def _tell_study(study: Study) -> dict[str, Any]:
    told = {
        "key": study.key,
        "name": study.name,
        "participants": study.participants,
        "question": study.question,
        "direction": study.direction,
        "result": study.result,
        "verification": study.verification,
        "role": study.role,
        "references": list(study.references),
    }
    return {name: value for name, value in told.items() if value}


def _tell_reference(reference: Reference) -> dict[str, str]:
    told = {
        "text": reference.text,
        "verification": reference.verification,
        "doi": reference.doi,
        "identifier": reference.identifier,
        "url": reference.url,
    }
    return {name: value for name, value in told.items() if value}


def _tell_claims(evidence: Evidence) -> list[dict[str, str]]:
    return [
        {"claim": claim.claim, "known": claim.known, "onCard": claim.on_card}
        for claim in evidence.article_claims
    ]
