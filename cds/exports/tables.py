"""Which columns have the CSV files? Of decisions, feedback, judgements and accesses."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from cds.decision import Decision
from cds.exports.cells import Row, write_table
from cds.review.judging import CRITERIA, OVERALL
from cds.store.export_records import ExportedAccess, ExportedFeedback, ExportedJudgement

# What nobody told us is written so; an empty cell would look like "none".
UNKNOWN = "not known"
DECISION_COLUMNS = (
    "decision", "decided_at", "as_of", "client", "service", "patient", "hook_instance", "mode",
    "outcome", "review_class", "shown", "resistance", "inflammation", "could_not_tell", "cards",
    "cards_shown", "card_ids", "knowledge_version", "knowledge_sha256", "rule_version",
    "evidence_key", "unknown_codes", "facts_kept",
)  # fmt: skip
# The first six: 45 CFR 170.315(b)(11)(ii), as a decision support intervention must export them.
FEEDBACK_COLUMNS = (
    "intervention", "action_taken", "user_feedback", "user", "date", "location",
    "date_is", "received_at", "service", "card", "card_kind", "decision", "patient", "reason_code",
    "reason_system", "reason_display", "comment", "knowledge_version", "rule_version",
)  # fmt: skip
JUDGEMENT_COLUMNS = (
    "sample", "sample_name", "decision", "client", "patient", "review_class", "stratum", "place",
    "reviewer", "reviewer_id", "submitted_at", "question", "verdict", "reasons", "comment",
    "because",
)  # fmt: skip
ACCESS_COLUMNS = (
    "number", "at", "account", "name", "action", "outcome", "decision", "client", "patient",
    "details",
)  # fmt: skip


def write_decisions(decisions: Iterable[Decision]) -> Iterator[bytes]:
    """Write one row for each evaluation. Lists in a cell have blanks between their parts."""
    return write_table(DECISION_COLUMNS, map(_decision, decisions))


def write_feedback(entries: Iterable[ExportedFeedback]) -> Iterator[bytes]:
    """Write one row for each entry of feedback, the six columns that are asked for first.

    user: CDS Hooks feedback names nobody. location: the client system, which is all that is known
    of where. date: when it was said, else when it came in; date_is tells which.
    """
    return write_table(FEEDBACK_COLUMNS, map(_entry, entries))


def write_judgements(judgements: Iterable[ExportedJudgement]) -> Iterator[bytes]:
    """Write one row for each question that a reviewer answered on a case."""
    return write_table(JUDGEMENT_COLUMNS, (row for each in judgements for row in _answers(each)))


def write_accesses(accesses: Iterable[ExportedAccess]) -> Iterator[bytes]:
    """Write one row for each thing that was done or refused on the review pages."""
    return write_table(ACCESS_COLUMNS, map(_access, accesses))


def write_moment(moment: datetime) -> str:
    """Write a moment in UTC, to the microsecond."""
    return moment.isoformat().replace("+00:00", "Z")


def _decision(decision: Decision) -> Row:
    return {
        "decision": decision.id,
        "decided_at": write_moment(decision.decided_at),
        "as_of": decision.as_of.isoformat(),
        "client": decision.client,
        "service": decision.service,
        "patient": decision.pseudonym,
        "hook_instance": decision.hook_instance,
        "mode": decision.mode,
        "outcome": decision.outcome,
        "review_class": decision.review_class,
        "shown": _yes(decision.shown),
        "resistance": decision.resistance,
        "inflammation": decision.inflammation,
        "could_not_tell": " ".join(open_criteria(decision)),
        "cards": " ".join(card.kind for card in decision.cards),
        "cards_shown": " ".join(_yes(card.shown) for card in decision.cards),
        "card_ids": " ".join(card.uuid for card in decision.cards),
        "knowledge_version": decision.knowledge_version,
        "knowledge_sha256": decision.knowledge_sha256,
        "rule_version": decision.rule_version,
        "evidence_key": decision.evidence_key,
        "unknown_codes": " ".join(f"{kind}:{n}" for kind, n in decision.unknown_codes.items()),
        "facts_kept": _yes(decision.facts is not None),
    }


def open_criteria(decision: Decision) -> list[str]:
    """Give the criteria that a decision left open, which the store keeps between commas."""
    return [name for name in decision.could_not_tell.split(",") if name]


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _entry(entry: ExportedFeedback) -> Row:
    kind = f"{entry.card_kind} card" if entry.card_kind else "card that is not kept"
    said = (entry.reason_code, entry.reason_display, entry.user_comment)
    moment = entry.outcome_at or entry.received_at
    return {
        "intervention": f"{entry.service}: {kind}",
        "action_taken": entry.outcome,
        "user_feedback": "; ".join(part for part in said if part),
        "user": UNKNOWN,
        "date": write_moment(moment),
        "location": entry.client,
        "date_is": "said" if entry.outcome_at else "received",
        "received_at": write_moment(entry.received_at),
        "service": entry.service,
        "card": entry.card,
        "card_kind": entry.card_kind,
        "decision": entry.decision,
        "patient": entry.pseudonym,
        "reason_code": entry.reason_code,
        "reason_system": entry.reason_system,
        "reason_display": entry.reason_display,
        "comment": entry.user_comment,
        "knowledge_version": entry.knowledge_version,
        "rule_version": entry.rule_version,
    }


def _answers(said: ExportedJudgement) -> Iterator[Row]:
    for question in (OVERALL, *CRITERIA):
        answer = said.judgement.answer_to(question)
        if answer.verdict is None:  # not asked, such as the wording where there is no card
            continue
        yield {
            "sample": said.sample,
            "sample_name": said.sample_name,
            "decision": said.decision,
            "client": said.client,
            "patient": said.pseudonym,
            "review_class": said.review_class,
            "stratum": said.stratum,
            "place": said.place,
            "reviewer": said.reviewer,
            "reviewer_id": said.account,
            "submitted_at": write_moment(said.saved_at),
            "question": question,
            "verdict": answer.verdict.value,
            "reasons": " ".join(answer.reasons),
            "comment": answer.comment,
            "because": said.judgement.because if question == OVERALL else None,
        }


def _access(access: ExportedAccess) -> Row:
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
        "details": "; ".join(f"{name}: {value}" for name, value in access.details.items()),
    }
