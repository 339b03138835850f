"""Can everybody judge in a real browser, and does the script save drafts without harm?"""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from werkzeug.serving import make_server

from cds.store.case_view import SavedJudgement
from cds.store.database import Store
from tests.cds.review.judging_app import judging_app
from tests.cds.store.reviewing import DISAGREE, Review, begin_review, judgement

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium here")


@pytest.fixture
def review(review_store: Store) -> Review:
    return begin_review(review_store)


@pytest.fixture
def address(review: Review) -> Iterator[str]:
    app = judging_app(review.store, {each.id: each for each in (review.anna, review.carla)})
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/review"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def form(review: Review, address: str) -> str:
    """The address of Anna's form."""
    return f"{address}/judgements/{review.assignment(review.anna)}"


@pytest.fixture
def page(browser: Browser, review: Review, form: str) -> Iterator[Page]:
    context = browser.new_context(extra_http_headers={"X-Account": review.anna.id})
    opened = context.new_page()
    opened.goto(form)
    yield opened
    context.close()


@pytest.fixture
def page_of_lead(browser: Browser, review: Review) -> Iterator[Page]:
    context = browser.new_context(extra_http_headers={"X-Account": review.carla.id})
    yield context.new_page()
    context.close()


def assert_usable(page: Page) -> None:
    """No fault that axe finds, and nothing that reaches out of a narrow screen."""
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []
    page.set_viewport_size({"width": 320, "height": 800})
    root = page.locator("html")
    assert root.evaluate("root => root.scrollWidth - root.clientWidth") <= 0


def told(page: Page) -> Locator:
    return page.locator("form.judge [aria-live]")


def newest(review: Review) -> SavedJudgement:
    found = review.view(review.anna).newest
    assert found is not None
    return found


@pytest.mark.requirement("C4")
def test_what_is_entered_is_saved_after_a_pause_and_said(page: Page, review: Review) -> None:
    page.check("#overall-disagree")
    expect(told(page)).to_have_text("Draft saved 13:00 UTC", timeout=20_000)
    assert newest(review).judgement.overall.verdict is not None
    assert not newest(review).submitted


def test_each_draft_is_based_on_the_one_before(page: Page, review: Review) -> None:
    for place, question in enumerate(("overall", "inflammation"), start=1):
        page.check(f"#{question}")
        expect(page.locator("[name=based_on]")).to_have_value(str(place), timeout=20_000)
    assert len(review.view(review.anna).own) == 2


@pytest.mark.requirement("C13")
def test_a_whole_judgement_needs_the_keyboard_alone(page: Page, review: Review) -> None:
    page.locator("#overall").focus()
    for _ in range(6):
        page.keyboard.press("Space")
        page.keyboard.press("Tab")  # to the reasons
        page.keyboard.press("Tab")  # to the next question
    page.locator("#wording").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/my-cases?**")
    assert newest(review).submitted


def test_a_draft_in_a_second_tab_is_said_and_leaves_what_was_typed(
    page: Page, form: str, review: Review
) -> None:
    second = page.context.new_page()
    second.goto(form)
    page.check("#overall")
    expect(told(page)).to_contain_text("Draft saved", timeout=20_000)
    second.locator("#overall-reasons summary").click()
    second.fill("#overall-comment", "from the second tab")
    expect(told(second)).to_contain_text("saved in another tab", timeout=20_000)
    expect(second.locator("#overall-comment")).to_have_value("from the second tab")
    assert len(review.view(review.anna).own) == 1


def test_where_the_service_is_gone_it_says_so_and_keeps_the_page(page: Page) -> None:
    page.route("**/judgements/*", lambda route: route.abort())
    page.check("#overall")
    expect(told(page)).to_contain_text("Draft not saved", timeout=20_000)
    expect(page.locator("#overall")).to_be_checked()


@pytest.mark.requirement("C13")
def test_the_form_can_be_used_by_everybody_in_every_state(
    page: Page, form: str, review: Review
) -> None:
    assert_usable(page)
    page.click("button[value=submit]")
    page.wait_for_url("**check=1**")
    assert_usable(page)
    review.save(review.anna, judgement(DISAGREE, comment="elsewhere"))
    page.click("button[value=draft]")
    expect(page.locator("#notice-heading")).to_be_visible()
    assert_usable(page)
    review.submit(review.anna, judgement())
    page.goto(f"{form}?anew")
    page.locator("summary", has_text="Change your judgement").click()
    assert_usable(page)


@pytest.mark.requirement("C13")
def test_the_worklist_can_be_used_by_everybody(page: Page, address: str) -> None:
    page.goto(f"{address}/my-cases")
    assert_usable(page)


@pytest.mark.requirement("C13")
def test_settling_can_be_done_by_everybody(
    page_of_lead: Page, address: str, review: Review
) -> None:
    form = f"{address}/adjudications/{review.assignment(review.carla)}"
    page_of_lead.goto(form)
    assert_usable(page_of_lead)
    review.submit(review.anna, judgement())
    review.submit(review.ben, judgement(DISAGREE, comment="the second value is missing"))
    page_of_lead.reload()
    page_of_lead.locator("summary", has_text="History").click()
    assert_usable(page_of_lead)


@pytest.mark.requirement("C13")
@pytest.mark.parametrize("path", ["/samples", "/samples/new", "/samples/{sample}"])
def test_the_pages_of_samples_can_be_used_by_everybody(
    page_of_lead: Page, address: str, review: Review, path: str
) -> None:
    page_of_lead.goto(address + path.format(sample=review.sample))
    assert_usable(page_of_lead)


@pytest.mark.requirement("C13")
def test_the_faults_of_a_draw_can_be_read_by_everybody(page_of_lead: Page, address: str) -> None:
    page_of_lead.goto(f"{address}/samples/new")
    page_of_lead.click("button[value=draw]")
    expect(page_of_lead.locator(".error-summary")).to_be_visible()
    assert_usable(page_of_lead)
