"""How is a page reached, and by whom?"""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.people import Person
from tests.browser.reviewed import Reviewed

Way = Callable[[Reviewed], Page]


def at(who: str, path: str) -> Way:
    """Go straight to an address."""

    def go(reviewed: Reviewed) -> Page:
        person: Person = getattr(reviewed, who)
        return person.go(path)

    return go


def linked(who: str, path: str, selector: str) -> Way:
    """Follow a link of a page."""

    def go(reviewed: Reviewed) -> Page:
        page = at(who, path)(reviewed)
        with page.expect_navigation():
            page.locator(selector).first.click()
        return page

    return go
