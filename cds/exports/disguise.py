"""How much of who it was may an export say? All of it, or nothing: then ids, dates and names go.

De-identified is not anonymous: what happened to whom in which order is still there, and whoever has
the key of the pseudonyms can find everybody again.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import Protocol

import msgspec

from cds.decision import CardRecord, Decision
from cds.exports.hidden_dates import DateOffset
from cds.exports.hidden_trace import OTHER, hide_trace, hide_words
from cds.review.judging import Answer, Judgement
from cds.store.export_records import ExportedAccess, ExportedFeedback, ExportedJudgement
from cds.store.pseudonym import Pseudonyms

# Up to three years, and at least a day.
_MOST_DAYS = 3 * 365
_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
_ROWS = 2**48
_HASH_LENGTH = 32
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NAME_LENGTH = 6


class Disguise(Protocol):
    """Gives a record as it may be exported."""

    @property
    def hides(self) -> bool: ...
    def decision(self, decision: Decision) -> Decision: ...
    def feedback(self, entry: ExportedFeedback) -> ExportedFeedback: ...
    def judgement(self, said: ExportedJudgement) -> ExportedJudgement: ...
    def access(self, access: ExportedAccess) -> ExportedAccess: ...


class NoDisguise:
    """Gives everything as it is kept, but the key of a call, which is nobody's business."""

    hides = False

    def decision(self, decision: Decision) -> Decision:
        """Give a decision as it is kept."""
        return replace(decision, request_key=None)

    def feedback(self, entry: ExportedFeedback) -> ExportedFeedback:
        """Give feedback as it is kept."""
        return entry

    def judgement(self, said: ExportedJudgement) -> ExportedJudgement:
        """Give a judgement as it is kept."""
        return said

    def access(self, access: ExportedAccess) -> ExportedAccess:
        """Give an access as it is kept."""
        return access


