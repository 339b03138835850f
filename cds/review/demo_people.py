"""How does somebody who only tries the service get in? By links that `trd-cds serve` prints.

Profile demo has four accounts of its own, without passwords, so that two can judge blind and a
third settle, and one can switch modes and read the audit. Each start makes new links.
"""

from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from cds.review.account_desk import AccountFaultError
from cds.review.forms import form_key
from cds.review.people import People, gather_people
from cds.review.roles import Role
from cds.settings import Settings
from cds.store.database import open_store
from cds.store.errors import StoreUnavailable

LINKS_LAST = timedelta(hours=1)

# The lead comes first: this role sees the most of the pages, and settles where two differ.
DEMO_ACCOUNTS = (
    ("demo-lead", Role.LEAD),
    ("demo-reviewer-1", Role.REVIEWER),
    ("demo-reviewer-2", Role.REVIEWER),
    ("demo-safety-officer", Role.SAFETY_OFFICER),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLink:
    """A link that signs somebody in as a demo account, once, within an hour."""

    name: str
    role: Role
    url: str


def make_demo_links(people: People) -> tuple[DemoLink, ...]:
    """Make the demo accounts where they are missing, and a link for each that is in use.

    Errors: StoreUnavailable, also where the store was not migrated yet.
    """
    accounts = people.desk.accounts
    for name, role in DEMO_ACCOUNTS:
        if accounts.by_name(name) is None:
            with suppress(AccountFaultError):  # another start has just made it
                people.desk.add(name, role)
    found = (accounts.by_name(name) for name, _ in DEMO_ACCOUNTS)
    return tuple(
        DemoLink(name=kept.name, role=kept.role, url=people.desk.make_link(kept, LINKS_LAST))
        for kept in found
        if kept is not None and kept.disabled_at is None
    )


def tell_demo_links(settings: Settings, now: Callable[[], datetime]) -> str:
    """Write what `trd-cds serve` says of the review pages in profile demo, with new links.

    Where the store cannot be used yet, it says how to get links later.

    Errors: SettingsError, UnusableStoreError.
    """
    with closing(open_store(settings.store_url)) as store:
        people = gather_people(store, settings, form_key(settings), now)
        try:
            return _write(make_demo_links(people))
        except StoreUnavailable:
            return (
                "The store is not there yet, so nobody can sign in to the review pages:\n"
                "  trd-cds migrate, and start again\n"
            )


def _write(links: Sequence[DemoLink]) -> str:
    lines = ["To review decisions: each link signs in once, within an hour, until the next start."]
    lines += [f"  {link.name:<20} {link.url}" for link in links]
    return "\n".join([*lines, ""])
