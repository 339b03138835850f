"""How does a browser stay signed in? By a cookie that holds a random token and nothing else."""

from collections.abc import Callable
from datetime import datetime

from flask import Response, request, session

from cds.review.roles import Account
from cds.store.sign_ins import SignIns

_NAME = "trd-cds-review"
FORM_COOKIE = "trd-cds-forms"


def cookie_name(name: str, public_url: str) -> str:
    """Name a cookie. On https the prefix makes browsers refuse it from anybody but this host.

    Source: https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis, section 4.1.3.
    """
    return f"__Host-{name}" if is_https(public_url) else name


def is_https(public_url: str) -> bool:
    return public_url.startswith("https://")


class SignInCookie:
    """Reads and writes the cookie. now: the clock. Every method: Errors: StoreUnavailable."""

    def __init__(self, sign_ins: SignIns, now: Callable[[], datetime], public_url: str) -> None:
        self._sign_ins = sign_ins
        self._now = now
        self._name = cookie_name(_NAME, public_url)
        self._secure = is_https(public_url)

    def whose(self) -> Account | None:
        """Give the account this request is signed in with; None where there is none."""
        token = request.cookies.get(self._name)
        return self._sign_ins.whose(token, self._now()) if token else None

    def begin(self, response: Response, account: str) -> None:
        """Sign in: always with a new token, and what the browser held before is worth nothing.

        The browser forgets the cookie when it is closed.
        """
        self._forget()
        response.set_cookie(
            self._name,
            self._sign_ins.begin(account, self._now()),
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="Lax",
        )

    def end(self, response: Response) -> None:
        """Sign out, here and in the store."""
        self._forget()
        response.delete_cookie(
            self._name, path="/", secure=self._secure, httponly=True, samesite="Lax"
        )

    def _forget(self) -> None:
        if token := request.cookies.get(self._name):
            self._sign_ins.end(token)
        session.clear()
