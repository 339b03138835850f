"""Who reviews what in the tests? A sample of decisions, two reviewers and an adjudicator."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from cds.review.judging import CRITERIA, Answer, Judgement, Verdict3
from cds.review.roles import Account, Role
from cds.review.sampling import Draw, Pick, Stratum
from cds.store.case_view import CaseView, SavedJudgement
from cds.store.database import Store
from cds.store.decisions import DecisionLog
from cds.store.judgements import Form, JudgementLog
from cds.store.samples import Frame, NewSample, Samples, Team
from cds.store.schema import accounts
from tests.cds.store.records import NOW, card, decision

AGREE, DISAGREE, CANNOT_TELL = Verdict3
REASON = "patient-ineligible"


def judgement(
    overall: Verdict3 = AGREE, *, comment: str = "", because: str = "", **criteria: Verdict3
) -> Judgement:
    """A whole judgement: "agree" to all that is not named."""

    def answer(verdict: Verdict3, said: str = "") -> Answer:
        reasons = (REASON,) if verdict is DISAGREE else ()
        return Answer(verdict=verdict, reasons=reasons, comment=said)

    return Judgement(
        overall=answer(overall, comment),
        criteria={each: answer(criteria.get(each, AGREE)) for each in CRITERIA},
        because=because,
    )


@dataclass(frozen=True)
class Review:
    """One sample of one decision, and those who judge it."""

    store: Store
    log: JudgementLog
    sample: str
    decision: str
    anna: Account
    ben: Account
    carla: Account

    def assignment(self, account: Account) -> str:
        mine = self.log.assigned(account.id, self.decision)
        return next(each.id for each in mine if each.sample == self.sample)

    def view(self, account: Account) -> CaseView:
        view = self.log.view(account.id, self.assignment(account))
        assert view is not None
        return view

    def save(
        self, account: Account, said: Judgement, *, submit: bool = False, minutes: int = 0
    ) -> SavedJudgement:
        """Save from a page that was opened just now."""
        outcome = self.try_to_save(account, said, submit=submit, minutes=minutes)
        assert isinstance(outcome, SavedJudgement), outcome
        return outcome

    def try_to_save(
        self, account: Account, said: Judgement, *, submit: bool = False, minutes: int = 0
    ) -> object:
        view = self.view(account)
        form = Form(judgement=said, submit=submit, based_on=view.based_on, seen=view.seen)
        return self.log.save(
            account.id, self.assignment(account), form, NOW + timedelta(minutes=minutes)
        )

    def submit(self, account: Account, said: Judgement, **more: Any) -> SavedJudgement:
        return self.save(account, said, submit=True, **more)


def add_people(store: Store) -> tuple[Account, Account, Account]:
    people = (
        Account(id="account-a", name="Anna", role=Role.REVIEWER),
        Account(id="account-b", name="Ben", role=Role.REVIEWER),
        Account(id="account-c", name="Carla", role=Role.LEAD),
    )
    for each in people:
        add_account(store, each)
    return people


def add_account(store: Store, account: Account) -> None:
    row = {"id": account.id, "name": account.name, "role": account.role.value, "created_at": NOW}
    with store.writing() as connection:
        connection.execute(insert(accounts), row)


def record(store: Store, **changes: Any) -> str:
    values = {"cards": (card(),), "facts": b"{}", "review_class": "shown"} | changes
    recorded = decision(**values)
    DecisionLog(store).record(recorded)
    return recorded.id


def add_sample(store: Store, team: Team, *decisions: str, name: str = "First sample") -> str:
    draw = Draw(
        picks=tuple(Pick(decision=each, stratum="shown") for each in decisions),
        strata=(Stratum(name="shown", held=40, drawn=len(decisions)),),
    )
    new = NewSample(
        name=name,
        plan="n = 1; stop after it",
        method="stratified",
        seed=7,
        frame=Frame(),
        wanted={"shown": len(decisions)},
    )
    return Samples(store).add(new, draw, team, team.adjudicator, NOW)


def begin_review(store: Store) -> Review:
    anna, ben, carla = add_people(store)
    decided = record(store)
    team = Team(first=anna.id, second=ben.id, adjudicator=carla.id)
    return Review(
        store=store,
        log=JudgementLog(store),
        sample=add_sample(store, team, decided),
        decision=decided,
        anna=anna,
        ben=ben,
        carla=carla,
    )
