"""What do the pages that people sign in on work with? Put together once, at the start."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint

from cds.openid_provider import OpenIdProvider
from cds.review.account_desk import AccountDesk
from cds.review.accounts_page import offer_accounts
from cds.review.audit import Audit
from cds.review.audit_page import offer_audit
from cds.review.guard import review_blueprint
from cds.review.link_page import LinkSignIn, offer_links
from cds.review.local_sign_in import LocalSignIn
from cds.review.password_page import offer_password
from cds.review.passwords import Passwords
from cds.review.sign_in_cookie import SignInCookie
from cds.review.sign_in_page import offer_sign_in
from cds.settings import Settings
from cds.store.accounts import Accounts
from cds.store.audit import AuditLog
from cds.store.database import Store
from cds.store.sign_in_tries import SignInTries
from cds.store.sign_ins import SignInLinks, SignIns


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Accounts, ways in and the audit of one deployment."""

    desk: AccountDesk
    local: LocalSignIn
    link: LinkSignIn
    cookie: SignInCookie
    audit: Audit
    audit_log: AuditLog


def gather_people(
    store: Store, settings: Settings, key: bytes, now: Callable[[], datetime]
) -> People:
    """Put the parts together. key: the secret of the forms, which tries are counted under too."""
    log, accounts, links = AuditLog(store), Accounts(store), SignInLinks(store)
    audit, passwords = Audit(log, now), Passwords()
    return People(
        desk=AccountDesk(
            accounts=accounts,
            links=links,
            passwords=passwords,
            audit=audit,
            public_url=settings.public_url,
            now=now,
        ),
        local=LocalSignIn(
            accounts=accounts,
            tries=SignInTries(store, key),
            passwords=passwords,
            audit=audit,
            now=now,
        ),
        link=LinkSignIn(links=links, accounts=accounts, audit=audit, now=now),
        cookie=SignInCookie(SignIns(store), now, settings.public_url),
        audit=audit,
        audit_log=log,
    )


def review_routes(
    people: People, settings: Settings, ledger_notice: Callable[[], str]
) -> Blueprint:
    """Give the blueprint of the review pages with the ways in, the accounts and the audit.

    The other pages are added to it. ledger_notice: as in cds.review.layout.
    """
    routes = review_blueprint(people.cookie, people.audit, settings.public_url, ledger_notice)
    offer_sign_in(routes, people.local, people.cookie, people.audit)
    offer_links(routes, people.link, people.cookie)
    offer_password(routes, people.local, people.cookie, people.audit)
    offer_accounts(routes, people.desk)
    offer_audit(routes, people.audit_log, people.desk.accounts, people.audit)
    if settings.openid is not None:
        _offer_openid(routes, people, settings, settings.openid)
    return routes


def _offer_openid(
    routes: Blueprint, people: People, settings: Settings, provider: OpenIdProvider
) -> None:
    # Few deployments have a provider, and the others need not wait for these to be loaded.
    from cds.review.openid_client import OpenIdClient  # noqa: PLC0415
    from cds.review.openid_page import OpenIdSignIn, offer_openid  # noqa: PLC0415

    client = OpenIdClient(provider, settings.openid_secret, settings.public_url)
    door = OpenIdSignIn(
        provider=provider,
        accounts=people.desk.accounts,
        audit=people.audit,
        now=people.desk.now,
    )
    offer_openid(routes, client, door, people.cookie)
