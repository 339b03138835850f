"""What do the tests of judging work with? The pages on a store, and browsers of those who judge."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, g, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cds.error_answers import answer_with_outcome, register_error_answers
from cds.operations.request_log import register_request_log
from cds.review.audit import Audit
from cds.review.judgement_page import offer_judging
from cds.review.judging import CRITERIA, OVERALL
from cds.review.layout import lay_out
from cds.review.permissions import may_use
from cds.review.roles import Account
from cds.review.samples_page import SampleDesk, offer_samples
from cds.review.worklist_page import offer_worklist
from cds.store.accounts import Accounts
from cds.store.audit import AuditLog, AuditQuestion
from cds.store.database import Store
from cds.store.judged_cases import JudgedCases
from cds.store.judgements import JudgementLog
from cds.store.samples import Samples
from cds.store.worklists import Worklists
from tests.cds.store.records import NOW
from tests.cds.store.reviewing import Review

SEED = 20_260_630
_FIELD = re.compile(r'name="(based_on|seen)" value="(\d+)"')


def judging_app(store: Store, people: dict[str, Account]) -> Flask:
    """Give an app in which the header X-Account says who is signed in; permissions hold."""
    app = Flask("cds")
    register_request_log(app)
    routes = Blueprint("review", __name__, url_prefix="/review")
    lay_out(routes, lambda: "")

    @routes.before_request
    def come_in() -> tuple[str, int] | None:
        g.account = people[request.headers["X-Account"]]
        return None if may_use(g.account, request.endpoint or "") else ("refused", 403)

    audit = Audit(AuditLog(store), lambda: NOW)
    now = lambda: NOW + timedelta(hours=1)  # noqa: E731
    offer_judging(routes, JudgementLog(store), audit, now)
    offer_worklist(routes, Worklists(store))
    offer_samples(
        routes,
        SampleDesk(
            samples=Samples(store),
            judged=JudgedCases(store),
            accounts=Accounts(store),
            audit=audit,
            now=now,
            new_seed=lambda: SEED,
        ),
    )
    register_error_answers(routes, answer_with_outcome)
    app.register_blueprint(routes)
    return app


@dataclass(frozen=True)
class Desk:
    """One review over HTTP."""

    review: Review
    web: FlaskClient

    def get(self, account: Account, path: str) -> TestResponse:
        return self.web.get(f"/review{path}", headers={"X-Account": account.id})

    def post(
        self, account: Account, path: str, fields: dict[str, Any], **more: str
    ) -> TestResponse:
        headers = {"X-Account": account.id, **{key.title(): value for key, value in more.items()}}
        return self.web.post(f"/review{path}", data=fields, headers=headers)

    def path(self, account: Account) -> str:
        kind = "adjudications" if account is self.review.carla else "judgements"
        return f"/{kind}/{self.review.assignment(account)}"

    def open_form(self, account: Account) -> str:
        return self.get(account, self.path(account)).text

    def send(
        self, account: Account, do: str, fields: dict[str, Any] | None = None, **more: str
    ) -> TestResponse:
        """Open the form and send it at once."""
        hidden = dict(_FIELD.findall(self.open_form(account)))
        sent = {"do": do, **hidden, **(fields or {})}
        return self.post(account, self.path(account), sent, **more)

    def audited(self, **asked: Any) -> list[tuple[str | None, str, str]]:
        events = AuditLog(self.review.store).find(AuditQuestion(**asked), at_most=100)
        return [(each.event.account, each.event.action, each.event.outcome) for each in events]


def answers(verdict: str = "agree", **others: str) -> dict[str, str]:
    """All fields of a whole form; a criterion can be given another verdict."""
    return {each: others.get(each, verdict) for each in (OVERALL, *CRITERIA)} | {
        name: value for name, value in others.items() if name not in {OVERALL, *CRITERIA}
    }
