"""Can a case be judged without a mouse, and without scripts?"""

from playwright.sync_api import Browser, Page, expect

from tests.browser.people import (
    Person,
    agree_with_all,
    draw_sample,
    keep_cases,
    open_next_case,
    sign_in,
)
from tests.browser.running import LEAD, REVIEWERS, Service

# Where the focus is, whether it is shown there, and whether it lies within the window.
_FOCUS = """() => {
  const here = document.activeElement, style = getComputedStyle(here);
  const box = here.getBoundingClientRect();
  return {
    shown: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    within: box.bottom > 0 && box.top < innerHeight,
    words: (here.labels?.[0] ?? here).innerText.trim(), name: here.name ?? '',
    tag: here.tagName,
  };
}"""
_MANY = 200


def tab_to(page: Page, words: str = "", *, name: str = "") -> None:
    """Press Tab until the focus is on what has these words or this name; each stop is shown."""
    for _ in range(_MANY):
        page.keyboard.press("Tab")
        focus = page.evaluate(_FOCUS)
        if focus["tag"] != "BODY":
            assert focus["shown"], f"the focus is not shown on {focus}"
            assert focus["within"], f"the focus is out of sight on {focus}"
        if (words and focus["words"].startswith(words)) or (name and focus["name"] == name):
            return
    raise AssertionError(f"Tab does not lead to {words or name}")


def prepare(browser: Browser, service: Service) -> None:
    lead = sign_in(browser, service, LEAD)
    keep_cases(lead.page, service.base, ("C01", "T18"))
    draw_sample(lead)
    lead.context.close()


def use_link(browser: Browser, service: Service, name: str) -> Person:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    person = Person(name=name, context=context, page=context.new_page(), base=service.base)
    person.page.goto(service.links[name])
    tab_to(person.page, "Sign in")
    person.page.keyboard.press("Enter")
    person.page.get_by_role("button", name="Sign out").wait_for()
    return person


def test_a_case_is_reached_and_judged_with_the_keyboard_alone(
    browser: Browser, service: Service
) -> None:
    prepare(browser, service)
    person = use_link(browser, service, REVIEWERS[0])
    page = person.page
    tab_to(page, "Decisions")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/decisions/**")
    first = page.url
    tab_to(page, "Older case")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != first)
    page.keyboard.press("k")
    page.wait_for_url(first)
    for question in questions(page):
        tab_to(page, name=question)
        page.keyboard.press("Space")
    tab_to(page, "Submit judgement")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your judgement is submitted")).to_be_visible()
    person.context.close()


def questions(page: Page) -> list[str]:
    """Give the names of the questions, in their order."""
    names = "each => [...new Set(each.map(one => one.name))]"
    found: list[str] = page.eval_on_selector_all("form.judge input[type=radio]", names)
    return found


def test_a_case_is_judged_without_scripts(browser: Browser, service: Service) -> None:
    prepare(browser, service)
    reader = sign_in(browser, service, REVIEWERS[0], scripts=False)
    page = reader.go("/review/decisions")
    page.locator("a.case").first.click()
    page.locator("a[rel=next]").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Case ")
    agree_with_all(open_next_case(reader))
    reader.context.close()
