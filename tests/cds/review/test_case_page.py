"""Does the page of a case show all that is known of it, and say what is not?"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cds.decision import Decision
from cds.errors import UnknownRoute
from cds.store.database import Store
from cds.store.decisions import DecisionLog
from cds.store.errors import StoreUnavailable
from cds.store.feedback import FeedbackLog
from cds.store.schema import audit_events
from rules.knowledge import Knowledge
from rules.order_assessment import assess_orders
from tests.cds.pages import Page
from tests.cds.review.kept_cases import DECIDED, by_id, decide, decide_on_orders, review_app
from tests.cds.review.trace import words_of
from tests.cds.store.records import Entry
from tests.support.build_drafts import CELECOXIB, draft

SHOWN, SAFETY, OPEN = "C01", "C02", "M20"


@pytest.fixture
def pages(review_store: Store, knowledge: Knowledge) -> FlaskClient:
    return review_app(review_store, knowledge).test_client()


def keep(store: Store, decision: Decision) -> str:
    DecisionLog(store).record(decision)
    return f"/review/decisions/{decision.id}"


def kept(store: Store, knowledge: Knowledge, name: str, **changes: Any) -> str:
    return keep(store, decide(by_id()[name], knowledge, **changes).decision)


@pytest.mark.parametrize("name", [SHOWN, SAFETY, OPEN, "C05", "P08.1"])
def test_the_page_is_well_formed_and_no_id_stands_twice(
    name: str, review_store: Store, knowledge: Knowledge, pages: FlaskClient
) -> None:
    page = Page(pages.get(kept(review_store, knowledge, name)).get_data(as_text=True))
    twice = sorted({each for each in page.ids if page.ids.count(each) > 1})
    assert (page.faults, twice, page.headings.count("h1")) == ([], [], 1)


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_case_on_draft_orders_shows_its_findings_with_and_without_facts(
    is_kept: bool, review_store: Store, knowledge: Knowledge, pages: FlaskClient
) -> None:
    decision, facts = decide_on_orders(knowledge, draft(), draft(CELECOXIB))
    address = keep(review_store, decision if is_kept else replace(decision, facts=None))
    page = pages.get(address).get_data(as_text=True)
    assessment = assess_orders(facts, decision.as_of, knowledge)
    becauses = {assessment.finding.because, assessment.depression.because}
    becauses |= {each.finding.because for each in assessment.drafts}
    told = words_of(page)
    assert [each for each in becauses if each.lower() not in told] == []
    assert Page(page).faults == []


def test_every_datum_of_the_record_is_on_the_page(
    review_store: Store, knowledge: Knowledge, pages: FlaskClient
) -> None:
    made = decide(by_id()[SHOWN], knowledge)
    told = words_of(pages.get(keep(review_store, made.decision)).get_data(as_text=True))
    facts = made.facts
    kinds = (facts.diagnoses, facts.exposures, facts.markers, facts.scores, facts.measurements)
    sources = {source for kind in kinds for each in kind for source in each.sources}
    assert [each for each in sorted(sources) if each.lower() not in told] == []


def test_a_card_that_was_sent_stands_as_the_client_shows_it(
    review_store: Store, knowledge: Knowledge, pages: FlaskClient
) -> None:
    page = pages.get(kept(review_store, knowledge, SHOWN)).get_data(as_text=True)
    assert "As the client system was sent it" in page
    assert "<strong>Why shown</strong>" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mode": "silent"}, "silent mode"),
        ({"mode": "live", "outcome": "snoozed"}, "the same evidence was shown before"),
    ],
)
def test_a_card_that_was_not_sent_says_so_and_why(
    changes: dict[str, Any],
    words: str,
    review_store: Store,
    knowledge: Knowledge,
    pages: FlaskClient,
) -> None:
    address = kept(review_store, knowledge, SHOWN, shown=False, **changes)
    told = words_of(pages.get(address).get_data(as_text=True))
    assert "would have been shown: recorded, and not sent" in told
    assert words in told


def test_without_facts_the_page_tells_what_the_log_holds_and_what_is_missing(
    review_store: Store, knowledge: Knowledge, pages: FlaskClient
) -> None:
    address = kept(review_store, knowledge, SHOWN, facts=None)
    page = pages.get(address).get_data(as_text=True)
    told = words_of(page)
    assert "no facts are kept" in told
    assert "90 covered days at 100 mg/day" in told
    assert "only this first line is kept" in told
    assert "<svg" not in page


def test_facts_that_cannot_be_read_are_named_and_the_log_is_told(
    review_store: Store, knowledge: Knowledge, pages: FlaskClient
) -> None:
    address = kept(review_store, knowledge, SHOWN, facts=b'{"facts_schema":0}')
    told = words_of(pages.get(address).get_data(as_text=True))
    assert "its facts were kept by another version" in told
    assert "90 covered days at 100 mg/day" in told


def test_under_other_knowledge_the_stored_answer_stands_and_the_page_says_so(
    review_store: Store, knowledge: Knowledge, pages: FlaskClient
) -> None:
    made = decide(by_id()[SHOWN], knowledge).decision
    answer: Any = made.answer
    resistance = {**answer["treatmentResistance"], "because": "as an older rule saw it"}
    older = replace(
        made,
        knowledge_sha256="c" * 64,
        resistance="possible",
        answer={**answer, "treatmentResistance": resistance},
    )
    told = words_of(pages.get(keep(review_store, older)).get_data(as_text=True))
    assert "the knowledge has changed since this decision" in told
    assert "as an older rule saw it" in told
    assert "decided under it: treatment resistance: criteria met" in told


def test_what_was_switched_off_says_that_nothing_was_evaluated(
    review_store: Store, knowledge: Knowledge, pages: FlaskClient
) -> None:
    address = kept(
        review_store,
        knowledge,
        SHOWN,
        facts=None,
        answer={},
        cards=(),
        shown=False,
        outcome="switched_off",
        review_class="switched_off",
        resistance="not_judged",
        inflammation="not_judged",
    )
    told = words_of(pages.get(address).get_data(as_text=True))
    assert "nothing was evaluated" in told


def test_feedback_stands_at_its_card_and_no_markup_of_it_lives(
    review_store: Store, knowledge: Knowledge, pages: FlaskClient
) -> None:
    decision = decide(by_id()[SHOWN], knowledge).decision
    address = keep(review_store, decision)
    said = Entry(
        card=decision.cards[0].uuid,
        reason_code="cds-not-applicable",
        reason_display="<i>Does not apply</i>",
        user_comment="<script>alert(1)</script> seen",
    )
    FeedbackLog(review_store).add(decision.client, decision.service, [said], DECIDED)
    page = pages.get(address).get_data(as_text=True)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; seen" in page
    assert "&lt;i&gt;Does not apply&lt;/i&gt;" in page


def test_the_words_of_a_kept_card_hold_no_markup_that_lives(
    review_store: Store, knowledge: Knowledge, pages: FlaskClient
) -> None:
    decision = decide(by_id()[SHOWN], knowledge).decision
    facts = (decision.facts or b"").replace(b"No recommendation.", b"<script>x</script>")
    facts = facts.replace(b"https://", b"javascript:")
    page = pages.get(keep(review_store, replace(decision, facts=facts))).get_data(as_text=True)
    assert ("<script>x" in page, "javascript:" in "".join(Page(page).targets)) == (False, False)


def test_the_patient_is_known_by_a_short_label_alone(
    review_store: Store, knowledge: Knowledge, pages: FlaskClient
) -> None:
    decision = decide(by_id()[SHOWN], knowledge).decision
    page = pages.get(keep(review_store, decision)).get_data(as_text=True)
    assert decision.pseudonym[:8] in page
    assert decision.pseudonym[:9] not in page


def test_times_stand_with_their_zone(
    review_store: Store, knowledge: Knowledge, pages: FlaskClient
) -> None:
    page = pages.get(kept(review_store, knowledge, SHOWN)).get_data(as_text=True)
    assert "2026-06-30 09:15 UTC" in page


def test_the_cases_beside_keep_the_filters(
    review_store: Store, knowledge: Knowledge, pages: FlaskClient
) -> None:
    names = (SHOWN, "C03a", "C03b")
    times = {"C03a": DECIDED + timedelta(hours=1), "C03b": DECIDED - timedelta(hours=1)}
    addresses = {
        name: kept(
            review_store,
            knowledge,
            name,
            decided_at=times.get(name, DECIDED),
            review_class="shown",
            request_key=name,
        )
        for name in names
    }
    page = Page(pages.get(addresses[SHOWN] + "?class=shown&client=north").get_data(as_text=True))
    links = {each.get("rel"): each.get("href") for each in page.having("a") if each.get("rel")}
    query = "?class=shown&client=north"
    assert links == {"prev": addresses["C03a"] + query, "next": addresses["C03b"] + query}


def test_looking_at_a_case_is_written_down(
    review_store: Store, knowledge: Knowledge, pages: FlaskClient
) -> None:
    pages.get(kept(review_store, knowledge, SHOWN))
    with review_store.reading() as connection:
        (row,) = connection.execute(select(audit_events)).all()
    assert (row.action, row.account, row.decision) == (
        "view_case",
        "account-1",
        decide(by_id()[SHOWN], knowledge).decision.id,
    )


def test_a_case_that_nobody_could_write_down_is_not_shown(
    review_store: Store, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = kept(review_store, knowledge, SHOWN)
    app = review_app(review_store, knowledge)
    app.testing = True

    def fail(*_: object) -> None:
        raise StoreUnavailable("down")

    monkeypatch.setattr("cds.store.audit.AuditLog.add", fail)
    with pytest.raises(StoreUnavailable):
        app.test_client().get(address)


def test_a_case_that_is_not_there_is_not_found(review_store: Store, knowledge: Knowledge) -> None:
    app = review_app(review_store, knowledge)
    app.register_error_handler(UnknownRoute, lambda error: (error.message, error.status))
    assert app.test_client().get("/review/decisions/none").status_code == 404


def test_nothing_is_kept_by_the_browser_and_no_script_of_others_runs(
    review_store: Store, knowledge: Knowledge, pages: FlaskClient
) -> None:
    headers = pages.get(kept(review_store, knowledge, SHOWN)).headers
    assert headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
