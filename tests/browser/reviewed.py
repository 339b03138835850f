"""What is there to look at? A service on which two people judged two cases, and one was settled."""

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta

from playwright.sync_api import Browser

from cds import clock
from cds.review.forms import form_key
from cds.review.people import gather_people
from cds.review.roles import Role
from cds.store.database import open_store
from tests.browser.people import (
    Person,
    agree_with_all,
    disagree,
    draw_sample,
    keep_cases,
    open_next_case,
    sign_in,
)
from tests.browser.running import LEAD, OFFICER, REVIEWERS, Service

KEEPER = "demo-admin"
PATIENTS = ("C01", "T18", "C11a", "M38")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A service with something on every page, and those who may see them, by role."""

    service: Service
    stranger: Person
    lead: Person
    reviewer: Person
    officer: Person
    keeper: Person

    @property
    def everybody(self) -> tuple[Person, ...]:
        return (self.stranger, self.lead, self.reviewer, self.officer, self.keeper)


def review_something(browser: Browser, service: Service) -> Reviewed:
    """Keep four cases, judge two of them, and leave one to settle and one judged by one alone."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    stranger = Person(name="", context=context, page=context.new_page(), base=service.base)
    lead = sign_in(browser, service, LEAD)
    keep_cases(lead.page, service.base, PATIENTS)
    draw_sample(lead)
    first, second = (sign_in(browser, service, each) for each in REVIEWERS)
    open_next_case(first)
    disagree(first.page)
    agree_with_all(open_next_case(second))
    agree_with_all(open_next_case(second))
    return Reviewed(
        service=service,
        stranger=stranger,
        lead=lead,
        reviewer=first,
        officer=sign_in(browser, service, OFFICER),
        keeper=sign_in(browser, add_keeper(service), KEEPER),
    )


def add_keeper(service: Service) -> Service:
    """Add an administrator, whom profile demo does not have, as the command line would."""
    settings = service.settings
    with closing(open_store(settings.store_url)) as store:
        desk = gather_people(store, settings, form_key(settings), clock.now).desk
        desk.add(KEEPER, Role.ADMIN)
        kept = desk.accounts.by_name(KEEPER)
        assert kept is not None
        link = desk.make_link(kept, timedelta(hours=1))
    return replace(service, links={KEEPER: link})
