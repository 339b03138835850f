"""What do the tests of figures look at? A store with decisions, feedback and judgements."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Flask, g
from flask.testing import FlaskClient

from cds.app import QuietFlask
from cds.hooks.catalogue import PATIENT_VIEW
from cds.kept_case import write_case
from cds.review.audit import Audit
from cds.review.figure_desk import FigureDesk
from cds.review.figures_page import offer_figures
from cds.review.judging import Judgement, Place
from cds.review.layout import lay_out
from cds.review.roles import Account, Role
from cds.review.sampling import Draw, Pick, Stratum
from cds.store.audit import AuditLog
from cds.store.database import Store
from cds.store.decisions import DecisionLog
from cds.store.feedback import FeedbackLog
from cds.store.judgements import Form, JudgementLog
from cds.store.samples import Frame, NewSample, Samples, Team
from rules.facts import Facts
from rules.knowledge import Knowledge
from tests.cds.store.records import CLIENT, NOW, Entry, card, decision
from tests.cds.store.reviewing import AGREE, CANNOT_TELL, DISAGREE, add_people, judgement
from tests.support.as_facts import facts_of
from tests.support.vignette import vignettes

__all__ = ["AGREE", "CANNOT_TELL", "DISAGREE", "PATIENT_VIEW"]

LEAD = Account(id="account-c", name="Carla", role=Role.LEAD)


def examples(knowledge: Knowledge) -> tuple[tuple[Facts, date], ...]:
    """Give the patients of the vignettes with the day they are judged on."""
    return tuple((facts_of(each, knowledge), each.as_of) for each in vignettes())


@dataclass(frozen=True, slots=True)
class Site:
    """A store that a test fills."""

    store: Store

    def decide(self, review_class: str, **changes: Any) -> str:
        """Write a decision down; one that fires has a card."""
        fired = review_class in {"shown", "silent"}
        values = {
            "service": PATIENT_VIEW,
            "request_key": None,
            "review_class": review_class,
            "cards": (card(),) if fired else (),
            "shown": review_class == "shown",
            "facts": b"{}",
        }
        recorded = decision(**{**values, **changes})
        DecisionLog(self.store).record(recorded)
        return recorded.id

    def keep(self, facts: Facts, as_of: date, **changes: Any) -> str:
        """Write a decision down whose facts can be read again."""
        return self.decide(
            "nothing_to_say", facts=write_case(facts, (), ()), as_of=as_of, **changes
        )

    def override(self, uuid: str, reason: str | None, after: timedelta) -> None:
        entry = Entry(card=uuid, reason_code=reason, outcome_at=NOW + after)
        FeedbackLog(self.store).add(CLIENT, PATIENT_VIEW, [entry], NOW + after)


@dataclass(frozen=True, slots=True)
class Review:
    """A sample, of which a test says what the reviewers said."""

    store: Store
    sample: str
    team: Team

    def submit(self, decided: str, *said: Judgement) -> None:
        """Submit on a decision, in the order first, second, adjudicator."""
        log = JudgementLog(self.store)
        for place, judged in zip(Place, said, strict=False):
            account = self.team.by_place()[place]
            (mine,) = [a for a in log.assigned(account, decided) if a.sample == self.sample]
            view = log.view(account, mine.id)
            assert view is not None
            form = Form(judgement=judged, submit=True, based_on=view.based_on, seen=view.seen)
            log.save(account, mine.id, form, NOW)

    def judge(
        self, decided: str, first: Any = AGREE, second: Any = AGREE, third: Any = None
    ) -> None:
        said = [judgement(each) for each in (first, second, third) if each is not None]
        self.submit(decided, *said)


def draw_sample(store: Store, drawn: dict[str, list[str]], held: dict[str, int]) -> Review:
    """Draw a sample by hand: ids by stratum, and how many each stratum held."""
    anna, ben, carla = add_people(store)
    team = Team(first=anna.id, second=ben.id, adjudicator=carla.id)
    new = NewSample(
        name="June",
        plan="n = 60; stop below a PPV of 0.6",
        method="stratified",
        seed=7,
        frame=Frame(),
        wanted={name: len(ids) for name, ids in drawn.items()},
    )
    draw = Draw(
        picks=tuple(
            Pick(decision=each, stratum=name) for name, ids in drawn.items() for each in ids
        ),
        strata=tuple(
            Stratum(name=name, held=held[name], drawn=len(ids)) for name, ids in drawn.items()
        ),
    )
    return Review(store, Samples(store).add(new, draw, team, carla.id, NOW), team)


def browse(store: Store, knowledge: Knowledge, *, synthetic: bool = True) -> FlaskClient:
    """Give a browser on the pages of figures, signed in as a lead."""
    app: Flask = QuietFlask("cds")
    routes = Blueprint("review", "cds", url_prefix="/review")
    lay_out(routes, lambda: "")
    desk = FigureDesk(store, knowledge, _now)
    offer_figures(routes, desk, Audit(AuditLog(store), _now), synthetic=synthetic)

    @routes.before_request
    def sign_in() -> None:
        g.account = LEAD

    app.register_blueprint(routes)
    return app.test_client()


def _now() -> datetime:
    return NOW
