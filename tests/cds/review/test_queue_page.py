"""Does the queue page show what was asked for, keep the filters, and stay blind?"""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cds.review.queue_filter import read_question
from cds.review.roles import Account, Role
from cds.store import queue as queue_module
from cds.store.database import Store
from cds.store.decisions import DecisionLog
from cds.store.feedback import FeedbackLog
from cds.store.schema import audit_events
from rules.knowledge import Knowledge
from tests.cds.pages import Page
from tests.cds.review.kept_cases import DECIDED, LEAD, REVIEWER, review_app
from tests.cds.store.assigned import assign
from tests.cds.store.records import Entry, card, decision

QUEUE = "/review/decisions"


@pytest.fixture
def pages(review_store: Store, knowledge: Knowledge) -> FlaskClient:
    return review_app(review_store, knowledge).test_client()


def keep(store: Store, count: int = 1, **changes: object) -> None:
    log = DecisionLog(store)
    for place in range(count):
        values = {"review_class": "shown", **changes}
        kept = decision(id=f"d{place:03}", cards=(card(f"c{place:03}"),), **values)
        log.record(replace(kept, decided_at=DECIDED - timedelta(hours=place)))


def cases_of(page: Page) -> list[str]:
    links = [each["href"] or "" for each in page.having("a") if each.get("class") == "case"]
    return [urlsplit(each).path.rpartition("/")[2] for each in links]


def test_an_empty_queue_says_what_will_be_in_it(pages: FlaskClient) -> None:
    page = pages.get(QUEUE)
    assert (page.status_code, "No decision is kept yet" in page.get_data(as_text=True)) == (
        200,
        True,
    )


def test_filters_that_nothing_meets_say_so_and_lead_back(
    review_store: Store, pages: FlaskClient
) -> None:
    keep(review_store)
    page = Page(pages.get(f"{QUEUE}?class=silent").get_data(as_text=True))
    assert "No decision meets these filters" in page.text
    assert QUEUE in page.targets


def test_a_case_is_one_click_away_and_its_address_keeps_the_filters(
    review_store: Store, pages: FlaskClient
) -> None:
    keep(review_store)
    page = Page(pages.get(f"{QUEUE}?class=shown&client=north").get_data(as_text=True))
    assert "/review/decisions/d000?class=shown&client=north" in page.targets


def test_the_page_is_well_formed_and_no_id_stands_twice(
    review_store: Store, pages: FlaskClient
) -> None:
    keep(review_store, 3)
    page = Page(pages.get(f"{QUEUE}?class=shown&from=no-day").get_data(as_text=True))
    assert (page.faults, len(page.ids) - len(set(page.ids)), page.headings.count("h1")) == (
        [],
        0,
        1,
    )


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=30.06.2026", "A day must be written as year, month, day"),
        ("class=bogus", "Choose one of the values in the list"),
        ("from=2026-07-01&until=2026-06-01", "The last day lies before the first day"),
        ("reviewer=account-2", "You can choose only your own cases"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_of_it_is_repeated(
    query: str, sentence: str, pages: FlaskClient
) -> None:
    answer = pages.get(f"{QUEUE}?{query}")
    page = Page(answer.get_data(as_text=True))
    assert (answer.status_code, sentence in page.text, "There is a problem" in page.text) == (
        422,
        True,
        True,
    )


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("until=9999-12-31", 1),
        ("from=0001-01-01", 1),
        ("from=9999-12-31", 0),
        ("until=0001-01-01", 0),
    ],
)
def test_the_first_and_the_last_day_there_is_can_be_asked_for(
    review_store: Store, pages: FlaskClient, query: str, count: int
) -> None:
    keep(review_store)
    answer = pages.get(f"{QUEUE}?{query}")
    assert answer.status_code == 200
    assert len(cases_of(Page(answer.get_data(as_text=True)))) == count


def test_markup_in_an_address_stays_text(pages: FlaskClient) -> None:
    page = pages.get(f"{QUEUE}?client=%22%3E%3Cscript%3Ex%3C/script%3E").get_data(as_text=True)
    assert "<script>x" not in page


def test_the_pages_lead_to_all_decisions_with_the_filters(
    review_store: Store, pages: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "PAGE", 2)
    keep(review_store, 5)
    address, seen = f"{QUEUE}?class=shown", list[str]()
    while address:
        page = Page(pages.get(address).get_data(as_text=True))
        seen += cases_of(page)
        older = [each["href"] or "" for each in page.having("a") if each.get("rel") == "next"]
        address = older[0] if older else ""
    assert seen == [f"d{place:03}" for place in range(5)]


def test_a_place_that_is_gone_leads_to_the_newest(review_store: Store, pages: FlaskClient) -> None:
    keep(review_store, 2)
    page = Page(pages.get(f"{QUEUE}?behind=gone").get_data(as_text=True))
    assert cases_of(page) == ["d000", "d001"]


