"""What may somebody see of a case they judge? Their own rows, and of others what a query allows.

That nobody reads the other's verdict too early is decided here, in the database, and in no page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, exists, func, select

from cds.review.judgement_json import read_judgement
from cds.review.judging import BLIND, Judgement, Place
from cds.review.standing import Standing, progress_of
from cds.store.schema import assignments, cards, judgements, samples

_BLIND = tuple(place.value for place in BLIND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """One decision that somebody is to judge, for one sample. has_card: there is wording to judge.

    The stratum is left out: it is nothing a reviewer should know.
    """

    id: str
    sample: str
    sample_name: str
    decision: str
    place: Place
    has_card: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedJudgement:
    """One row as it was saved. place: of the one who said it."""

    id: int
    place: Place
    saved_at: datetime
    submitted: bool
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """What one person may see of one assignment of theirs.

    own: all their rows, the oldest first. others: for the adjudicator, once both reviewers have
    submitted, the rows they submitted, the oldest first; for anybody else none.
    """

    assigned: Assigned
    standing: Standing
    own: tuple[SavedJudgement, ...]
    others: tuple[SavedJudgement, ...]

    @property
    def newest(self) -> SavedJudgement | None:
        """Give the present state of their own form."""
        return self.own[-1] if self.own else None

    def holds(self, judgement: Judgement) -> bool:
        """Whether just this was submitted last, as where a form is sent twice."""
        newest = self.newest
        return newest is not None and newest.submitted and newest.judgement == judgement

    @property
    def based_on(self) -> int:
        """Give the row that a form shown now is based on; 0 for none."""
        return self.own[-1].id if self.own else 0

    @property
    def seen(self) -> int:
        """Give the newest row of others that was shown; 0 for none."""
        return self.others[-1].id if self.others else 0


_me = assignments.alias("me")
_other = assignments.alias("other")
_same_case = and_(_other.c.sample == _me.c.sample, _other.c.decision == _me.c.decision)

_MINE = (
    select(
        _me,
        samples.c.name,
        exists().where(cards.c.decision == _me.c.decision).label("has_card"),
    )
    .join_from(_me, samples, samples.c.id == _me.c.sample)
    .where(_me.c.account == bindparam("account"))
)


def _submitted(assignment: Any) -> Any:
    return exists().where(judgements.c.assignment == assignment, judgements.c.submitted)


def _blind_submissions() -> Any:
    """Count the blind reviewers of the case who have submitted."""
    blind = assignments.alias("blind")
    return (
        select(func.count())
        .select_from(blind)
        .where(
            blind.c.sample == _me.c.sample,
            blind.c.decision == _me.c.decision,
            blind.c.place.in_(_BLIND),
            _submitted(blind.c.id),
        )
        .scalar_subquery()
    )


def _still_blind_elsewhere() -> Any:
    """Whether the same person must still judge the same decision blind, for whichever sample."""
    blind = assignments.alias("own_blind")
    return exists().where(
        blind.c.account == _me.c.account,
        blind.c.decision == _me.c.decision,
        blind.c.place.in_(_BLIND),
        ~_submitted(blind.c.id),
    )


# The one place where it is decided what somebody sees of others: the adjudicator sees their
# submitted rows once both have submitted, and nobody else sees any. A reviewer sees none afterwards
# either: the same decision may be judged again for another sample.
_OTHERS = (
    select(judgements, _other.c.place)
    .join_from(judgements, _other, judgements.c.assignment == _other.c.id)
    .join(_me, and_(_same_case, _other.c.id != _me.c.id))
    .where(
        _me.c.id == bindparam("assignment"),
        _me.c.account == bindparam("account"),
        judgements.c.submitted,
        _me.c.place == Place.ADJUDICATOR.value,
        _blind_submissions() == len(BLIND),
        ~_still_blind_elsewhere(),
    )
    .order_by(judgements.c.id)
)

_OWN = (
    select(judgements, _me.c.place)
    .join_from(judgements, _me, judgements.c.assignment == _me.c.id)
    .where(_me.c.id == bindparam("assignment"), _me.c.account == bindparam("account"))
    .order_by(judgements.c.id)
)
_SETTLED = (
    select(judgements.c.id)
    .join_from(judgements, _other, judgements.c.assignment == _other.c.id)
    .join(_me, _same_case)
    .where(
        _me.c.id == bindparam("assignment"),
        _other.c.place == Place.ADJUDICATOR.value,
        judgements.c.submitted,
    )
    .limit(1)
)
# Whoever saves waits for all who save on the same case, so that nobody settles what is changing.
LOCK_CASE = (
    select(_other.c.id)
    .join_from(_other, _me, _same_case)
    .where(_me.c.id == bindparam("assignment"))
    .order_by(_other.c.id)
    .with_for_update(of=_other)
)


def read_assigned(connection: Connection, account: str, decision: str) -> tuple[Assigned, ...]:
    """Read what somebody is to judge on a decision, the newest sample first."""
    query = _MINE.where(_me.c.decision == decision).order_by(samples.c.drawn_at.desc(), _me.c.id)
    return tuple(map(_read_assigned, connection.execute(query, {"account": account})))


def read_view(connection: Connection, account: str, assignment: str) -> CaseView | None:
    """Read what somebody may see of an assignment; None unless it is theirs."""
    keys = {"account": account, "assignment": assignment}
    mine = connection.execute(_MINE.where(_me.c.id == assignment), {"account": account}).first()
    if mine is None:
        return None
    assigned = _read_assigned(mine)
    own, others = (_read_rows(connection, query, keys) for query in (_OWN, _OTHERS))
    settled = connection.scalar(_SETTLED, {"assignment": assignment}) is not None
    return CaseView(
        assigned=assigned,
        standing=_standing(assigned.place, own, others, settled=settled),
        own=own,
        others=others,
    )


def _standing(
    place: Place,
    own: Sequence[SavedJudgement],
    others: Sequence[SavedJudgement],
    *,
    settled: bool,
) -> Standing:
    """Work out how far the case is, from nothing but what this person may see and its end."""
    newest = {row.place: row.judgement for row in (*others, *own) if row.submitted}
    progress = progress_of(*(newest.get(each) for each in (*BLIND, Place.ADJUDICATOR)))
    return Standing(
        place=place,
        submitted=any(row.submitted for row in own),
        settled=settled,
        progress=progress if place is Place.ADJUDICATOR else None,
    )


def _read_assigned(row: Any) -> Assigned:
    return Assigned(
        id=row.id,
        sample=row.sample,
        sample_name=row.name,
        decision=row.decision,
        place=Place(row.place),
        has_card=bool(row.has_card),
    )


def _read_rows(
    connection: Connection, query: Select[Any], keys: Mapping[str, str]
) -> tuple[SavedJudgement, ...]:
    return tuple(
        SavedJudgement(
            id=row.id,
            place=Place(row.place),
            saved_at=row.saved_at,
            submitted=row.submitted,
            judgement=read_judgement(row.judgement),
        )
        for row in connection.execute(query, keys)
    )
