"""Can a lead download what was asked for, and nobody see what they must not?"""

import json
import re
from datetime import timedelta

import pytest
from flask import Blueprint, Flask, g, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cds.error_answers import answer_with_outcome, register_error_answers
from cds.exports.catalogue import FILES, Subject
from cds.exports.export_desk import ExportDesk
from cds.operations.request_log import register_request_log
from cds.review.audit import Audit
from cds.review.audit_page import offer_audit
from cds.review.exports_form import AUDIT_FILES, REVIEW_FILES
from cds.review.exports_page import ExportsDesk, offer_exports
from cds.review.layout import lay_out
from cds.review.permissions import may_use
from cds.review.roles import Account, Role
from cds.store.accounts import Accounts
from cds.store.audit import AuditEvent, AuditLog, AuditQuestion
from cds.store.database import Store
from cds.store.errors import StoreUnavailable
from cds.store.exported import ExportSource
from cds.store.feedback import FeedbackLog
from cds.store.pseudonym import Pseudonyms
from cds.store.samples import Samples, Team
from tests.cds.exports.readers import read_lines, read_table
from tests.cds.exports.records import KEY
from tests.cds.store.records import CLIENT, NOW, SERVICE, Entry
from tests.cds.store.reviewing import Review, add_account, add_sample, begin_review, judgement

THEO = Account(id="account-t", name="Theo", role=Role.AUDITOR)


class Browser:
    """A browser of somebody who is signed in; X-Account says who."""

    def __init__(self, web: FlaskClient, account: Account) -> None:
        self._web = web
        self._headers = {"X-Account": account.id}

    def get(self, path: str) -> TestResponse:
        return self._web.get(f"/review{path}", headers=self._headers)

    def order(self, file: str, path: str = "/exports", **fields: str) -> TestResponse:
        sent = {"file": file, **fields}
        return self._web.post(f"/review{path}", data=sent, headers=self._headers)


@pytest.fixture
def review(review_store: Store) -> Review:
    made = begin_review(review_store)
    add_account(review_store, THEO)
    made.submit(made.anna, judgement(comment="Anna's own words"))
    made.submit(made.ben, judgement())
    FeedbackLog(review_store).add(CLIENT, SERVICE, [Entry(card="a")], NOW)
    return made


@pytest.fixture
def web(review: Review) -> FlaskClient:
    return app_on(review, AuditLog(review.store)).test_client()


def app_on(review: Review, log: AuditLog) -> Flask:
    people = {each.id: each for each in (review.anna, review.ben, review.carla, THEO)}
    people["account-d"] = Account(id="account-d", name="Dora", role=Role.LEAD)
    app = Flask("cds")
    register_request_log(app)
    routes = Blueprint("review", __name__, url_prefix="/review")
    lay_out(routes, lambda: "")

    @routes.before_request
    def come_in() -> tuple[str, int] | None:
        g.account = people[request.headers["X-Account"]]
        return None if may_use(g.account, request.endpoint or "") else ("refused", 403)

    audit = Audit(log, lambda: NOW)
    desk = ExportDesk(ExportSource(review.store, 1), Pseudonyms(KEY), "https://cds.example.org")
    offer_audit(routes, log, Accounts(review.store), audit)
    offer_exports(routes, ExportsDesk(exports=desk, samples=Samples(review.store), audit=audit))
    register_error_answers(routes, answer_with_outcome)
    app.register_blueprint(routes)
    return app


@pytest.fixture
def lead(web: FlaskClient, review: Review) -> Browser:
    return Browser(web, review.carla)


def audited(review: Review) -> list[AuditEvent]:
    found = AuditLog(review.store).find(AuditQuestion(action="export"))
    return [each.event for each in found]


def test_the_page_offers_every_file_but_those_of_the_audit(lead: Browser) -> None:
    page = lead.get("/exports").text
    assert [each.name for each in REVIEW_FILES if f'value="{each.name}"' not in page] == []
    assert "audit.csv" not in page


