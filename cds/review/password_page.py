"""How does somebody change their own password, or choose their first one?"""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from cds.errors import NotAllowed, Unauthenticated
from cds.pages.page import send_page
from cds.review.audit import REFUSED, Audit
from cds.review.entry import let_in
from cds.review.guard import signed_in
from cds.review.local_sign_in import LocalSignIn
from cds.review.passwords import MIN_LENGTH, find_fault
from cds.review.sign_in_cookie import SignInCookie
from cds.store.accounts import KeptAccount

_WRONG = 400
_ACTION = "change_password"
Faults = list[tuple[str, str]]


def offer_password(
    routes: Blueprint, local: LocalSignIn, cookie: SignInCookie, audit: Audit
) -> None:
    """Add the page, and the address its form is sent to."""

    def own() -> KeptAccount:
        kept = local.accounts.by_id(signed_in().id)
        if kept is None:
            raise Unauthenticated
        return kept

    @routes.get("/password")
    def show_password() -> Response:
        return _show(own(), [])

    @routes.post("/password")
    def change_password() -> ResponseReturnValue:
        kept = own()
        if kept.subject is not None:
            raise NotAllowed("You sign in with your organisation; there is no password here.")
        if faults := _find_faults(local, kept):
            audit.note(_ACTION, outcome=REFUSED)
            return _show(kept, faults)
        audit.note(_ACTION)
        new = local.passwords.hash(request.form["new"])
        local.accounts.set_password(kept.id, new)
        return let_in(kept.account, _ACTION, cookie, audit)


def _find_faults(local: LocalSignIn, kept: KeptAccount) -> Faults:
    """Say what is wrong, field by field: the old password first, and only then the new one."""
    form = request.form
    if kept.password_hash is not None:
        address = request.remote_addr or ""
        wait = local.tries.claim(kept.name, address, local.now())
        if wait or not local.passwords.is_right(form.get("old", ""), kept.password_hash):
            return [("old", "This is not your password, or there were too many tries.")]
        local.tries.forgive(kept.name, address, local.now())
    new = form.get("new", "")
    if fault := find_fault(new, kept.name):
        return [("new", fault)]
    if new != form.get("again", ""):
        return [("again", "The new password is not the same twice.")]
    return []


def _show(kept: KeptAccount, faults: Faults) -> Response:
    return send_page(
        "review/password.html",
        _WRONG if faults else 200,
        faults=faults,
        has_one=kept.password_hash is not None,
        by_provider=kept.subject is not None,
        name=kept.name,
        min_length=MIN_LENGTH,
    )
