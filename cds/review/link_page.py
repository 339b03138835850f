"""How does a link sign somebody in once?

By a button on its page: programs that only look at links, as mail filters do, do not use it up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, request

from cds.pages.page import send_page
from cds.review.audit import REFUSED, Audit
from cds.review.entry import let_in
from cds.review.sign_in_cookie import SignInCookie
from cds.store.accounts import Accounts, KeptAccount
from cds.store.sign_ins import SignInLinks

_HOW = "link"
_REFUSED = 403


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSignIn:
    """Uses links up. now: the clock."""

    links: SignInLinks
    accounts: Accounts
    audit: Audit
    now: Callable[[], datetime]

    def check(self, token: str) -> KeptAccount | None:
        """Use a link up, and give its account; None where it cannot be used.

        Errors: StoreUnavailable.
        """
        whose = self.links.use(token, self.now())
        kept = self.accounts.by_id(whose) if whose else None
        if kept is None:
            self.audit.note_of(None, "sign_in", outcome=REFUSED, details={"how": _HOW})
        return kept


def offer_links(routes: Blueprint, door: LinkSignIn, cookie: SignInCookie) -> None:
    """Add the page a link leads to, and where its button sends the link's token."""

    @routes.get("/sign-in/link/<token>")
    def show_link(token: str) -> Response:
        return send_page("review/link.html", token=token, refused=False)

    @routes.post("/sign-in/link")
    def use_link() -> Response:
        kept = door.check(request.form.get("token", ""))
        if kept is None:
            return send_page("review/link.html", _REFUSED, refused=True)
        return let_in(kept.account, _HOW, cookie, door.audit)
