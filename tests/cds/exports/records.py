"""What is exported in the tests? Small builders that show only what matters."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from cds.exports.disguise import Deidentified
from cds.review.judging import Answer, Judgement, Verdict3
from cds.review.reasons import read_reasons
from cds.store.export_records import ExportedAccess, ExportedFeedback, ExportedJudgement
from cds.store.pseudonym import Pseudonyms
from tests.cds.store.records import CLIENT, NOW, PSEUDONYM, SERVICE
from tests.cds.store.reviewing import CANNOT_TELL, DISAGREE, REASON, judgement

KEY = b"k" * 32
REASONS = read_reasons()
CODES = [each.code for each in REASONS]
# What a spreadsheet would take for a formula, and what would break a careless reader.
FORMULA = "=cmd|' /C calc'!A0"
ODD = f'{FORMULA}\r\n"quoted", semi;-1 ≥ 3'


def deidentified(key: bytes = KEY) -> Deidentified:
    return Deidentified(Pseudonyms(key), CODES)


def feedback(**changes: Any) -> ExportedFeedback:
    values: dict[str, Any] = {
        "number": 7,
        "client": CLIENT,
        "service": SERVICE,
        "card": "card-of-the-client",
        "decision": "decision-7",
        "pseudonym": PSEUDONYM,
        "card_kind": "evidence",
        "knowledge_version": "1.0.0",
        "rule_version": "1",
        "outcome": "overridden",
        "reason_code": REASON,
        "reason_system": REASONS[0].system,
        "reason_display": "Told by Dr Grey",
        "user_comment": ODD,
        "outcome_at": NOW,
        "received_at": NOW + timedelta(minutes=5),
    }
    return ExportedFeedback(**{**values, **changes})


def said(**changes: Any) -> ExportedJudgement:
    values: dict[str, Any] = {
        "sample": "sample-1",
        "sample_name": "Autumn, drawn by Anna",
        "decision": "decision-7",
        "client": CLIENT,
        "pseudonym": PSEUDONYM,
        "review_class": "shown",
        "stratum": "shown",
        "place": "first",
        "account": "account-a",
        "reviewer": "Anna",
        "saved_at": NOW,
        "judgement": judgement(comment=ODD),
    }
    return ExportedJudgement(**{**values, **changes})


def one_case() -> list[ExportedJudgement]:
    """A case that the adjudicator settled, with every kind of answer."""
    whole = judgement(DISAGREE, comment=ODD, because="I had not seen the second result.",
                      inflammation=CANNOT_TELL)  # fmt: skip
    without_card = Judgement(
        overall=Answer(verdict=Verdict3.AGREE),
        criteria={name: each for name, each in judgement().criteria.items() if name != "wording"},
    )
    two_reasons = replace(whole.overall, reasons=(CODES[0], CODES[-1]))
    return [
        said(place="adjudicator", account="account-c", reviewer="Carla", judgement=without_card),
        said(judgement=replace(whole, overall=two_reasons)),
        said(place="second", account="account-b", reviewer="Ben"),
    ]


def access(**changes: Any) -> ExportedAccess:
    values: dict[str, Any] = {
        "number": 3,
        "at": NOW,
        "account": "account-a",
        "name": "Anna",
        "action": "view_case",
        "outcome": "done",
        "decision": "decision-7",
        "client": CLIENT,
        "pseudonym": PSEUDONYM,
        "details": {"page": "judgement"},
    }
    return ExportedAccess(**{**values, **changes})
