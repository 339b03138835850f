"""Who may come in? One blueprint for every review page, which refuses what nobody allowed.

Before any page: a form must come from a page of ours, and who calls must be signed in and may do
what the address asks for (cds/review/permissions.py).
"""

from collections.abc import Callable
from typing import NoReturn, Protocol
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]  # it has no types

from cds.error_answers import register_error_answers
from cds.errors import InvalidRequest, NotAllowed, Unauthenticated, UnknownRoute
from cds.http_body import check_form_arrived
from cds.review.audit import REFUSED, Audit
from cds.review.layout import lay_out
from cds.review.permissions import is_open, may_use
from cds.review.refusal_page import show_refusal
from cds.review.roles import Account

# Where somebody wanted to go before signing in, kept in the signed cookie of the forms.
WANTED = "wanted"
_LONGEST_WANTED = 1000  # browsers refuse a cookie of more than 4096 bytes
_READS = frozenset({"GET", "HEAD"})
_ASKS_ONLY = _READS | {"OPTIONS"}
_SAME_SITE = frozenset({"same-origin", "none"})


class KnowsWhose(Protocol):
    """Knows who is signed in."""

    def whose(self) -> Account | None: ...


def review_blueprint(
    knows: KnowsWhose, audit: Audit, public_url: str, ledger_notice: Callable[[], str]
) -> Blueprint:
    """Make the blueprint "review" at /review; page modules add their routes to it.

    knows: reads from the request who is signed in. audit: where it is written down whom a page
    was refused. public_url: whose forms are taken. ledger_notice: what stands above each page.
    """
    routes = Blueprint("review", __name__, url_prefix="/review")
    lay_out(routes, ledger_notice)
    register_error_answers(routes, show_refusal)
    routes.register_error_handler(CSRFError, _refuse_form)
    own_host = urlsplit(public_url).netloc

    @routes.before_request
    def note_who_calls() -> None:
        g.account = knows.whose()

    @routes.before_request
    def refuse_forms_of_others() -> None:
        if request.method not in _ASKS_ONLY:
            _check_form(own_host)

    @routes.before_request
    def refuse_whom_nobody_allowed() -> ResponseReturnValue | None:
        return _check_permission(audit)

    # A person who mistypes an address gets a page; without a route here it would be JSON.
    @routes.get("/<path:address>")
    def show_nothing(address: str) -> NoReturn:  # noqa: ARG001 - nothing sent is repeated
        raise UnknownRoute("There is nothing at this address.")

    return routes


def signed_in() -> Account:
    """Give the account of this request. Errors: Unauthenticated where nobody is signed in."""
    account: Account | None = g.get("account")
    if account is None:
        raise Unauthenticated
    return account


def _check_form(own_host: str) -> None:
    """Take a form from a page of ours alone. Errors: NotAllowed, MalformedBody, CSRFError."""
    if not _comes_from_us(own_host):
        raise NotAllowed("This form was not sent from these pages. Nothing was changed.")
    check_form_arrived(request)
    current_app.extensions["csrf"].protect()


def _check_permission(audit: Audit) -> ResponseReturnValue | None:
    """Let nobody to a page but those it is for. Errors: NotAllowed, Unauthenticated."""
    endpoint = request.endpoint or ""
    if is_open(endpoint):
        return None
    if g.account is None:
        return _show_the_way_in()
    if not may_use(g.account, endpoint):
        audit.note("open_page", outcome=REFUSED, details={"page": endpoint})
        raise NotAllowed("Your role does not allow this.")
    return None


def _refuse_form(_: CSRFError) -> Response:
    """Say what to do where a form is too old, or was made for another browser."""
    return show_refusal(
        InvalidRequest(
            "This form is too old, or you signed in anew since. Nothing was changed. "
            "Load the page again, and send it once more."
        )
    )


def _show_the_way_in() -> ResponseReturnValue:
    """Lead who wants to read to the sign-in page; what was sent by somebody else is not kept."""
    if request.method not in _READS:
        raise Unauthenticated
    wanted = request.full_path.rstrip("?")
    if len(wanted) <= _LONGEST_WANTED:
        session[WANTED] = wanted
    return redirect(url_for("review.show_sign_in"), 303)


def _comes_from_us(own_host: str) -> bool:
    """Whether the browser does not say that a form came from elsewhere.

    Our pages send no referrer, and browsers then write the origin of a form as "null". Those that
    do so also say in Sec-Fetch-Site where it came from. The token in the form decides the rest.
    Source: https://fetch.spec.whatwg.org/#append-a-request-origin-header.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in _SAME_SITE:
        return False
    origin = request.headers.get("Origin", "null")
    return origin == "null" or _host_of(origin) in {own_host, request.host}


def _host_of(origin: str) -> str | None:
    """Give the host and port of an origin; None for what no browser writes."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None
