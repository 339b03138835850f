"""How is a sample kept: what was asked, what was drawn, and who is to judge it?"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, RowMapping, and_, exists, func, insert, select

from cds.review.judging import BLIND, Place
from cds.review.sampling import Draw, Stratum
from cds.store.column_types import keepable
from cds.store.database import Store
from cds.store.schema import assignments, cases, decisions, judgements, samples

_BLIND = tuple(place.value for place in BLIND)
_HAS_FACTS = exists().where(cases.c.decision == decisions.c.id)


class SampleNameTakenError(Exception):
    """There is a sample of this name already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """From which decisions a sample is drawn; what is None is not asked. until is not included."""

    client: str | None = None
    service: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who judges a sample: the ids of three accounts."""

    first: str
    second: str
    adjudicator: str

    def by_place(self) -> Mapping[Place, str]:
        """Give who judges in which place."""
        return dict(zip(Place, (self.first, self.second, self.adjudicator), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSample:
    """A sample as it is to be kept. plan: n and the stop rule, as written down beforehand.

    wanted: how many decisions were asked for; of each class, or "all".
    """

    name: str
    plan: str
    method: str
    seed: int
    frame: Frame
    wanted: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSample:
    """A sample as it was drawn. question: its plan, its frame and the numbers asked for."""

    id: str
    name: str
    drawn_at: datetime
    drawn_by: str
    method: str
    seed: int
    question: Mapping[str, Any]
    strata: tuple[Stratum, ...]

    @property
    def plan(self) -> str:
        """Give n and the stop rule, as written down beforehand."""
        return str(self.question.get("plan", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceProgress:
    """How far the one in a place is with a sample."""

    place: Place
    account: str
    assigned: int
    submitted: int


class Samples:
    """The samples of a deployment. Every method: Errors: StoreUnavailable."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._insert = store.insert_new(samples).returning(samples.c.id)

    def ids_by_class(self, frame: Frame) -> Mapping[str, Sequence[str]]:
        """Give the decisions of a frame by review class, as far as their facts are kept.

        Without the facts nobody could judge them.
        """
        query = select(decisions.c.review_class, decisions.c.id).where(*_in(frame), _HAS_FACTS)
        found: defaultdict[str, list[str]] = defaultdict(list)
        with self._store.reading() as connection:
            for review_class, decision in connection.execute(query):
                found[review_class].append(decision)
        return found

    def count_without_facts(self, frame: Frame) -> int:
        """Count the decisions of a frame that cannot be drawn, because no facts are kept."""
        query = select(func.count()).select_from(decisions).where(*_in(frame), ~_HAS_FACTS)
        with self._store.reading() as connection:
            return connection.scalar(query) or 0

    def clients_and_services(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give the clients and the services that decisions are kept of."""
        with self._store.reading() as connection:
            clients, services = (
                tuple(connection.scalars(select(column).distinct().order_by(column)))
                for column in (decisions.c.client, decisions.c.service)
            )
        return clients, services

    def who_cannot(self, draw: Draw, team: Team) -> frozenset[str]:
        """Give those of a team who know too much of a drawn decision, by another sample.

        Who settles a decision sees the verdicts of others on it. So nobody judges a decision blind
        for one sample and settles the same one for another, in whichever order.
        """
        drawn = [pick.decision for pick in draw.picks]
        is_blind = assignments.c.place.in_(_BLIND)
        opposite = (assignments.c.account == team.adjudicator) & is_blind
        opposite |= assignments.c.account.in_((team.first, team.second)) & ~is_blind
        found = select(assignments.c.account, assignments.c.decision).where(opposite)
        with self._store.reading() as connection:
            known = connection.execute(found).all()
        return frozenset(row.account for row in known if row.decision in set(drawn))

    def add(self, new: NewSample, draw: Draw, team: Team, by: str, at: datetime) -> str:
        """Keep a sample with an assignment of every decision to all three; give its id.

        Errors: SampleNameTakenError.
        """
        sample = str(uuid4())
        with self._store.writing() as connection:
            if connection.scalar(self._insert, _row(sample, new, draw, by, at)) is None:
                raise SampleNameTakenError
            connection.execute(insert(assignments), _assignments(sample, draw, team, at))
        return sample

    def everything(self) -> tuple[KeptSample, ...]:
        """Give all samples, the newest first."""
        query = select(samples).order_by(samples.c.drawn_at.desc(), samples.c.id)
        with self._store.reading() as connection:
            return tuple(_read(row) for row in connection.execute(query).mappings())

    def find(self, sample: str) -> KeptSample | None:
        """Find a sample by its id."""
        query = select(samples).where(samples.c.id == keepable(sample))
        with self._store.reading() as connection:
            found = connection.execute(query).mappings().first()
        return None if found is None else _read(found)

    def progress(self, sample: str) -> tuple[PlaceProgress, ...]:
        """Give for each place who holds it, and how many decisions are assigned and submitted.

        A decision that has left the store is no longer among them.
        """
        submitted = exists().where(
            judgements.c.assignment == assignments.c.id, judgements.c.submitted
        )
        columns = (assignments.c.place, assignments.c.account)
        counted = (func.count().label("assigned"), func.count().filter(submitted).label("done"))
        query = select(*columns, *counted).where(assignments.c.sample == sample).group_by(*columns)
        with self._store.reading() as connection:
            found = {row.place: row for row in connection.execute(query)}
        return tuple(
            PlaceProgress(
                place=place, account=row.account, assigned=row.assigned, submitted=row.done
            )
            for place in Place
            if (row := found.get(place.value)) is not None
        )


def _in(frame: Frame) -> list[ColumnElement[bool]]:
    columns = decisions.c
    asked = [
        columns[name] == value
        for name in ("client", "service")
        if (value := getattr(frame, name)) is not None
    ]
    if frame.since is not None:
        asked.append(columns.decided_at >= frame.since)
    if frame.until is not None:
        asked.append(columns.decided_at < frame.until)
    return asked or [and_(True)]


def _row(sample: str, new: NewSample, draw: Draw, by: str, at: datetime) -> dict[str, Any]:
    frame = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(new.frame).items()
        if value is not None
    }
    return {
        "id": sample,
        "name": new.name,
        "drawn_at": at,
        "drawn_by": by,
        "method": new.method,
        "seed": new.seed,
        "question": {"plan": keepable(new.plan), "frame": frame, "wanted": dict(new.wanted)},
        "strata": [asdict(stratum) for stratum in draw.strata],
    }


def _assignments(sample: str, draw: Draw, team: Team, at: datetime) -> list[dict[str, Any]]:
    """Write an assignment for each; in a random order of ids, as they are worked on."""
    return [
        {
            "id": str(uuid4()),
            "sample": sample,
            "decision": pick.decision,
            "stratum": pick.stratum,
            "place": place.value,
            "account": account,
            "assigned_at": at,
        }
        for pick in draw.picks
        for place, account in team.by_place().items()
    ]


def _read(row: RowMapping) -> KeptSample:
    return KeptSample(**{**row, "strata": tuple(Stratum(**each) for each in row["strata"])})
