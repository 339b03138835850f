"""Who may look at decisions? Accounts are added and disabled, and never removed.

What they judged and looked at stays theirs. Whatever takes something from an account ends, in the
same transaction, every sign-in of it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select, update

from cds.review.roles import Account, Role
from cds.store.column_types import keepable
from cds.store.database import Store
from cds.store.schema import accounts, sign_ins


class NameTakenError(Exception):
    """There is an account of this name, or of this person, already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAccount:
    """One account as it is kept.

    password_hash: None where nobody can sign in with a password. subject: of OpenID Connect, as
    issuer and subject. disabled_at: since then nobody signs in with it.
    """

    id: str
    name: str
    role: Role
    password_hash: str | None = field(repr=False)
    subject: str | None
    created_at: datetime
    disabled_at: datetime | None

    @property
    def account(self) -> Account:
        return Account(id=self.id, name=self.name, role=self.role)


class Accounts:
    """The accounts of the review pages. Every method: Errors: StoreUnavailable."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._insert = store.insert_new(accounts).returning(accounts.c.id)

    def add(self, account: Account, at: datetime, *, subject: str | None = None) -> None:
        """Add an account, which has no password yet. Errors: NameTakenError."""
        row = {"id": account.id, "name": account.name, "role": account.role.value}
        with self._store.writing() as connection:
            added = row | {"subject": subject, "created_at": at}
            if connection.scalar(self._insert, added) is None:
                raise NameTakenError

    def everyone(self) -> tuple[KeptAccount, ...]:
        """Give all accounts, the disabled ones too, by name."""
        with self._store.reading() as connection:
            rows = connection.execute(select(accounts).order_by(accounts.c.name)).mappings()
            return tuple(_read(row) for row in rows)

    def by_id(self, account: str) -> KeptAccount | None:
        return self._find(accounts.c.id == keepable(account))

    def by_name(self, name: str) -> KeptAccount | None:
        return self._find(accounts.c.name == name)

    def by_subject(self, subject: str) -> KeptAccount | None:
        return self._find(accounts.c.subject == subject)

    def change_role(self, account: str, role: Role) -> None:
        """Give an account another role, and end its sign-ins."""
        self._change(account, role=role.value)

    def set_password(self, account: str, password_hash: str) -> None:
        """Keep the hash of a new password, and end the sign-ins that began with the old one."""
        self._change(account, password_hash=password_hash)

    def renew_hash(self, account: str, password_hash: str) -> None:
        """Keep the hash of the same password, made with newer parameters; nothing ends."""
        with self._store.writing() as connection:
            _update(connection, account, password_hash=password_hash)

    def disable(self, account: str, at: datetime) -> None:
        """Let nobody sign in with an account, and end its sign-ins."""
        self._change(account, disabled_at=at)

    def enable(self, account: str) -> None:
        """Let somebody sign in with an account again."""
        self._change(account, disabled_at=None)

    def _change(self, account: str, **values: Any) -> None:
        with self._store.writing() as connection:
            _update(connection, account, **values)
            connection.execute(delete(sign_ins).where(sign_ins.c.account == account))

    def _find(self, condition: ColumnElement[bool]) -> KeptAccount | None:
        with self._store.reading() as connection:
            row = connection.execute(select(accounts).where(condition)).mappings().first()
        return None if row is None else _read(row)


def _update(connection: Connection, account: str, **values: Any) -> None:
    connection.execute(update(accounts).where(accounts.c.id == account), values)


def _read(row: Any) -> KeptAccount:
    return KeptAccount(**{**row, "role": Role(row["role"])})