def test_the_page_has_one_heading_and_a_label_for_every_input(lead: Browser) -> None:
    page = lead.get("/exports").text
    named = set(re.findall(r'<(?:input type="(?!hidden)[a-z]+"|select) id="([^"]+)"', page))
    assert page.count("<h1>") == 1
    assert named == set(re.findall(r'<label for="([^"]+)"', page))
    assert len(named) == len(REVIEW_FILES) + 6


@pytest.mark.requirement("C8")
@pytest.mark.parametrize("file", REVIEW_FILES, ids=lambda each: each.name)
@pytest.mark.parametrize("told", ["de-identified", "as-kept"])
def test_every_file_is_downloaded_and_audited(
    lead: Browser, review: Review, file: object, told: str
) -> None:
    name = file.name  # type: ignore[attr-defined]
    response = lead.order(name, told=told)
    assert response.status_code == 200
    assert response.mimetype == file.mimetype  # type: ignore[attr-defined]
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.data
    (event,) = audited(review)
    assert event.account == review.carla.id
    assert event.details == {
        "file": name,
        "de_identified": "yes" if told == "de-identified" else "no",
    }


def test_unless_chosen_otherwise_an_export_is_de_identified(lead: Browser) -> None:
    assert b"Anna" not in lead.order("judgements.csv").data
    assert b"Anna's own words" in lead.order("judgements.csv", told="as-kept").data


@pytest.mark.parametrize("file", REVIEW_FILES, ids=lambda each: each.name)
def test_the_address_of_the_deployment_is_in_no_de_identified_file(
    lead: Browser, file: object
) -> None:
    assert b"cds.example.org" not in lead.order(file.name).data  # type: ignore[attr-defined]
    responses = lead.order("guidance-responses.ndjson", told="as-kept").data
    assert b"https://cds.example.org" in responses


class NoAudit(AuditLog):
    """A log that cannot be written to."""

    def add(self, event: AuditEvent) -> None:  # noqa: ARG002 - as of the real one
        raise StoreUnavailable("full")


@pytest.mark.requirement("C8", "C12")
def test_nothing_is_sent_that_cannot_be_written_down(review: Review) -> None:
    browser = Browser(app_on(review, NoAudit(review.store)).test_client(), review.carla)
    response = browser.order("decisions.csv")
    assert response.status_code == 503
    assert review.decision not in response.text


@pytest.mark.requirement("C8", "C12")
def test_an_export_is_written_down_before_its_first_byte(
    review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(AuditLog, "add", lambda *_: done.append("audited"))
    monkeypatch.setattr(ExportSource, "decisions", lambda *_: done.append("read") or iter(()))
    web = app_on(review, AuditLog(review.store)).test_client()
    Browser(web, review.carla).order("decisions.jsonl")
    assert done == ["audited", "read"]


def test_a_store_that_cannot_be_read_is_told_as_such(
    lead: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(ExportSource, "_pages", fail)
    assert lead.order("decisions.jsonl").status_code == 503


@pytest.mark.requirement("C8", "C12", "C6")
@pytest.mark.parametrize("who", ["anna", "ben"])
def test_a_reviewer_exports_nothing(web: FlaskClient, review: Review, who: str) -> None:
    browser = Browser(web, getattr(review, who))
    assert browser.get("/exports").status_code == 403
    assert browser.order("judgements.csv").status_code == 403
    assert audited(review) == []


@pytest.mark.requirement("C6", "C8")
def test_a_lead_who_has_still_to_judge_a_case_exports_no_judgement_on_it(
    web: FlaskClient, review: Review
) -> None:
    dora = Account(id="account-d", name="Dora", role=Role.LEAD)
    add_account(review.store, dora)
    team = Team(first=dora.id, second=review.ben.id, adjudicator=review.carla.id)
    add_sample(review.store, team, review.decision, name="Second sample")
    assert read_lines([Browser(web, dora).order("judgements.jsonl").data]) == []
    assert len(read_lines([Browser(web, review.carla).order("judgements.jsonl").data])) == 2


@pytest.mark.parametrize(
    ("fields", "rows"),
    [
        ({}, 1),
        ({"client": CLIENT}, 1),
        ({"since": "2026-06-30", "until": "2026-06-30"}, 1),
        ({"until": "2026-06-29"}, 0),
        ({"since": "2026-07-01"}, 0),
    ],
)
def test_only_what_was_asked_for_is_exported(
    lead: Browser, fields: dict[str, str], rows: int
) -> None:
    assert len(read_table([lead.order("decisions.csv", **fields).data])) == rows


def test_only_a_sample_can_be_exported(lead: Browser, review: Review) -> None:
    response = lead.order("decisions.csv", sample=review.sample)
    assert len(read_table([response.data])) == 1
    (event,) = audited(review)
    assert event.details["sample"] == review.sample


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"file": ""}, "Choose a file"),
        ({"file": "../../etc/passwd"}, "Choose a file"),
        ({"file": "audit.csv"}, "Choose a file"),
        ({"client": "nobody"}, "Client: choose one from the list"),
        ({"sample": "none"}, "Sample: choose one from the list"),
        ({"since": "tomorrow"}, "First day must be a date, such as 2026-06-30"),
        ({"until": "2026-13-01"}, "Last day must be a date, such as 2026-06-30"),
        (
            {"since": "2026-07-01", "until": "2026-06-30"},
            "First day must not be after the last day",
        ),
    ],
)
def test_a_wrong_order_is_told_beside_its_field_and_exports_nothing(
    lead: Browser, review: Review, fields: dict[str, str], fault: str
) -> None:
    response = lead.order(**{"file": "decisions.csv", **fields})
    assert response.status_code == 422
    assert response.text.count(fault) == 2  # in the summary, and beside the field
    assert audited(review) == []


