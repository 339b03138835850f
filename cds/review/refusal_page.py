"""What does somebody see who is refused, or for whom the service failed?"""

from flask import Response, g, request, url_for

from cds.errors import ComeBackLater, NotReady, ServiceError, Unauthenticated
from cds.operations.request_log import correlation_id
from cds.pages.page import send_page

_SERVER_FAULT = 500
_READS = frozenset({"GET", "HEAD"})
_STORE_IS_AWAY = "The store cannot be reached now, so nothing is shown and nothing was changed."
# What was sent is saved in one transaction and written to the audit in another: the store may go
# away between the two.
_MAY_BE_SAVED = (
    "The store went away, so it is not certain that what you sent was saved. Look at the page "
    "again before you send it once more."
)


def show_refusal(error: ServiceError) -> Response:
    """Answer a person with a page: what is wrong, and the way on. Nothing sent is repeated."""
    response = send_page(
        "review/refusal.html",
        error.status,
        sentence=_say(error),
        http_status=error.status,
        failed=error.status >= _SERVER_FAULT,
        sign_in_url="" if g.get("account") else url_for("review.show_sign_in"),
        correlation_id=correlation_id(),
    )
    if isinstance(error, ComeBackLater):
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def _say(error: ServiceError) -> str:
    match error:
        case Unauthenticated():
            return "You are not signed in, or no longer. Nothing was changed."
        case NotReady():
            return _STORE_IS_AWAY if request.method in _READS else _MAY_BE_SAVED
        case _:
            return error.message
