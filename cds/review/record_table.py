"""What does one datum of the record say on a page, and which columns has its table?"""

from dataclasses import dataclass

_COLUMNS = (
    ("code", "Code"),
    ("value", "As recorded"),
    ("converted", "Converted"),
    ("date", "Date"),
    ("status", "Status"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """One datum. what: in our words. code: with its system. value: as recorded.

    converted: the value the rule compared, where it compared one in a unit of its own. use: which
    findings rest on it, or why it was left out.
    """

    what: str
    code: str = ""
    value: str = ""
    converted: str = ""
    date: str = ""
    status: str = ""
    sources: tuple[str, ...] = ()
    use: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTable:
    """The data of one kind."""

    key: str
    title: str
    rows: tuple[RecordRow, ...]

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """The parts of a row that any row has, with what stands above them."""
        return tuple(
            (name, heading)
            for name, heading in _COLUMNS
            if any(getattr(row, name) for row in self.rows)
        )
