"""How does somebody sign in with a name and a password, and out again?"""

from flask import Blueprint, Response, current_app, redirect, request, url_for

from cds.review.audit import Audit
from cds.review.entry import first_page, let_in, show_way_in
from cds.review.guard import signed_in
from cds.review.local_sign_in import HOW, LocalSignIn, MustWait
from cds.review.sign_in_cookie import SignInCookie

_REFUSED = 403
_TOO_MANY = 429
_MINUTE_S = 60
_WRONG = "The name and the password do not go together, or the account cannot be used."


def offer_sign_in(
    routes: Blueprint, local: LocalSignIn, cookie: SignInCookie, audit: Audit
) -> None:
    """Add the way in and the way out."""

    @routes.get("/")
    def show_home() -> Response:
        return current_app.make_response(redirect(first_page(signed_in()), 303))

    @routes.get("/sign-in")
    def show_sign_in() -> Response:
        return show_way_in()

    @routes.post("/sign-in")
    def sign_in() -> Response:
        name, password = (request.form.get(field, "") for field in ("name", "password"))
        found = local.check(name, password, request.remote_addr or "")
        match found:
            case None:
                return show_way_in(_REFUSED, _WRONG)
            case MustWait():
                return _ask_to_wait(found)
            case _:
                return let_in(found.account, HOW["how"], cookie, audit)

    @routes.post("/sign-out")
    def sign_out() -> Response:
        audit.note("sign_out")
        response = current_app.make_response(redirect(url_for(".show_sign_in"), 303))
        cookie.end(response)
        return response


def _ask_to_wait(must: MustWait) -> Response:
    seconds = int(must.wait.total_seconds()) + 1
    minutes = -(-seconds // _MINUTE_S)
    time = f"{seconds} seconds" if seconds < _MINUTE_S else f"{minutes} minutes"
    response = show_way_in(_TOO_MANY, f"There were too many tries. Wait {time}, and try again.")
    response.headers["Retry-After"] = str(seconds)
    return response
