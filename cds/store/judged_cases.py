"""Which cases did both reviewers judge, and what came of them? For figures, exports and a patient.

A case is here once both reviewers have submitted, and not before: whoever reads figures or an
export learns nothing of a judgement that another must still make blind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Subquery, func, select

from cds.review.judgement_json import read_judgement
from cds.review.judging import Judgement, Place, result_of
from cds.store.database import Store
from cds.store.schema import assignments, decisions, judgements, samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The newest judgement that somebody submitted on a case. account: its id, no name."""

    account: str
    saved_at: datetime
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCase:
    """A decision of a sample that both blind reviewers judged.

    stratum: the one it was drawn for; the sample says how many that held. review_class: where the
    decision stands in the queue. adjudicated: None where no third person has settled it.
    """

    sample: str
    decision: str
    stratum: str
    review_class: str
    first: Said
    second: Said
    adjudicated: Said | None

    @property
    def result(self) -> Judgement | None:
        """What holds: the adjudicator's word, else what both say; None while it waits."""
        settled = self.adjudicated.judgement if self.adjudicated else None
        return result_of(self.first.judgement, self.second.judgement, settled)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptJudgement:
    """One row on a decision as it is kept, for those who ask what is kept of a patient."""

    decision: str
    sample: str
    place: str
    account: str
    saved_at: datetime
    submitted: bool
    judgement: Mapping[str, Any]


_newest = (
    select(judgements.c.assignment, func.max(judgements.c.id).label("id"))
    .where(judgements.c.submitted)
    .group_by(judgements.c.assignment)
    .subquery("newest")
)


def _said_in(place: Place) -> Subquery:
    """Give the newest submitted judgement of everybody in one place."""
    return (
        select(
            assignments.c.sample,
            assignments.c.decision,
            assignments.c.stratum,
            assignments.c.account,
            judgements.c.saved_at,
            judgements.c.judgement,
        )
        .join(_newest, _newest.c.assignment == assignments.c.id)
        .join(judgements, judgements.c.id == _newest.c.id)
        .where(assignments.c.place == place.value)
        .subquery(place.value)
    )


_places = {place: _said_in(place) for place in Place}
_first, _second, _third = (_places[place] for place in Place)
_SAID = ("account", "saved_at", "judgement")
_JUDGED = (
    select(
        _first.c.sample,
        _first.c.decision,
        _first.c.stratum,
        decisions.c.review_class,
        *(part.c[name].label(f"{part.name}_{name}") for part in _places.values() for name in _SAID),
    )
    .join_from(_first, decisions, decisions.c.id == _first.c.decision)
    .join(
        _second,
        (_second.c.sample == _first.c.sample) & (_second.c.decision == _first.c.decision),
    )
    .outerjoin(
        _third, (_third.c.sample == _first.c.sample) & (_third.c.decision == _first.c.decision)
    )
    .order_by(_first.c.sample, _first.c.decision)
)


class JudgedCases:
    """The cases that both reviewers have judged."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_sample(self, sample: str) -> tuple[JudgedCase, ...]:
        """Give those of one sample, in the order of their ids. Errors: StoreUnavailable."""
        return self._read(_first.c.sample == sample)

    def of_all_samples(self) -> tuple[JudgedCase, ...]:
        """Give those of every sample; a decision that two samples hold is there twice."""
        return self._read(_first.c.sample.is_not(None))

    def _read(self, condition: ColumnElement[bool]) -> tuple[JudgedCase, ...]:
        with self._store.reading() as connection:
            rows = connection.execute(_JUDGED.where(condition)).mappings().all()
        return tuple(_read_case(row) for row in rows)


def read_judgements(
    connection: Connection, condition: ColumnElement[bool]
) -> tuple[KeptJudgement, ...]:
    """Read all rows on the decisions that meet a condition, drafts too, the oldest first."""
    query = (
        select(
            assignments.c.decision,
            samples.c.name.label("sample"),
            assignments.c.place,
            assignments.c.account,
            judgements.c.saved_at,
            judgements.c.submitted,
            judgements.c.judgement,
        )
        .join_from(judgements, assignments, judgements.c.assignment == assignments.c.id)
        .join(samples, samples.c.id == assignments.c.sample)
        .join(decisions, decisions.c.id == assignments.c.decision)
        .where(condition)
        .order_by(judgements.c.id)
    )
    return tuple(KeptJudgement(**row) for row in connection.execute(query).mappings())


def _read_case(row: RowMapping) -> JudgedCase:
    is_settled = row[f"{Place.ADJUDICATOR.value}_judgement"] is not None
    return JudgedCase(
        sample=row["sample"],
        decision=row["decision"],
        stratum=row["stratum"],
        review_class=row["review_class"],
        first=_read_said(row, Place.FIRST),
        second=_read_said(row, Place.SECOND),
        adjudicated=_read_said(row, Place.ADJUDICATOR) if is_settled else None,
    )


def _read_said(row: RowMapping, place: Place) -> Said:
    name = place.value
    return Said(
        account=row[f"{name}_account"],
        saved_at=row[f"{name}_saved_at"],
        judgement=read_judgement(row[f"{name}_judgement"]),
    )
