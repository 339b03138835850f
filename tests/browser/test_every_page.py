"""Can everybody read every page? By axe, at a wide and a narrow window, and within the policy.

A window of 320 pixels is what one of 1280 pixels shows at 400 per cent.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import (  # type: ignore[import-untyped]  # it has no types
    Axe,
)
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.reviewed import Reviewed, review_something
from tests.browser.running import running_service
from tests.browser.ways import Way, at, linked

WIDE = ViewportSize(width=1280, height=900)
NARROW = ViewportSize(width=320, height=800)
TABLET = ViewportSize(width=768, height=1024)
OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
_OPEN_ALL = "document.querySelectorAll('details').forEach(each => { each.open = true })"
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def pressed(who: str, path: str, button: str) -> Way:
    """Send a form of a page as it stands, past what the browser itself would ask for."""

    def go(reviewed: Reviewed) -> Page:
        page = at(who, path)(reviewed)
        page.evaluate("document.querySelectorAll('form').forEach(f => { f.noValidate = true })")
        with page.expect_navigation():
            page.get_by_role("button", name=button, exact=True).click()
        return page

    return go


def refused_bundle(reviewed: Reviewed) -> Page:
    page = reviewed.stranger.go("/")
    page.fill("#bundle", '{"resourceType": "Patient"}')
    with page.expect_navigation():
        page.get_by_role("button", name="Evaluate").click()
    return page


def without_token(reviewed: Reviewed) -> Page:
    page = reviewed.lead.go("/review/samples/new")
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(e => e.remove())")
    with page.expect_navigation():
        page.get_by_role("button", name="Draw the sample").click()
    return page


def half_judged(reviewed: Reviewed) -> Page:
    page = linked("reviewer", "/review/my-cases", "a.button")(reviewed)
    page.locator("form.judge fieldset input[type=radio]").nth(1).check()
    with page.expect_navigation():
        page.get_by_role("button", name="Submit judgement").click()
    return page


PAGES: dict[str, Way] = {
    "front page": at("stranger", "/"),
    "answer with a card": at("stranger", "/demo/C01"),
    "answer that could not be told": at("stranger", "/demo/C11a"),
    "answer withheld": at("stranger", "/demo/M38"),
    "answer refused": refused_bundle,
    "unknown demo patient": at("stranger", "/demo/nobody"),
    "evidence": at("stranger", "/evidence"),
    "source attributes": at("stranger", "/source-attributes"),
    "routes": at("stranger", "/docs"),
    "sign in": at("stranger", "/review/sign-in"),
    "sign in refused": pressed("stranger", "/review/sign-in", "Sign in"),
    "link used before": at("stranger", "/review/sign-in/link/used"),
    "forbidden": at("reviewer", "/review/figures"),
    "unknown case": at("lead", "/review/decisions/none"),
    "form without a token": without_token,
    "queue": at("lead", "/review/decisions"),
    "queue narrowed": at("lead", "/review/decisions?class=shown"),
    "queue narrowed to nothing": at("lead", "/review/decisions?class=switched_off"),
    "queue asked wrongly": at("lead", "/review/decisions?from=no-day"),
    "case with a card": linked("officer", "/review/decisions?class=shown", "a.case"),
    "case that could not be told": linked(
        "officer", "/review/decisions?class=could_not_tell", "a.case"
    ),
    "worklist": at("reviewer", "/review/my-cases"),
    "case to judge": linked("reviewer", "/review/my-cases", "a.button"),
    "judgement with errors": half_judged,
    "case to settle": linked("lead", "/review/my-cases", "a.button"),
    "samples": at("lead", "/review/samples"),
    "sample": linked("lead", "/review/samples", "tbody a"),
    "new sample": at("lead", "/review/samples/new"),
    "new sample with errors": pressed("lead", "/review/samples/new", "Draw the sample"),
    "figures": at("lead", "/review/figures"),
    "silent report": at("lead", "/review/silent-report"),
    "exports": at("lead", "/review/exports"),
    "exports with errors": pressed("lead", "/review/exports", "Download"),
    "modes": at("officer", "/review/modes"),
    "modes with errors": pressed("officer", "/review/modes", "Switch"),
    "audit": at("officer", "/review/audit"),
    "audit asked wrongly": at("officer", "/review/audit?since=no-day"),
    "accounts": at("keeper", "/review/accounts"),
    "account with errors": pressed("keeper", "/review/accounts", "Add, and make a sign-in link"),
    "own password": at("lead", "/review/password"),
}
PRINTED = ("evidence", "source attributes", "case with a card")


@pytest.fixture(scope="module")
def reviewed(
    browser: Browser, migrated_store: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reviewed]:
    folder = tmp_path_factory.mktemp("every_page")
    with running_service(folder, migrated_store) as service:
        made = review_something(browser, service)
        yield made
        for each in made.everybody:
            each.context.close()


def violations(page: Page) -> list[str]:
    """Say each rule that axe finds broken, with the first places."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{each['id']}: {[n['html'][:160] for n in each['nodes'][:3]]}" for each in found]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_is_read_sideways(name: str, reviewed: Reviewed) -> None:
    page = PAGES[name](reviewed)
    page.evaluate(_OPEN_ALL)
    found = []
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        found += [f"{size['width']}: {each}" for each in violations(page)]
    sideways = {}
    for size in (NARROW, TABLET):
        page.set_viewport_size(size)
        sideways[size["width"]] = page.evaluate(_SIDEWAYS)
    page.set_viewport_size(WIDE)
    assert (found, sideways) == ([], dict.fromkeys(sideways, 0))


@pytest.mark.parametrize("name", PRINTED)
def test_axe_finds_nothing_in_print(name: str, reviewed: Reviewed) -> None:
    page = PAGES[name](reviewed)
    page.emulate_media(media="print")
    found = violations(page)
    page.emulate_media(media="screen")
    assert found == []


def test_no_page_asks_for_what_its_policy_refuses(reviewed: Reviewed) -> None:
    refused: list[str] = []
    for each in reviewed.everybody:
        each.page.on(
            "console", lambda said: refused.append(said.text) if said.type == "error" else None
        )
        each.page.on("pageerror", lambda error: refused.append(str(error)))
    for go in PAGES.values():
        go(reviewed)
    assert [each for each in refused if "the server responded with a status of 4" not in each] == []
