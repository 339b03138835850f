"""How do times, and texts that others wrote, come back from two databases as they went in?"""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class UtcTime(TypeDecorator[datetime]):
    """A moment, in UTC in the database and in Python; SQLite has no time zones of its own.

    Errors: ValueError for a time without a zone, which is no moment.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class ForeignText(TypeDecorator[str]):
    """Text from outside, of any length, such as a comment or the id of a card.

    JSON can carry U+0000 and half of a surrogate pair. PostgreSQL keeps neither, and feedback must
    not be lost for a character, so both become U+FFFD, in both databases.
    """

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else keepable(value)


def keepable(text: str) -> str:
    """Give a text from outside as both databases keep it."""
    if text.isascii() and "\0" not in text:
        return text
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", _REPLACEMENT)
