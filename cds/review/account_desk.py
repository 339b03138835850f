"""How are accounts kept? Each change is written to the audit first, by page and by shell alike."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from cds.review.audit import Audit
from cds.review.local_sign_in import tidy_name
from cds.review.passwords import Passwords, find_fault
from cds.review.roles import Account, Role
from cds.store.accounts import Accounts, KeptAccount, NameTakenError
from cds.store.sign_ins import SignInLinks

LINK_LASTS = timedelta(hours=24)
_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,79}")


class AccountFaultError(Exception):
    """It cannot be done. The message is one sentence for whoever asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDesk:
    """Adds and changes accounts. now: the clock. Every method: Errors: StoreUnavailable."""

    accounts: Accounts
    links: SignInLinks
    passwords: Passwords
    audit: Audit
    public_url: str
    now: Callable[[], datetime]

    def add(self, name: str, role: Role) -> Account:
        """Add an account. Errors: AccountFaultError for a name that cannot be, or is taken."""
        tidy = tidy_name(name)
        if not _NAME.fullmatch(tidy):
            raise AccountFaultError(
                "A name has up to 80 letters a to z, digits and . _ @ + -, and begins with a "
                "letter or digit."
            )
        if self.accounts.by_name(tidy) is not None:
            raise AccountFaultError("There is an account of this name already.")
        account = Account(id=str(uuid4()), name=tidy, role=role)
        self._note("add_account", account, role=role.value)
        try:
            self.accounts.add(account, self.now())
        except NameTakenError:
            raise AccountFaultError("There is an account of this name already.") from None
        return account

    def change_role(self, account: Account, role: Role) -> None:
        """Give an account another role; whoever is signed in with it must sign in again."""
        self._note("change_role", account, before=account.role.value, role=role.value)
        self.accounts.change_role(account.id, role)

    def disable(self, account: Account) -> None:
        """Let nobody use an account any more, from now on."""
        self._note("disable_account", account)
        self.accounts.disable(account.id, self.now())

    def enable(self, account: Account) -> None:
        """Let an account be used again."""
        self._note("enable_account", account)
        self.accounts.enable(account.id)

    def set_password(self, account: Account, password: str) -> None:
        """Give an account a new password. Errors: AccountFaultError for a weak one."""
        if fault := find_fault(password, account.name):
            raise AccountFaultError(fault)
        self._note("set_password", account)
        self.accounts.set_password(account.id, self.passwords.hash(password))

    def make_link(self, kept: KeptAccount, lasts: timedelta = LINK_LASTS) -> str:
        """Give the address that signs somebody in once; an unused older one is void.

        Errors: AccountFaultError for a disabled account, and for one that a provider vouches for.
        """
        if kept.disabled_at is not None:
            raise AccountFaultError("This account is disabled.")
        if kept.subject is not None:
            raise AccountFaultError("Who has this account signs in with their organisation.")
        self._note("make_link", kept.account)
        token = self.links.make(kept.id, self.now(), lasts)
        return f"{self.public_url}/review/sign-in/link/{token}"

    def _note(self, action: str, account: Account, **details: str) -> None:
        self.audit.note(action, details={"account": account.id, **details})
