"""How is a form known to be ours? By a token in it that belongs to the browser it was sent to.

Only the guard of the review pages asks for it (cds/review/guard.py): what client systems call has
no such token and needs none, because it takes no cookie.
"""

from flask import Flask
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]  # it has no types

from cds.review.sign_in_cookie import FORM_COOKIE, cookie_name, is_https
from cds.settings import PREFIX, Settings, SettingsError
from cds.store.errors import UnusableStoreError
from cds.store.key_file import read_or_make_key
from cds.store.pseudonym import key_file_of

_KEY_FILE = "session.key"


def form_key(settings: Settings) -> bytes:
    """Give the secret of the forms: the one set, else the one in a file beside the database.

    The file is made at the first start. Errors: SettingsError.
    """
    if settings.session_key is not None:
        return settings.session_key.get_secret_value().encode()
    try:
        return read_or_make_key(key_file_of(settings.store_url).with_name(_KEY_FILE))
    except (OSError, UnusableStoreError):
        raise SettingsError(
            f"{PREFIX}SESSION_KEY: is not set, and none can be kept beside the database"
        ) from None


def protect_forms(app: Flask, key: bytes, public_url: str) -> None:
    """Let templates write the token, and the guard check it.

    key: signs the cookie that the token is held against. It holds no account.
    """
    app.secret_key = key
    app.config.update(
        SESSION_COOKIE_NAME=cookie_name(FORM_COOKIE, public_url),
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_https(public_url),
        WTF_CSRF_CHECK_DEFAULT=False,  # of every route of the service: the guard asks for its own
        WTF_CSRF_TIME_LIMIT=None,  # as long as the cookie: a long comment is not lost
        WTF_CSRF_SSL_STRICT=False,  # asks for a referrer, and our pages send none
    )
    CSRFProtect().init_app(app)
