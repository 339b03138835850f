"""How does an evaluation read as FHIR? A GuidanceResponse without anybody's name.

status tells three outcomes apart that must never merge: `success` is an evaluation with nothing
left open, `data-requested` one that was reached although a criterion stayed open, and
`data-required` one that could not tell for want of data. `failure` is a call that met a service
that was switched off: nothing was evaluated, so nothing may be read from it. Calls that failed are
not kept as decisions.
"""

from collections.abc import Iterable, Iterator

from cds.decision import CardRecord, Decision
from cds.exports.fhir_parts import (
    OPEN_CRITERION,
    REVIEW_CLASS,
    Issuer,
    Json,
    as_lines,
    coding,
)
from cds.exports.tables import open_criteria, write_moment
from cds.hooks.catalogue import ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW

_PUBLISHED = frozenset({PATIENT_VIEW, ORDER_SELECT, ORDER_SIGN})
_COULD_NOT_TELL = "could_not_tell"
_SWITCHED_OFF = "switched_off"
_MESSAGES, _OUTPUT = "messages", "output"


def write_guidance_responses(decisions: Iterable[Decision], issuer: Issuer) -> Iterator[bytes]:
    """Write one GuidanceResponse for each decision, one a line."""
    return as_lines(_respond(decision, issuer) for decision in decisions)


def _respond(decision: Decision, issuer: Issuer) -> Json:
    messages = _messages(decision)
    contained = [_output(decision)]
    if messages:
        contained.append({"resourceType": "OperationOutcome", "id": _MESSAGES, "issue": messages})
    return {
        "resourceType": "GuidanceResponse",
        "id": decision.id,
        "contained": contained,
        "identifier": [issuer.identifier("decision", decision.id)],
        "requestIdentifier": decision.hook_instance
        and issuer.identifier("hook-instance", decision.hook_instance),
        **_module(decision, issuer),
        "status": _status(decision),
        "subject": issuer.patient(decision.pseudonym, decision.client),
        "occurrenceDateTime": write_moment(decision.decided_at),
        "performer": issuer.device,
        "reasonCode": [{"coding": [coding(REVIEW_CLASS, decision.review_class)]}],
        "evaluationMessage": [{"reference": f"#{_MESSAGES}"}] if messages else None,
        "outputParameters": {"reference": f"#{_OUTPUT}"},
    }


def _status(decision: Decision) -> str:
    if decision.outcome == _SWITCHED_OFF:
        return "failure"
    if decision.review_class == _COULD_NOT_TELL:
        return "data-required"
    return "data-requested" if decision.could_not_tell else "success"


def _module(decision: Decision, issuer: Issuer) -> Json:
    """Name what was asked; the services with a PlanDefinition by its address and version."""
    if decision.service not in _PUBLISHED:
        return {"moduleUri": f"{issuer.base}/{decision.service}"}
    version = f"{decision.knowledge_version}+{decision.knowledge_sha256[:12]}"
    plan = f"{issuer.base}/fhir/PlanDefinition/{decision.service}"
    return {"moduleCanonical": f"{plan}|{version}"}


def _messages(decision: Decision) -> list[Json]:
    """Say why an evaluation has no card, or a verdict less certain than it could be."""
    told = [
        _issue("incomplete", {"coding": [coding(OPEN_CRITERION, name)]})
        for name in open_criteria(decision)
    ]
    if decision.outcome == _SWITCHED_OFF:
        told.append(_issue("suppressed", {"text": "Switched off: nothing was evaluated."}))
    elif decision.outcome == "evidence_expired":
        told.append(_issue("suppressed", {"text": "The evidence was due for review."}))
    elif decision.outcome == "snoozed":
        told.append(_issue("suppressed", {"text": "Shown before on the same evidence."}))
    return told


def _issue(code: str, details: Json) -> Json:
    return {"severity": "information", "code": code, "details": details}


def _output(decision: Decision) -> Json:
    """Tell the verdicts, and which cards they led to."""
    told = {
        "mode": decision.mode,
        "outcome": decision.outcome,
        "resistance": decision.resistance,
        "inflammation": decision.inflammation,
        "knowledgeVersion": decision.knowledge_version,
        "knowledgeSha256": decision.knowledge_sha256,
        "ruleVersion": decision.rule_version,
    }
    return {
        "resourceType": "Parameters",
        "id": _OUTPUT,
        "parameter": [
            {"name": "asOf", "valueDate": decision.as_of.isoformat()},
            {"name": "shown", "valueBoolean": decision.shown},
            *({"name": name, "valueCode": value} for name, value in told.items()),
            *({"name": "card", "part": _card(card)} for card in decision.cards),
        ],
    }


def _card(card: CardRecord) -> list[Json]:
    summary = [] if card.summary is None else [{"name": "summary", "valueString": card.summary}]
    return [
        {"name": "id", "valueString": card.uuid},
        {"name": "kind", "valueCode": card.kind},
        {"name": "shown", "valueBoolean": card.shown},
        *summary,
    ]
