"""Does the whole way work, from the front page to the settled case, its figures and its exports?"""

from pathlib import Path

from playwright.sync_api import Browser, Download, Page, expect

from tests.browser.people import (
    DOUBT,
    Person,
    agree_with_all,
    disagree,
    draw_sample,
    keep_cases,
    open_next_case,
    sign_in,
)
from tests.browser.running import LEAD, OFFICER, REVIEWERS, Service


def open_demo_patient(page: Page, base: str) -> None:
    """Go from the front page to the answer, with its picture, its card and the JSON beside it."""
    page.goto(base)
    page.get_by_role("link", name="Evidence card", exact=True).click()
    expect(page.locator("svg.timeline-picture:visible")).to_have_count(1)
    expect(page.locator("article.card")).to_be_visible()
    expect(page.get_by_role("region", name="The same as JSON").first).to_contain_text('"cards"')


def review_as_a_case(page: Page, link: str) -> None:
    """Make a case of it, which asks to sign in first."""
    page.get_by_role("button", name="Review this as a case").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Case ")


def judge_blind(first: Person, second: Person) -> None:
    """Judge both cases; the two differ on one. Each is given the cases in an order of their own."""
    disagree(open_next_case(first))
    agree_with_all(open_next_case(first))
    for _ in range(2):
        page = open_next_case(second)
        assert DOUBT not in page.content(), "who judges blind must not see the other's judgement"
        agree_with_all(page)
    for each in (first, second):
        listed = each.go("/review/decisions").content()
        assert DOUBT not in listed
        assert "Disagree" not in listed


def settle(lead: Person) -> None:
    page = lead.go("/review/my-cases")
    page.get_by_role("link", name="Next open case").click()
    expect(page.locator("body")).to_contain_text(DOUBT)
    agree_with_all(page, "Settle the case")


def read_agreement(lead: Person) -> str:
    page = lead.go("/review/figures")
    return page.locator("main").inner_text()


def download_each(lead: Person) -> list[Download]:
    """Take every file that the page of exports offers."""
    page = lead.go("/review/exports")
    taken = []
    for place in range(page.locator("input[name=file]").count()):
        page.locator("input[name=file]").nth(place).check()
        with page.expect_download() as waited:
            page.get_by_role("button", name="Download").click()
        taken.append(waited.value)
    return taken


def switch_to_silent(officer: Person) -> None:
    page = officer.go("/review/modes")
    page.locator("input[name=mode][value=silent]").check()
    page.get_by_label("Why").fill("A value set is being looked at")
    for name in ("client", "service"):
        field = page.locator(f"#{name}")
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(index=1)
    page.get_by_role("button", name="Switch", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Switched to silent")


def test_two_judge_blind_one_settles_and_the_figures_tell(
    browser: Browser, service: Service, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    open_demo_patient(page, service.base)
    review_as_a_case(page, service.links[LEAD])
    keep_cases(page, service.base, ("T18",))
    lead = Person(name=LEAD, context=context, page=page, base=service.base)
    draw_sample(lead)
    first, second = (sign_in(browser, service, each) for each in REVIEWERS)
    judge_blind(first, second)
    settle(lead)
    told = read_agreement(lead)
    assert "Cohen" in told
    assert "synthetic" in told.lower()
    files = download_each(lead)
    assert len(files) >= 6
    for each in files:
        each.save_as(tmp_path / each.suggested_filename)
    empty = [each.name for each in tmp_path.iterdir() if each.is_file() and not each.stat().st_size]
    assert empty == ["feedback.jsonl"], "nobody sent feedback"
    officer = sign_in(browser, service, OFFICER)
    switch_to_silent(officer)
    audit = officer.go("/review/audit").locator("table").inner_text()
    assert "silent" in audit
    officer.page.get_by_role("button", name="Sign out").click()
    officer.go("/review/audit")
    expect(officer.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    for person in (lead, first, second, officer):
        person.context.close()