def test_the_comment_of_a_user_stands_in_the_queue_as_text(
    review_store: Store, pages: FlaskClient
) -> None:
    keep(review_store)
    said = Entry(card="c000", user_comment="<img src=x onerror=y> bronchitis that week")
    FeedbackLog(review_store).add("north", "s", [said], DECIDED)
    page = pages.get(QUEUE).get_data(as_text=True)
    assert "&lt;img src=x onerror=y&gt; bronchitis that week" in page


def test_classes_are_counted_and_each_count_is_a_link(
    review_store: Store, pages: FlaskClient
) -> None:
    keep(review_store, 3)
    page = Page(pages.get(f"{QUEUE}?client=north").get_data(as_text=True))
    assert "3 Shown" in page.text
    assert f"{QUEUE}?client=north&class=shown" in page.targets


def test_no_address_holds_more_of_a_patient_than_the_id_of_a_decision(
    review_store: Store, pages: FlaskClient
) -> None:
    keep(review_store, pseudonym="a1b2c3d4" * 4)
    page = Page(pages.get(f"{QUEUE}?class=shown").get_data(as_text=True))
    assert [each for each in page.targets if "a1b2c3d4" in each] == []
    known = {"class", "client", "behind", "before"}
    names = {name for each in page.targets for name in parse_qs(urlsplit(each).query)}
    assert names <= known


def test_that_somebody_looked_is_written_down_without_what_they_looked_for(
    review_store: Store, pages: FlaskClient
) -> None:
    pages.get(f"{QUEUE}?class=shown&client=north")
    with review_store.reading() as connection:
        (row,) = connection.execute(select(audit_events)).all()
    assert (row.action, row.account, row.details) == (
        "view_queue",
        REVIEWER.id,
        {"filters": ["class", "client"]},
    )


@pytest.mark.parametrize(
    ("arguments", "account", "reviewer"),
    [
        ({}, REVIEWER, ""),
        ({"reviewer": "me"}, REVIEWER, REVIEWER.id),
        ({"reviewed": "yes"}, REVIEWER, REVIEWER.id),
        ({"reviewed": "no"}, REVIEWER, REVIEWER.id),
        ({"reviewer": LEAD.id}, REVIEWER, ""),
        ({"reviewer": LEAD.id, "reviewed": "yes"}, REVIEWER, REVIEWER.id),
        ({"reviewed": "yes"}, LEAD, ""),
        ({"reviewer": REVIEWER.id}, LEAD, REVIEWER.id),
        ({"reviewer": "me"}, LEAD, LEAD.id),
    ],
)
def test_a_reviewer_asks_only_for_their_own_judgements(
    arguments: dict[str, str], account: Account, reviewer: str
) -> None:
    assert read_question(arguments, account).question.reviewer == reviewer


@pytest.mark.parametrize(("account", "is_told"), [(REVIEWER, False), (LEAD, True)])
def test_who_else_reviews_is_told_to_a_lead_and_to_no_reviewer(
    account: Account, is_told: bool, review_store: Store, knowledge: Knowledge
) -> None:
    keep(review_store)
    assign(review_store, "d000", "somebody-else")
    pages = review_app(review_store, knowledge, lambda: account).test_client()
    assert ("somebody-else" in pages.get(QUEUE).get_data(as_text=True)) is is_told


def test_what_somebody_is_to_judge_is_marked_for_them_alone(
    review_store: Store, pages: FlaskClient
) -> None:
    keep(review_store, 2)
    assign(review_store, "d000", REVIEWER.id)
    assign(review_store, "d001", "somebody-else", submitted=True)
    text = Page(pages.get(QUEUE).get_data(as_text=True)).text
    assert (text.count("Yours to judge"), text.count("Judged by you")) == (1, 0)


def test_every_page_says_that_it_is_no_medical_device(pages: FlaskClient) -> None:
    assert "Not a medical device" in pages.get(QUEUE).get_data(as_text=True)


def test_the_review_of_the_ledger_is_told_above_the_page(
    review_store: Store, knowledge: Knowledge
) -> None:
    app = review_app(review_store, knowledge, notice="The ledger must be reviewed by 2026-12-31.")
    assert "must be reviewed by 2026-12-31" in app.test_client().get(QUEUE).get_data(as_text=True)


@pytest.mark.parametrize(("role", "is_offered"), [(Role.REVIEWER, True), (Role.ADMIN, False)])
def test_the_navigation_holds_only_where_an_account_may_go(
    role: Role, is_offered: bool, review_store: Store, knowledge: Knowledge
) -> None:
    account = Account(id="account-3", name="Ada", role=role)
    pages = review_app(review_store, knowledge, lambda: account).test_client()
    links = Page(pages.get(QUEUE).get_data(as_text=True)).having("a")
    assert any(each.get("aria-current") == "page" for each in links) is is_offered