def test_what_was_chosen_is_still_chosen_beside_a_fault(lead: Browser) -> None:
    page = lead.order("feedback.csv", told="as-kept", client=CLIENT, since="no day").text
    assert 'value="feedback.csv" checked' in page
    assert 'value="as-kept" checked' in page
    assert f'<option value="{CLIENT}" selected>' in page


# The audit


@pytest.mark.requirement("C8")
@pytest.mark.parametrize("file", AUDIT_FILES, ids=lambda each: each.name)
def test_an_auditor_downloads_the_audit(web: FlaskClient, review: Review, file: object) -> None:
    log = AuditLog(review.store)
    log.add(AuditEvent(at=NOW - timedelta(days=1), account=None, action="sign_in", outcome="done"))
    response = Browser(web, THEO).order(file.name, "/audit/export")  # type: ignore[attr-defined]
    assert response.status_code == 200
    assert b"sign_in" in response.data
    assert b"export" in response.data  # this export itself, written down before
    (event,) = audited(review)
    assert (event.account, event.details["de_identified"]) == (THEO.id, "no")


def test_the_audit_can_be_downloaded_de_identified(web: FlaskClient, review: Review) -> None:
    order = Browser(web, THEO).order
    lines = read_lines([order("audit.jsonl", "/audit/export", told="de-identified").data])
    assert "Theo" not in json.dumps(lines)
    assert len(audited(review)) == len(lines) == 1


def test_a_lead_does_not_download_the_audit(lead: Browser) -> None:
    assert lead.order("audit.csv", "/audit/export").status_code == 403


def test_an_auditor_downloads_nothing_but_the_audit(web: FlaskClient) -> None:
    browser = Browser(web, THEO)
    assert browser.order("decisions.csv", "/audit/export").status_code == 400
    assert browser.order("decisions.csv").status_code == 403


def test_the_page_of_the_audit_offers_its_files(web: FlaskClient) -> None:
    page = Browser(web, THEO).get("/audit").text
    assert [each.name for each in AUDIT_FILES if f'value="{each.name}"' not in page] == []


def test_every_file_is_offered_in_one_place_alone() -> None:
    assert sorted(each.name for each in (*AUDIT_FILES, *REVIEW_FILES)) == sorted(
        each.name for each in FILES
    )
    assert len({each.name for each in FILES}) == len(FILES)
    assert {each.subject for each in AUDIT_FILES} == {Subject.AUDIT}
