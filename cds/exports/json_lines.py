"""How does one record read as a line of JSON? Its shape is published in static/schemas/export-….

Members are camelCase; a member without a value is left out. A decision has its full trace: the
assessment as it was told and, where facts are kept, the case that it can be made again from.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from cds.decision import Decision
from cds.exports.tables import open_criteria, write_moment
from cds.review.judgement_json import write_judgement
from cds.store.export_records import ExportedAccess, ExportedFeedback, ExportedJudgement

_ENCODER = msgspec.json.Encoder()


def write_decisions(decisions: Iterable[Decision]) -> Iterator[bytes]:
    """Write one decision a line, whole. Schema: export-decision."""
    return map(_line, map(_decision, decisions))


def write_feedback(entries: Iterable[ExportedFeedback]) -> Iterator[bytes]:
    """Write one entry of feedback a line. Schema: export-feedback."""
    return map(_line, map(_entry, entries))


def write_judgements(judgements: Iterable[ExportedJudgement]) -> Iterator[bytes]:
    """Write what one person said of one case a line. Schema: export-judgement."""
    return map(_line, map(_judgement, judgements))


def write_accesses(accesses: Iterable[ExportedAccess]) -> Iterator[bytes]:
    """Write one thing that was done or refused a line. Schema: export-access."""
    return map(_line, map(_access, accesses))


def _line(record: Mapping[str, Any]) -> bytes:
    return _ENCODER.encode({n: v for n, v in record.items() if v is not None}) + b"\n"


def _decision(decision: Decision) -> Mapping[str, Any]:
    return {
        "decision": decision.id,
        "decidedAt": write_moment(decision.decided_at),
        "asOf": decision.as_of.isoformat(),
        "client": decision.client,
        "service": decision.service,
        "patient": decision.pseudonym,
        "hookInstance": decision.hook_instance,
        "mode": decision.mode,
        "outcome": decision.outcome,
        "reviewClass": decision.review_class,
        "shown": decision.shown,
        "resistance": decision.resistance,
        "inflammation": decision.inflammation,
        "couldNotTell": open_criteria(decision),
        "cards": [
            {"uuid": card.uuid, "kind": card.kind, "shown": card.shown}
            | ({"summary": card.summary} if card.summary is not None else {})
            for card in decision.cards
        ],
        "knowledge": {"version": decision.knowledge_version, "sha256": decision.knowledge_sha256},
        "ruleVersion": decision.rule_version,
        "evidenceKey": decision.evidence_key,
        "unknownCodes": decision.unknown_codes,
        "assessment": decision.answer,
        "case": None if decision.facts is None else msgspec.Raw(decision.facts),
    }


def _entry(entry: ExportedFeedback) -> Mapping[str, Any]:
    return {
        "number": entry.number,
        "client": entry.client,
        "service": entry.service,
        "card": entry.card,
        "cardKind": entry.card_kind,
        "decision": entry.decision,
        "patient": entry.pseudonym,
        "knowledgeVersion": entry.knowledge_version,
        "ruleVersion": entry.rule_version,
        "outcome": entry.outcome,
        "reasonCode": entry.reason_code,
        "reasonSystem": entry.reason_system,
        "reasonDisplay": entry.reason_display,
        "comment": entry.user_comment,
        "saidAt": None if entry.outcome_at is None else write_moment(entry.outcome_at),
        "receivedAt": write_moment(entry.received_at),
    }


def _judgement(said: ExportedJudgement) -> Mapping[str, Any]:
    return {
        "sample": said.sample,
        "sampleName": said.sample_name,
        "decision": said.decision,
        "client": said.client,
        "patient": said.pseudonym,
        "reviewClass": said.review_class,
        "stratum": said.stratum,
        "place": said.place,
        "account": said.account,
        "reviewer": said.reviewer,
        "submittedAt": write_moment(said.saved_at),
        "judgement": write_judgement(said.judgement),
    }


def _access(access: ExportedAccess) -> Mapping[str, Any]:
    return {
        "number": access.number,
        "at": write_moment(access.at),
        "account": access.account,
        "name": access.name,
        "action": access.action,
        "outcome": access.outcome,
        "decision": access.decision,
        "client": access.client,
        "patient": access.pseudonym,
        "details": access.details,
    }
