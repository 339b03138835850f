"""Does the form stand on the page of the case, for those who judge it and for nobody else?"""

import re
from datetime import timedelta

import pytest
from flask import Blueprint, Flask, g, request
from flask.testing import FlaskClient

from cds.replaying import Replayer
from cds.review.audit import Audit
from cds.review.case import CaseReader
from cds.review.case_page import Kept, offer_case
from cds.review.judgement_page import offer_judging
from cds.review.judging import CRITERIA
from cds.review.layout import lay_out
from cds.review.queue_page import offer_queue
from cds.review.roles import Account, Role
from cds.review.worklist_page import offer_worklist
from cds.settings import Settings
from cds.store.audit import AuditLog
from cds.store.database import Store
from cds.store.decisions import DecisionLog
from cds.store.feedback import FeedbackLog
from cds.store.judgements import JudgementLog
from cds.store.queue import Queue
from cds.store.samples import Team
from cds.store.worklists import Worklists
from rules.knowledge import Knowledge
from tests.cds.review.kept_cases import DECIDED, by_id, decide
from tests.cds.store.reviewing import DISAGREE, REASON, Review, add_people, add_sample, judgement

ANNA = Account(id="account-a", name="Anna", role=Role.REVIEWER)
BEN = Account(id="account-b", name="Ben", role=Role.REVIEWER)
CARLA = Account(id="account-c", name="Carla", role=Role.LEAD)
PEOPLE = (ANNA, BEN, CARLA)
AUDITOR = Account(id="account-d", name="Dora", role=Role.SAFETY_OFFICER)
FORM = 'id="judgement"'
ALL_AGREED = dict.fromkeys(CRITERIA, "agree")


@pytest.fixture
def case(review_store: Store, knowledge: Knowledge) -> str:
    made = decide(by_id()["C01"], knowledge)
    DecisionLog(review_store).record(made.decision)
    anna, ben, carla = add_people(review_store)
    assert (anna, ben, carla) == PEOPLE
    team = Team(first=anna.id, second=ben.id, adjudicator=carla.id)
    add_sample(review_store, team, made.decision.id)
    return made.decision.id


def open_case(web: FlaskClient, case: str, account: Account, query: str = "") -> str:
    answer = web.get(f"/review/decisions/{case}{query}", headers={"X-Account": account.id})
    assert answer.status_code == 200
    return answer.text


def send(web: FlaskClient, page: str, account: Account, **fields: str) -> str:
    """Send the form of a page, and give the address it leads to."""
    action = re.search(r'<form class="judge" method="post" action="([^"]+)"', page)
    assert action is not None
    hidden = dict(re.findall(r'name="(based_on|seen|back)" value="(\w+)"', page))
    answer = web.post(action[1], data=hidden | fields, headers={"X-Account": account.id})
    assert answer.status_code == 303
    return str(answer.location)


@pytest.fixture
def web(review_store: Store, knowledge: Knowledge, case: str) -> FlaskClient:  # noqa: ARG001
    app, routes = Flask("cds"), Blueprint("review", __name__, url_prefix="/review")
    people = {each.id: each for each in (*PEOPLE, AUDITOR)}
    lay_out(routes, lambda: "")
    routes.before_request(lambda: setattr(g, "account", people[request.headers["X-Account"]]))
    audit, queue = Audit(AuditLog(review_store), lambda: DECIDED), Queue(review_store)
    kept = Kept(log=DecisionLog(review_store), feedback=FeedbackLog(review_store), queue=queue)
    offer_queue(routes, queue, audit)
    offer_case(routes, kept, CaseReader(Replayer(knowledge, Settings()), knowledge), audit)
    now = DECIDED + timedelta(days=2)
    offer_judging(routes, JudgementLog(review_store), audit, lambda: now)
    offer_worklist(routes, Worklists(review_store))
    app.register_blueprint(routes)
    return app.test_client()


@pytest.mark.requirement("C4")
def test_who_is_to_judge_has_the_form_on_the_case(web: FlaskClient, case: str) -> None:
    page = open_case(web, case, ANNA)
    assert page.count(FORM) == 1
    assert "It was right to write a card" in page


@pytest.mark.requirement("C6")
def test_who_is_not_to_judge_has_none(web: FlaskClient, case: str) -> None:
    assert FORM not in open_case(web, case, AUDITOR)


@pytest.mark.requirement("C4")
def test_a_draft_leads_back_to_the_case_and_stands_in_it(web: FlaskClient, case: str) -> None:
    back = send(web, open_case(web, case, ANNA), ANNA, do="draft", overall="cannot_tell")
    assert back.startswith(f"/review/decisions/{case}?judging=")
    assert back.endswith("#judgement")
    chosen = re.findall(r'value="(\w+)"[^>]* checked>', open_case(web, case, ANNA))
    assert chosen == ["cannot_tell"]


@pytest.mark.requirement("C4")
def test_what_is_missing_is_named_on_the_case(web: FlaskClient, case: str) -> None:
    back = send(web, open_case(web, case, ANNA), ANNA, do="submit", overall="disagree")
    page = open_case(web, case, ANNA, f"?{back.split('?')[1].split('#')[0]}")
    assert "This is not submitted yet" in page
    assert "Overall: choose at least one reason for disagreeing" in page


@pytest.mark.requirement("C6")
@pytest.mark.parametrize("account", [BEN, CARLA, AUDITOR], ids=lambda each: each.name)
def test_the_case_is_the_same_for_others_whatever_the_first_said(
    web: FlaskClient, case: str, account: Account
) -> None:
    before = open_case(web, case, account)
    said = {"overall": "disagree", "overall-reasons": REASON, "overall-comment": "what Anna wrote"}
    send(web, open_case(web, case, ANNA), ANNA, do="draft", **said)
    send(web, open_case(web, case, ANNA), ANNA, do="agree", **said)
    send(web, open_case(web, case, ANNA), ANNA, do="submit", **said | ALL_AGREED)
    assert open_case(web, case, account) == before


@pytest.mark.requirement("C6")
def test_the_adjudicator_settles_on_the_case(
    web: FlaskClient, case: str, review_store: Store
) -> None:
    log = JudgementLog(review_store)
    (mine,) = log.assigned(ANNA.id, case)
    review = Review(review_store, log, mine.sample, case, *PEOPLE)
    review.submit(ANNA, judgement(DISAGREE, comment="what Anna wrote"))
    review.submit(BEN, judgement())
    page = open_case(web, case, CARLA)
    assert "what Anna wrote" in page
    send(web, page, CARLA, do="submit", overall="agree", **ALL_AGREED)
    assert "The adjudicator has settled this case" in open_case(web, case, BEN)
