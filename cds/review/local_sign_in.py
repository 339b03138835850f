"""May somebody come in with this name and password? Told alike whether or not there is the name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cds.review.audit import REFUSED, Audit
from cds.review.passwords import Passwords
from cds.store.accounts import Accounts, KeptAccount
from cds.store.sign_in_tries import SignInTries

HOW = {"how": "password"}


@dataclass(frozen=True, slots=True)
class MustWait:
    """There were too many tries; nothing was looked at."""

    wait: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSignIn:
    """Checks names and passwords. now: the clock."""

    accounts: Accounts
    tries: SignInTries
    passwords: Passwords
    audit: Audit
    now: Callable[[], datetime]

    def check(self, name: str, password: str, address: str) -> KeptAccount | MustWait | None:
        """Give the account; None where name and password do not go together.

        address: where the try came from. A try that must wait is not written to the audit, or
        anybody could fill it.

        Errors: StoreUnavailable.
        """
        known_as = tidy_name(name)
        wait = self.tries.claim(known_as, address, self.now())
        if wait:
            return MustWait(wait)
        kept = self.accounts.by_name(known_as)
        is_right = self.passwords.is_right(password, kept.password_hash if kept else None)
        if kept is None or not is_right or kept.disabled_at is not None:
            whose = kept.id if kept else None
            self.audit.note_of(whose, "sign_in", outcome=REFUSED, details=HOW)
            return None
        self.tries.forgive(known_as, address, self.now())
        if self.passwords.is_old(kept.password_hash or ""):
            self.accounts.renew_hash(kept.id, self.passwords.hash(password))
        return kept


def tidy_name(name: str) -> str:
    """Write a name as it is kept: accounts of this service have lower-case names."""
    return name.strip().lower()
