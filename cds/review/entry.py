"""Where does somebody land who comes in? Where they wanted to go, or on the first page they may."""

from flask import Response, current_app, redirect, session, url_for

from cds.pages.page import send_page
from cds.review.audit import Audit
from cds.review.guard import WANTED
from cds.review.permissions import may_use
from cds.review.roles import Account
from cds.review.sign_in_cookie import SignInCookie

_FIRST = ("review.show_queue", "review.show_audit", "review.show_accounts", "review.show_password")


def let_in(account: Account, how: str, cookie: SignInCookie, audit: Audit) -> Response:
    """Sign somebody in whose identity was proved. how: by which means, for the audit.

    Errors: StoreUnavailable; nobody is signed in then.
    """
    wanted = session.get(WANTED)
    audit.note_of(account.id, "sign_in", details={"how": how})
    response = current_app.make_response(redirect(str(wanted or first_page(account)), 303))
    cookie.begin(response, account.id)
    return response


def first_page(account: Account) -> str:
    """Give the address of the first page an account may see, of those the service offers."""
    return next(
        url_for(endpoint)
        for endpoint in _FIRST
        if may_use(account, endpoint) and endpoint in current_app.view_functions
    )


def show_way_in(status: int = 200, sentence: str = "") -> Response:
    """Show the sign-in page. sentence: what was wrong with the last try."""
    faults = [("name", sentence)] if sentence else []
    has_provider = "review.ask_provider" in current_app.view_functions
    return send_page("review/sign_in.html", status, faults=faults, has_provider=has_provider)
