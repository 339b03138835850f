"""What was studied, and how sure are we? The evidence ledger, for people and for programs."""

from typing import Any

from flask import Blueprint, Response

from cds.json_answer import write_json
from cds.pages.page import send_page
from cds.pages.words import DIRECTIONS, VERIFICATIONS
from rules.knowledge import Knowledge
from rules.knowledge.model import Evidence, Reference, Study


def evidence_routes(knowledge: Knowledge) -> Blueprint:
    """Give `/evidence` and `/evidence.json`."""
    routes = Blueprint("evidence", __name__)
    ledger = tell_evidence(knowledge)

    @routes.get("/evidence")
    def show_evidence() -> Response:
        return send_page(
            "evidence.html",
            evidence=knowledge.evidence,
            knowledge=knowledge,
            directions=DIRECTIONS,
            verifications=VERIFICATIONS,
        )

    @routes.get("/evidence.json")
    def send_evidence() -> Response:
        return write_json(ledger)

    return routes


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
