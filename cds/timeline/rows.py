"""Which rows tell the same as the picture? One for each datum, whether it is drawn or not."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from cds.pages.table import list_sources
from cds.timeline.scene import Datum, Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table.

    key: the mark it belongs to. group: the heading it stands under. picture: whether and where it
    is drawn.
    """

    key: str
    group: str
    what: str
    value: str
    when: str
    reading: str
    because: str
    picture: str
    sources: tuple[str, ...]

    @property
    def sources_told(self) -> str:
        """The resources for a reader: the first of them, and how many more."""
        return list_sources(self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
    """The rows under one heading."""

    heading: str
    rows: tuple[Row, ...]


def rows_of(scene: Scene) -> tuple[Row, ...]:
    """Give the rows in the order of the picture."""
    return tuple(_row(datum) for datum in scene.data)


def grouped(rows: Iterable[Row]) -> tuple[RowGroup, ...]:
    """Give the rows under their headings; a heading without rows is left out."""
    return tuple(
        RowGroup(heading=heading, rows=tuple(same))
        for heading, same in groupby(rows, key=lambda each: each.group)
    )


def _row(datum: Datum) -> Row:
    return Row(
        key=datum.key,
        group=datum.group.value,
        what=datum.what,
        value=datum.value,
        when=datum.when,
        reading=datum.reading,
        because=datum.because,
        picture=_picture(datum),
        sources=datum.sources,
    )


def _picture(datum: Datum) -> str:
    if datum.undrawn:
        return f"not drawn: {datum.undrawn}"
    return f"in words: {datum.aside}" if datum.aside else "drawn"
