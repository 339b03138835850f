"""Can everybody use queue and case? In a browser, with axe, at three widths, by keyboard alone.

Needs Chromium; without it these tests fail.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import (  # type: ignore[import-untyped]  # it has no types
    Axe,
)
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from cds.decision import Decision
from cds.store.database import open_store
from cds.store.decisions import DecisionLog
from cds.store.feedback import FeedbackLog
from rules.knowledge import Knowledge
from tests.cds.review.kept_cases import DECIDED, by_id, decide, review_app
from tests.cds.store.records import Entry
from tests.support.chromium import running_browser

RULES = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
QUEUE = "/review/decisions"
PAGES = {
    "queue": QUEUE,
    "queue narrowed": f"{QUEUE}?class=shown&client=north",
    "queue without a match": f"{QUEUE}?class=switched_off",
    "queue with a wrong filter": f"{QUEUE}?from=no-day&reviewer=other",
    "case with a card": f"{QUEUE}/shown",
    "case with a card that was not sent": f"{QUEUE}/silent",
    "case that could not be told": f"{QUEUE}/open",
    "case with nothing to say": f"{QUEUE}/nothing",
    "case without facts": f"{QUEUE}/bare",
    "case of another knowledge": f"{QUEUE}/older",
}
# The pages with every kind of table.
WIDE = ("queue", "queue with a wrong filter", "case with a card", "case without facts")


def kept(knowledge: Knowledge) -> tuple[Decision, ...]:
    """Give one decision of each kind of page, in the order of the queue."""
    shown = decide(by_id()["C01"], knowledge).decision
    made = (
        shown,
        decide(by_id()["C02"], knowledge, shown=False, mode="silent").decision,
        decide(by_id()["M20"], knowledge).decision,
        decide(by_id()["C03a"], knowledge).decision,
        decide(by_id()["C05"], knowledge, facts=None).decision,
        decide(by_id()["C06"], knowledge, knowledge_sha256="c" * 64).decision,
    )
    names = ("shown", "silent", "open", "nothing", "bare", "older")
    return tuple(
        replace(each, id=name, request_key=name, decided_at=DECIDED.replace(minute=9 - place))
        for place, (name, each) in enumerate(zip(names, made, strict=True))
    )


@pytest.fixture(scope="module")
def address(
    migrated_review_file: Path, tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge
) -> Iterator[str]:
    file = tmp_path_factory.mktemp("browser") / "review.sqlite3"
    shutil.copy(migrated_review_file, file)
    store = open_store(f"sqlite:///{file}")
    log, feedback = DecisionLog(store), FeedbackLog(store)
    for each in kept(knowledge):
        log.record(each)
        said = [Entry(card=c.uuid, user_comment="Bronchitis that week.") for c in each.cards]
        feedback.add(each.client, each.service, said, DECIDED)
    server = make_server("127.0.0.1", 0, review_app(store, knowledge), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    store.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width = getattr(request, "param", 1280)
    opened = browser.new_page(viewport={"width": width, "height": 900})
    yield opened
    opened.close()


@pytest.mark.parametrize("page", [1280, 320], indirect=True)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(name: str, page: Page, address: str) -> None:
    page.goto(address + PAGES[name])
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("page", [320, 768], indirect=True)
@pytest.mark.parametrize("name", WIDE)
def test_nothing_is_read_sideways(name: str, page: Page, address: str) -> None:
    page.goto(address + PAGES[name])
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    scrolled = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(scrolled) == 0


def test_no_style_and_no_script_is_refused_by_the_policy(page: Page, address: str) -> None:
    refused: list[str] = []
    page.on("console", lambda each: refused.append(each.text) if each.type == "error" else None)
    page.goto(address + PAGES["case with a card"])
    assert [each for each in refused if "Security Policy" in each] == []


def test_j_and_k_go_through_the_cases(page: Page, address: str) -> None:
    page.goto(f"{address}{QUEUE}/silent")
    page.keyboard.press("j")
    page.wait_for_url("**/open")
    page.keyboard.press("k")
    page.wait_for_url("**/silent")


def test_j_goes_through_the_queue_and_enter_opens_a_case(page: Page, address: str) -> None:
    page.goto(address + QUEUE)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/decisions/silent")


def test_a_letter_typed_into_a_field_moves_nothing(page: Page, address: str) -> None:
    page.goto(address + QUEUE)
    page.click("summary")
    page.focus("#from")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == "from"


def test_everything_is_there_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(address + QUEUE)
    plain.click("a.case")
    plain.click("a[rel=next]")
    assert plain.url == f"{address}{QUEUE}/silent"
    context.close()


def test_the_first_tab_leads_past_the_head_of_the_page(page: Page, address: str) -> None:
    page.goto(address + PAGES["case with a card"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_what_was_decided_and_the_picture_begin_on_the_first_screen(
    page: Page, address: str
) -> None:
    page.goto(address + PAGES["case with a card"])
    tops = [page.locator(each).first.bounding_box() for each in (".verdicts", ".timeline")]
    assert [box is not None and box["y"] < 450 for box in tops] == [True, True]