class Deidentified:
    """Hides who it was, always in the same way within one deployment.

    Dates of a patient are moved by one offset, which follows from the key and cannot be guessed
    without it. Ids are hashed, clients and reviewers become letters, and what people wrote is left
    out. known_reasons: codes of reasons that may stay; a site's own could be words.
    """

    hides = True

    def __init__(self, pseudonyms: Pseudonyms, known_reasons: Collection[str]) -> None:
        self._pseudonyms = pseudonyms
        self._known_reasons = frozenset(known_reasons)
        self._offset = lru_cache(maxsize=1024)(self._work_out_offset)

    def decision(self, decision: Decision) -> Decision:
        """Hide whose a decision is, and when and for whom it was made."""
        offset = self._offset(decision.client, decision.pseudonym)
        return replace(
            decision,
            id=self._hash("decision", decision.id),
            decided_at=offset.move_moment(decision.decided_at),
            as_of=offset.move_day(decision.as_of),
            client=self.client(decision.client),
            hook_instance=None,
            request_key=None,
            pseudonym=self._patient(decision.client, decision.pseudonym),
            answer=hide_trace(decision.answer, offset, self._reference),
            cards=tuple(self._card(card, offset) for card in decision.cards),
            evidence_key=self._hash_or_none("evidence", decision.evidence_key),
            facts=None if decision.facts is None else self._facts(decision.facts, offset),
        )

    def feedback(self, entry: ExportedFeedback) -> ExportedFeedback:
        """Hide whose card it was, and what was written; a reason of our list stays."""
        offset = self._offset_of(entry.client, entry.pseudonym, "card", entry.card)
        is_known = entry.reason_code is None or entry.reason_code in self._known_reasons
        return replace(
            entry,
            number=self._number("feedback", str(entry.number)) % _ROWS,
            client=self.client(entry.client),
            card=self._hash("card", entry.card),
            decision=self._hash_or_none("decision", entry.decision),
            pseudonym=self._patient_or_none(entry.client, entry.pseudonym),
            reason_code=entry.reason_code if is_known else OTHER,
            reason_system=entry.reason_system if is_known else None,
            reason_display=None,
            user_comment=None,
            outcome_at=None if entry.outcome_at is None else offset.move_moment(entry.outcome_at),
            received_at=offset.move_moment(entry.received_at),
        )

    def judgement(self, said: ExportedJudgement) -> ExportedJudgement:
        """Hide whose case it was and who judged it; verdicts and reasons stay."""
        offset = self._offset(said.client, said.pseudonym)
        return replace(
            said,
            sample=self._hash("sample", said.sample),
            sample_name=None,
            decision=self._hash("decision", said.decision),
            client=self.client(said.client),
            pseudonym=self._patient(said.client, said.pseudonym),
            account=self._hash("account", said.account),
            reviewer=self.reviewer(said.account),
            saved_at=offset.move_moment(said.saved_at),
            judgement=_without_words(said.judgement),
        )

    def access(self, access: ExportedAccess) -> ExportedAccess:
        """Hide who looked at whose case; what was done stays, with no details."""
        offset = self._offset_of(access.client, access.pseudonym, "access", "")
        return replace(
            access,
            number=self._number("access", str(access.number)) % _ROWS,
            at=offset.move_moment(access.at),
            account=self._hash_or_none("account", access.account),
            name=None if access.account is None else self.reviewer(access.account),
            decision=self._hash_or_none("decision", access.decision),
            client=None if access.client is None else self.client(access.client),
            pseudonym=self._patient_or_none(access.client, access.pseudonym),
            details={},
        )

    def reviewer(self, account: str) -> str:
        """Give the letters that stand for a reviewer."""
        return f"Reviewer {self._letters('reviewer', account)}"

    def client(self, name: str) -> str:
        """Give the letters that stand for a client."""
        return f"Client {self._letters('client', name)}"

    def _work_out_offset(self, *whose: str) -> DateOffset:
        days = self._number("days of offset", *whose) % _MOST_DAYS + 1
        part = self._number("part of a day", *whose) % (_DAY // _MICROSECOND)
        return DateOffset(days=days, part=part * _MICROSECOND)

    def _offset_of(self, client: str | None, pseudonym: str | None, *otherwise: str) -> DateOffset:
        """Give the offset of a patient; where none is known any more, one that is nobody's."""
        if client is None or pseudonym is None:
            return self._offset(*otherwise, "of nobody")
        return self._offset(client, pseudonym)

    def _card(self, card: CardRecord, offset: DateOffset) -> CardRecord:
        summary = card.summary and hide_words(card.summary, offset, self._reference)
        return replace(card, uuid=self._hash("card", card.uuid), summary=summary)

    def _facts(self, facts: bytes, offset: DateOffset) -> bytes:
        hidden = hide_trace(msgspec.json.decode(facts), offset, self._reference)
        return msgspec.json.encode(hidden, order="deterministic")

    def _patient(self, client: str, pseudonym: str) -> str:
        return self._hash("patient", client, pseudonym)

    def _patient_or_none(self, client: str | None, pseudonym: str | None) -> str | None:
        is_known = client is not None and pseudonym is not None
        return self._patient(client or "", pseudonym or "") if is_known else None

    def _reference(self, reference: str) -> str:
        return self._hash("reference", reference)

    def _hash(self, kind: str, *parts: str) -> str:
        return self._pseudonyms.in_export(kind, *parts)[:_HASH_LENGTH]

    def _hash_or_none(self, kind: str, value: str | None) -> str | None:
        return None if value is None else self._hash(kind, value)

    def _number(self, kind: str, *parts: str) -> int:
        return int(self._pseudonyms.in_export(kind, *parts), 16)

    def _letters(self, kind: str, name: str) -> str:
        number = self._number(kind, name)
        letters = []
        for _ in range(_NAME_LENGTH):
            number, place = divmod(number, len(_LETTERS))
            letters.append(_LETTERS[place])
        return "".join(letters)


def _without_words(judgement: Judgement) -> Judgement:
    def silent(answer: Answer) -> Answer:
        return replace(answer, comment="")

    return Judgement(
        overall=silent(judgement.overall),
        criteria={name: silent(answer) for name, answer in judgement.criteria.items()},
    )
