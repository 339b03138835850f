"""What stands around every review page: who one is, where one may go, and how it is sent?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, g, request, url_for

from cds.pages.page import PAGE_HEADERS, read_name
from cds.review.roles import Account, Permission

# What a page may load: our own style and, beside it, our own script that nothing depends on.
_POLICY = PAGE_HEADERS["Content-Security-Policy"] + "; connect-src 'self'"
_SIGN_OUT = "review.sign_out"
_PASSWORD = "review.show_password"  # noqa: S105 - the name of a page

# The places of the navigation: endpoint, words, and what an account must be allowed to see it.
_PLACES: tuple[tuple[str, str, Permission], ...] = (
    ("review.show_queue", "Decisions", Permission.SEE_QUEUE),
    ("review.show_my_cases", "My cases", Permission.JUDGE),
    ("review.show_samples", "Samples", Permission.DRAW_SAMPLE),
    ("review.show_figures", "Figures", Permission.SEE_FIGURES),
    ("review.show_exports", "Exports", Permission.EXPORT),
    ("review.show_modes", "Modes", Permission.SEE_MODES),
    ("review.show_accounts", "Accounts", Permission.KEEP_ACCOUNTS),
    ("review.show_audit", "Audit", Permission.SEE_AUDIT),
)

_BELONGS_TO: Mapping[str, str] = {"review.show_case": "review.show_queue"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of the navigation.

    current: "page" for the page that is open, "true" for the place that it belongs to, else "".
    """

    label: str
    url: str
    current: str


def lay_out(routes: Blueprint, ledger_notice: Callable[[], str]) -> None:
    """Give every page of a blueprint its frame, and send it so that nothing of it is kept.

    ledger_notice: what must be said of the review of the evidence ledger; "" for nothing.
    """

    @routes.context_processor
    def give_frame() -> dict[str, Any]:
        account: Account | None = g.get("account")
        return {
            "account": account,
            "navigation": _places_for(account) if account else (),
            "password_url": url_for(_PASSWORD) if _is_there(_PASSWORD) else "",
            "sign_out_url": url_for(_SIGN_OUT) if _is_there(_SIGN_OUT) else "",
            "ledger_notice": ledger_notice(),
            "label": read_name,
        }

    @routes.after_request
    def send_safely(response: Response) -> Response:
        response.headers.update(PAGE_HEADERS)
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["Cache-Control"] = "no-store"
        return response


def _places_for(account: Account) -> tuple[Place, ...]:
    """Give the places this account may go to, as far as the service offers them."""
    return tuple(
        Place(label=label, url=url_for(endpoint), current=_current(endpoint))
        for endpoint, label, permission in _PLACES
        if account.may(permission) and _is_there(endpoint)
    )


def _current(endpoint: str) -> str:
    if request.endpoint == endpoint:
        return "page"
    return "true" if _BELONGS_TO.get(request.endpoint or "") == endpoint else ""


def _is_there(endpoint: str) -> bool:
    return endpoint in current_app.view_functions
