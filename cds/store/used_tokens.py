"""Was this token used before, by any worker? Each id of a token is taken once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import bindparam, delete, select

from cds.store.database import Store
from cds.store.schema import used_tokens

_CLEAN_EVERY = timedelta(minutes=1)
_AT_ONCE = 1000
# A bounded piece of work, and rows that another worker removes just now are left to it.
_EXPIRED = (
    select(used_tokens.c.token)
    .where(used_tokens.c.until < bindparam("now"))
    .limit(_AT_ONCE)
    .with_for_update(skip_locked=True)
)
_REMOVE_EXPIRED = delete(used_tokens).where(used_tokens.c.token.in_(_EXPIRED))


class UsedTokens:
    """The ids of tokens that were used and could be used again. now: the clock, for tidying up."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._insert = store.insert_new(used_tokens).returning(used_tokens.c.token)
        self._clean_next = datetime.min.replace(tzinfo=UTC)

    def claim(self, issuer: str, token_id: str, until: datetime) -> bool:
        """Use a token. False: it was used before. until: how long that is remembered.

        Of any number of claims at once, in any number of processes, one is True.

        Errors: StoreUnavailable, where it cannot be known; the token is then not used.
        """
        token = {"token": _digest(issuer, token_id), "until": until}
        now = self._now()
        with self._store.writing() as connection:
            is_new = connection.scalar(self._insert, token) is not None
            if now >= self._clean_next:
                connection.execute(_REMOVE_EXPIRED, {"now": now})
        if now >= self._clean_next:
            self._clean_next = now + _CLEAN_EVERY
        return is_new


def _digest(issuer: str, token_id: str) -> str:
    """Join issuer and token id to one key of fixed length; no two pairs give the same text."""
    issuer_bytes, id_bytes = (each.encode("utf-8", "surrogatepass") for each in (issuer, token_id))
    return sha256(b"%d:%b%b" % (len(issuer_bytes), issuer_bytes, id_bytes)).hexdigest()
