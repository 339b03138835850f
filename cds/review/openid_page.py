"""How does somebody sign in with their organisation, and with which role?

The provider vouches for who it is, and a claim for the role, each time anew.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response

from cds.openid_provider import OpenIdProvider
from cds.review.audit import REFUSED, Audit
from cds.review.entry import let_in, show_way_in
from cds.review.openid_client import OpenIdClient, ProviderError
from cds.review.roles import Account, Role
from cds.review.sign_in_cookie import SignInCookie
from cds.store.accounts import Accounts, KeptAccount, NameTakenError

_HOW = "openid"
_REFUSED = 403
_UNAVAILABLE = 503
_LONGEST_NAME = 80
_FAILED = (
    "The sign-in with your organisation did not work. Try again, or ask who runs this service."
)
_NOT_ADMITTED = (
    "Your organisation gives you no role here, or more than one. Ask who keeps the roles."
)


class NotAdmittedError(Exception):
    """The provider knows somebody who may not come in. reason: one word, for the audit."""

    def __init__(self, reason: str, account: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.account = account


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdSignIn:
    """Finds or makes the account of somebody the provider vouches for. now: the clock."""

    provider: OpenIdProvider
    accounts: Accounts
    audit: Audit
    now: Callable[[], datetime]

    def admit(self, claims: Mapping[str, Any]) -> Account:
        """Give the account, with the role the claims give today.

        Errors: NotAdmittedError for no role, for several (each account has one), and for an account
        that is disabled here; StoreUnavailable.
        """
        subject = f"{self.provider.issuer} {claims['sub']}"
        kept = self.accounts.by_subject(subject)
        whose = kept.id if kept else None
        roles = self.provider.roles_of(claims)
        if len(roles) != 1:
            raise NotAdmittedError("several_roles" if roles else "no_role", whose)
        (role,) = roles
        if kept is None:
            return self._add(subject, claims, role)
        if kept.disabled_at is not None:
            raise NotAdmittedError("disabled", whose)
        return self._with_role(kept, role)

    def _with_role(self, kept: KeptAccount, role: Role) -> Account:
        if kept.role is not role:
            before = kept.role.value
            self._note("change_role", kept.id, before=before, role=role.value)
            self.accounts.change_role(kept.id, role)
        return Account(id=kept.id, name=kept.name, role=role)

    def _add(self, subject: str, claims: Mapping[str, Any], role: Role) -> Account:
        name = self._name_of(claims)
        # Somebody else may be called so, here or at the provider.
        other = f"{name} {sha256(subject.encode()).hexdigest()[:8]}"
        new = str(uuid4())
        self._note("add_account", new, role=role.value)
        try:
            account = Account(id=new, name=name, role=role)
            self.accounts.add(account, self.now(), subject=subject)
        except NameTakenError:
            if (made := self.accounts.by_subject(subject)) is not None:  # in another window
                return self._with_role(made, role)
            account = Account(id=new, name=other, role=role)
            self.accounts.add(account, self.now(), subject=subject)
        return account

    def _name_of(self, claims: Mapping[str, Any]) -> str:
        said = str(claims.get(self.provider.name_claim) or claims["sub"])
        seen = "".join(each for each in said if each.isprintable()).strip()
        return seen[:_LONGEST_NAME] or "unnamed"

    def _note(self, action: str, account: str, **details: str) -> None:
        told = {"account": account, "by": "provider", **details}
        self.audit.note_of(None, action, details=told)


def offer_openid(
    routes: Blueprint, client: OpenIdClient, door: OpenIdSignIn, cookie: SignInCookie
) -> None:
    """Add the way to the provider, and the address it sends people back to."""

    @routes.get("/sign-in/openid")
    def ask_provider() -> Response:
        try:
            return client.send_away()
        except ProviderError as error:
            return _refuse(door.audit, error.reason, _UNAVAILABLE, _FAILED)

    @routes.get("/sign-in/openid/back")
    def come_back() -> Response:
        try:
            account = door.admit(client.claims())
        except ProviderError as error:
            return _refuse(door.audit, error.reason, _REFUSED, _FAILED)
        except NotAdmittedError as error:
            return _refuse(door.audit, error.reason, _REFUSED, _NOT_ADMITTED, error.account)
        return let_in(account, _HOW, cookie, door.audit)


def _refuse(
    audit: Audit, reason: str, status: int, sentence: str, account: str | None = None
) -> Response:
    audit.note_of(account, "sign_in", outcome=REFUSED, details={"how": _HOW, "because": reason})
    return show_way_in(status, sentence)
