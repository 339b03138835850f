"""Which browsers are signed in, and whose? Tokens are kept as digests, and end in time.

Who reads the table can sign in with nothing of it.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import bindparam, delete, insert, or_, select, update

from cds.review.roles import Account, Role
from cds.store.database import Store
from cds.store.schema import accounts, sign_in_links, sign_ins

# A reviewer reads long cases, and a browser that was left must not stay open into the night.
IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)

_NOTED_EVERY = timedelta(minutes=1)  # that somebody is still there is not written at each call
_KEPT_LINKS = timedelta(days=30)
_TOKEN_BYTES = 32

_ENABLED = select(accounts.c.id).where(accounts.c.disabled_at.is_(None))
_WHOSE = (
    select(accounts.c.id, accounts.c.name, accounts.c.role, sign_ins.c.seen_at)
    .join(accounts, accounts.c.id == sign_ins.c.account)
    .where(
        sign_ins.c.token == bindparam("token"),
        sign_ins.c.until > bindparam("now"),
        sign_ins.c.seen_at > bindparam("idle_since"),
        accounts.c.disabled_at.is_(None),
    )
)
_REMOVE_ENDED = delete(sign_ins).where(
    or_(sign_ins.c.until <= bindparam("now"), sign_ins.c.seen_at <= bindparam("idle_since"))
)
# Of any number that use a link at once, one finds it unused.
_USE_LINK = (
    update(sign_in_links)
    .where(
        sign_in_links.c.token == bindparam("digest"),
        sign_in_links.c.used_at.is_(None),
        sign_in_links.c.until > bindparam("now"),
        sign_in_links.c.account.in_(_ENABLED),
    )
    .values(used_at=bindparam("now"))
    .returning(sign_in_links.c.account)
)


class SignIns:
    """Browsers that are signed in. Every method: Errors: StoreUnavailable."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, account: str, now: datetime) -> str:
        """Sign somebody in, and give the token of the browser: it is told this once."""
        token = _new_token()
        row = {"token": _digest(token), "account": account, "began_at": now, "seen_at": now}
        with self._store.writing() as connection:
            connection.execute(_REMOVE_ENDED, {"now": now, "idle_since": now - IDLE})
            connection.execute(insert(sign_ins), row | {"until": now + LONGEST})
        return token

    def whose(self, token: str, now: datetime) -> Account | None:
        """Give the account a token was made for, with the role it has now; else None.

        None: no such token, signed out, idle or open for too long, or the account is disabled.
        """
        digest = _digest(token)
        asked = {"token": digest, "now": now, "idle_since": now - IDLE}
        with self._store.reading() as connection:
            row = connection.execute(_WHOSE, asked).first()
        if row is None:
            return None
        if now - row.seen_at >= _NOTED_EVERY:
            self._note_seen(digest, now)
        return Account(id=row.id, name=row.name, role=Role(row.role))

    def end(self, token: str) -> None:
        """Sign a browser out."""
        with self._store.writing() as connection:
            connection.execute(delete(sign_ins).where(sign_ins.c.token == _digest(token)))

    def _note_seen(self, digest: str, now: datetime) -> None:
        with self._store.writing() as connection:
            connection.execute(
                update(sign_ins).where(sign_ins.c.token == digest).values(seen_at=now)
            )


class SignInLinks:
    """Links that sign somebody in once. Every method: Errors: StoreUnavailable."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def make(self, account: str, now: datetime, lasts: timedelta) -> str:
        """Make a link for an account in place of any older one, and give its token once."""
        token = _new_token()
        too_old = or_(
            sign_in_links.c.until < now - _KEPT_LINKS,
            (sign_in_links.c.account == account) & sign_in_links.c.used_at.is_(None),
        )
        row = {"token": _digest(token), "account": account, "until": now + lasts}
        with self._store.writing() as connection:
            connection.execute(delete(sign_in_links).where(too_old))
            connection.execute(insert(sign_in_links), row)
        return token

    def use(self, token: str, now: datetime) -> str | None:
        """Use a link up, and give the id of its account.

        None: no such link, used before, too old, or of a disabled account.
        """
        with self._store.writing() as connection:
            whose: str | None = connection.scalar(_USE_LINK, {"digest": _digest(token), "now": now})
        return whose


def _new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def _digest(token: str) -> str:
    """Tokens are long and random, so a plain digest cannot be guessed back."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
