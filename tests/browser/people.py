"""What does one person do in their own browser? Sign in, judge, draw; each as they would click."""

import re
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.running import LEAD, REVIEWERS, Service

WIDTH, HEIGHT = 1280, 900
DOUBT = "hs-CRP was drawn during a cold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who is signed in, with a browser context that nobody else uses."""

    name: str
    context: BrowserContext
    page: Page
    base: str

    def go(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page


# What the list of cases says after a judgement, and after the one that settles a case.
_TAKEN = re.compile("Your judgement (is submitted|on it holds)")


def sign_in(browser: Browser, service: Service, name: str, *, scripts: bool = True) -> Person:
    """Use the link up that the start printed."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, java_script_enabled=scripts
    )
    page = context.new_page()
    page.goto(service.links[name])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
    return Person(name=name, context=context, page=page, base=service.base)


def keep_cases(page: Page, base: str, patients: tuple[str, ...]) -> None:
    """Make a case of each demo patient, as the button on its page does."""
    for each in patients:
        page.goto(f"{base}/demo/{each}")
        page.get_by_role("button", name="Review this as a case").click()
        page.wait_for_url("**/review/**")


def draw_sample(lead: Person, shown: int = 1, controls: int = 1) -> None:
    """Draw of the shown cards and of the decisions without any, for two reviewers and the lead."""
    page = lead.go("/review/samples")
    page.get_by_role("link", name="Draw a sample").click()
    page.get_by_label("Name", exact=True).fill("Before going live")
    page.get_by_label("Plan", exact=True).fill("Two cases, one of them a control, to see the way.")
    page.get_by_label("Stratified").check()
    page.fill("#wanted-shown", str(shown))
    page.fill("#wanted-nothing_to_say", str(controls))
    page.get_by_label("First reviewer").select_option(label=REVIEWERS[0])
    page.get_by_label("Second reviewer").select_option(label=REVIEWERS[1])
    page.get_by_label("Adjudicator").select_option(label=LEAD)
    page.get_by_role("button", name="Draw the sample").click()
    page.get_by_role("heading", name="Before going live").wait_for()


def open_next_case(person: Person) -> Page:
    page = person.go("/review/my-cases")
    page.get_by_role("link", name="Next open case").click()
    page.locator("form.judge").wait_for()
    return page


def submit(page: Page, button: str = "Submit judgement") -> None:
    page.get_by_role("button", name=button).click()
    page.get_by_text(_TAKEN).wait_for()


def agree_with_all(page: Page, button: str = "Submit judgement") -> None:
    """Answer every question with agree, and submit."""
    for question in page.locator("form.judge fieldset.question").all():
        question.locator("input[type=radio]").first.check()
    submit(page, button)


def disagree(page: Page) -> None:
    """Agree with all but the whole, with a reason and a comment that nobody else must see yet."""
    for question in page.locator("form.judge fieldset.question").all():
        question.locator("input[type=radio]").first.check()
    whole = page.locator("form.judge fieldset", has=page.locator("#overall")).first
    whole.locator("input[type=radio]").nth(1).check()
    why = whole.locator("details.why")
    if why.get_attribute("open") is None:
        why.locator("summary").click()
    why.locator("input[type=checkbox]").first.check()
    why.locator("textarea").fill(DOUBT)
    submit(page)
