"""How is the evidence ledger told to programs? The shape of `GET /evidence.json`."""

from decimal import Decimal
from typing import Any

from cds.evidence_expiry import LedgerState
from cds.hooks.wording import Wording
from rules.knowledge import Knowledge
from rules.knowledge.ledger import Estimate, Study
from rules.knowledge.model import Evidence, Reference


def tell_evidence(knowledge: Knowledge, wording: Wording, state: LedgerState) -> dict[str, Any]:
    """Write the ledger as a JSON object, without members that are empty.

    state: how the ledger stands on the day it is asked for. Numbers keep the signs of their
    publication.
    """
    evidence = knowledge.evidence
    return {
        "title": evidence.title,
        "summary": evidence.summary,
        "lastReviewed": evidence.last_reviewed.isoformat(),
        "reviewBy": evidence.review_by.isoformat(),
        "state": state.value,
        "wording": {"sha256": wording.sha256, "status": wording.status},
        "knowledge": {"version": knowledge.version, "sha256": knowledge.sha256},
        "keyPoints": [
            {"text": point.text, "references": list(point.references)}
            for point in evidence.key_points
        ],
        "pilot": {
            item: {"part": fact.part, "value": fact.value, "verification": fact.verification}
            for item, fact in evidence.pilot_facts.items()
        },
        "studies": [_tell_study(study) for study in evidence.studies],
        "openPoints": [
            {"point": each.point, "consequence": each.consequence} for each in evidence.open_points
        ],
        "articleClaims": _tell_claims(evidence),
        "references": {
            key: _tell_reference(reference) for key, reference in evidence.references.items()
        },
    }


def _tell_study(study: Study) -> dict[str, Any]:
    told = {
        "key": study.key,
        "name": study.name,
        "kind": study.kind,
        "role": study.role,
        "participants": study.participants,
        "arms": [{"name": arm.name, "participants": arm.participants} for arm in study.arms],
        "question": study.question,
        "design": study.design,
        "outcome": study.outcome,
        "direction": study.direction,
        "result": study.result,
        "estimates": [_tell_estimate(estimate) for estimate in study.estimates],
        "notKnown": study.not_known,
        "verification": study.verification,
        "references": list(study.references),
    }
    return {name: value for name, value in told.items() if value}


def _tell_estimate(estimate: Estimate) -> dict[str, Any]:
    told = {
        "outcome": estimate.outcome,
        "measure": estimate.measure,
        "role": estimate.role,
        "value": float(estimate.value),
        "low": _number(estimate.low),
        "high": _number(estimate.high),
        "better": estimate.better,
        "excludesNoEffect": estimate.excludes_no_effect,
        "verification": estimate.verification,
        "note": estimate.note or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


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
        {
            "claim": claim.claim,
            "known": claim.known,
            "verdict": claim.verdict,
            "onCard": claim.on_card,
        }
        for claim in evidence.article_claims
    ]
