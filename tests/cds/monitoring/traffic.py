"""How does a test make days of traffic? Shipped patients, decided once, drawn again and again.

Each fixture is evaluated once under each knowledge, by the path that every call goes. A day is a
draw of them, as so many different patients, written down by the log that every call is written by.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from uuid import uuid4

from sqlalchemy import Connection, Insert, Table

from cds.decision import CardRecord, Decision
from cds.evaluation import Evaluation, Evaluator, open_bundle, pick_patient
from cds.evidence_expiry import EvidenceExpiry
from cds.hooks.cards import CardWriter
from cds.monitoring.measures import has_fired
from cds.monitoring.unknown_codes import unknown_codes
from cds.settings import Settings
from cds.store.database import Store
from cds.store.decisions import DecisionLog
from rules.knowledge import Knowledge
from tests.cds.assessments import AS_OF, NOW

PATIENTS = sorted((Path(__file__).parents[3] / "fixtures" / "patients").glob("*.json"))
CLIENT, SERVICE = "north", "trd-inflammation-patient-view"
MORNING = time(7, 30, tzinfo=UTC)
# Vignettes dwell on what earns a card. In traffic a card is seldom due: here for 1 in 30 patients.
OTHERS_FOR_ONE_FIXTURE = 5


def decide_fixtures(knowledge: Knowledge) -> tuple[Decision, ...]:
    """Evaluate every shipped patient once; the decisions have no patient and no moment yet."""
    writer = CardWriter(knowledge, Settings(), uuid4, lambda: NOW)
    expiry = EvidenceExpiry(knowledge.evidence, lambda: AS_OF)
    evaluator = Evaluator(knowledge, writer, uuid4, expiry)
    decided = []
    for file in PATIENTS:
        resources, patient = pick_patient(open_bundle(file.read_bytes()), None)
        decided.append(_decision(evaluator.evaluate(resources, patient, AS_OF)))
    return tuple(decided)


def _decision(evaluation: Evaluation) -> Decision:
    assessment = evaluation.assessment
    return Decision(
        id=evaluation.decision,
        decided_at=NOW,
        client=CLIENT,
        service=SERVICE,
        hook_instance=None,
        request_key=None,
        pseudonym="",
        as_of=AS_OF,
        mode="live",
        outcome="evaluated",
        knowledge_version=assessment.knowledge_version,
        knowledge_sha256=assessment.knowledge_sha256,
        rule_version=assessment.rule_version,
        resistance=assessment.treatment_resistance.status.value,
        inflammation=assessment.inflammation.status.value,
        answer={},
        cards=tuple(
            CardRecord(uuid=str(each.uuid), kind=each.extension.card.kind)
            for each in evaluation.cards
        ),
        shown=bool(evaluation.cards),
        unknown_codes=unknown_codes(evaluation.facts),
    )


def usual_weights(decided: Sequence[Decision]) -> list[int]:
    """Say how often each fixture comes, by what the shipped knowledge says of it."""
    fired = (has_fired(card.kind for card in each.cards) for each in decided)
    return [1 if each else OTHERS_FOR_ONE_FIXTURE for each in fired]


class Traffic:
    """The calls of one client, the same for the same seed."""

    def __init__(self, seed: int, patients_a_day: int, weights: Sequence[int]) -> None:
        self._random = Random(seed)  # noqa: S311 - a draw and no secret
        self._patients_a_day = patients_a_day
        self._weights = weights

    def day(self, day: date, decided: Sequence[Decision]) -> Iterator[Decision]:
        """Give the decisions of a day, up to a tenth more or fewer than usual."""
        spread = self._patients_a_day // 10
        count = self._patients_a_day + self._random.randint(-spread, spread)
        drawn = self._random.choices(decided, self._weights, k=count)
        for number, decision in enumerate(drawn):
            name = f"{day}-{number}"
            yield replace(
                decision,
                id=name,
                decided_at=datetime.combine(day, MORNING) + timedelta(minutes=number),
                pseudonym=name,
                cards=tuple(replace(card, uuid=f"{name}-{card.kind}") for card in decision.cards),
            )


def write_days(
    store: Store, traffic: Traffic, days: Sequence[date], decided: Sequence[Decision]
) -> None:
    """Write days of traffic down by the real log, all in one transaction, which is faster."""
    write(store, (decision for day in days for decision in traffic.day(day, decided)))


def write(store: Store, decisions: Iterator[Decision]) -> None:
    with store.writing() as connection:
        log = DecisionLog(_OneTransaction(store, connection))
        for decision in decisions:
            log.record(decision)


class _OneTransaction(Store):
    """A store within one transaction that somebody else ends."""

    def __init__(self, store: Store, connection: Connection) -> None:
        self._store = store
        self._connection = connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        yield self._connection

    def insert_new(self, into: Table) -> Insert:
        return self._store.insert_new(into)


def days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=number) for number in range(count)]
