"""What do the tests of people work with? A small service with the pages they sign in on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cds.app import QuietFlask
from cds.error_answers import answer_with_outcome, register_error_answers
from cds.operations.request_log import register_request_log
from cds.review.forms import protect_forms
from cds.review.passwords import Passwords
from cds.review.people import People, gather_people, review_routes
from cds.review.roles import Account, Role
from cds.settings import Settings
from cds.store.audit import AuditQuestion
from cds.store.database import Store
from tests.cds.store.records import NOW

KEY = b"k" * 32
PASSWORD = "a long walk by the river"  # noqa: S105 - of accounts that live for a test
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
# As slow as a test can bear; how strong a hash is in use is tried elsewhere.
QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time

    def pass_by(self, **length: float) -> None:
        self.time += timedelta(**length)


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser that fills in forms."""

    web: FlaskClient

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.web.get(path, **options)

    def token(self) -> str:
        """Give the token of a form this browser was sent."""
        found = _TOKEN.search(self.web.get("/review/sign-in").text)
        assert found is not None
        return found[1]

    def post(
        self, path: str, fields: Mapping[str, str] | None = None, **options: Any
    ) -> TestResponse:
        return self.web.post(path, data={"csrf_token": self.token(), **(fields or {})}, **options)

    def sign_in(self, name: str, password: str = PASSWORD, **options: Any) -> TestResponse:
        return self.post("/review/sign-in", {"name": name, "password": password}, **options)

    def cookies(self) -> dict[str, str]:
        kept = self.web._cookies or {}
        return {cookie.key: cookie.value for cookie in kept.values()}


@dataclass(frozen=True, slots=True)
class Service:
    """The pages, and what is behind them."""

    app: Flask
    people: People
    clock: Clock

    def browser(self) -> Browser:
        return Browser(self.app.test_client())

    def add(self, name: str, role: Role = Role.REVIEWER, password: str = PASSWORD) -> Account:
        """Add somebody, without a trace in the audit."""
        account = Account(id=f"id-of-{name}", name=name, role=role)
        self.people.desk.accounts.add(account, self.clock())
        self.people.desk.accounts.set_password(account.id, QUICK.hash(password))
        return account

    def signed_in(self, name: str, role: Role = Role.REVIEWER) -> Browser:
        """Add somebody, and give their browser."""
        self.add(name, role)
        browser = self.browser()
        assert browser.sign_in(name).status_code == 303
        return browser

    def audited(self, **asked: Any) -> list[tuple[str | None, str, str]]:
        """Give account, action and outcome of what was written down, oldest first."""
        events = self.people.audit_log.find(AuditQuestion(**asked), at_most=1000)
        return [(each.event.account, each.event.action, each.event.outcome) for each in events][
            ::-1
        ]


def build_service(store: Store, **settings: Any) -> Service:
    """Build the pages on a store."""
    known = Settings(**{"public_url": "http://localhost", **settings})
    clock = Clock()
    people = gather_people(store, known, KEY, clock)
    people = replace(
        people,
        desk=replace(people.desk, passwords=QUICK),
        local=replace(people.local, passwords=QUICK),
    )
    app = QuietFlask("cds")
    register_request_log(app)
    register_error_answers(app, answer_with_outcome)
    protect_forms(app, KEY, known.public_url)
    routes = review_routes(people, known, lambda: "")
    app.register_blueprint(routes)
    return Service(app, people, clock)
