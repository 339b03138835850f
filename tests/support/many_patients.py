"""How does a test get a thousand patients? From the vignettes, each changed a little by chance.

A changed vignette claims nothing any more: it is a record as it might be, and no example. The same
seed always gives the same patients.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.support import chart
from tests.support.vignette import Entries, Vignette, vignettes

_BIRTHDAYS = ("1984-03-10", "1961-11", "1999", "2009-01-15", "1931-06-30")
_CRP = ("0.4", "2.9", "3", "3.1", "4.2", "4.9", "5", "6.3", "9.8", "10", "10.1", "27")
_MOST_CHANGES = 3

Change = Callable[[Entries, Entries, Random], Entries]


def many_patients(number: int, seed: int = 0) -> Iterator[Vignette]:
    """Give patients: the vignettes as they are, then changed ones, each with an id of its own."""
    chance = Random(seed)  # noqa: S311 - no secret
    known = vignettes()
    pool = tuple(line for each in known for line in each.entries if _stands_alone(line))
    for place in range(number):
        vignette = known[place % len(known)]
        lines = vignette.entries if place < len(known) else _changed(vignette, pool, chance)
        born = vignette.patient.born if chance.random() < 0.9 else chance.choice(_BIRTHDAYS)
        yield vignette.model_copy(
            update={
                "id": f"{vignette.id}-{place}",
                "given": (),
                "record": tuple(dict.fromkeys(lines)),
                "patient": vignette.patient.model_copy(update={"born": born}),
            }
        )


def _changed(vignette: Vignette, pool: Entries, chance: Random) -> Entries:
    lines = vignette.entries
    for _ in range(chance.randint(1, _MOST_CHANGES)):
        change = chance.choice(_CHANGES)
        lines = change(lines, pool, chance)
    return lines


def _without_one(lines: Entries, _pool: Entries, chance: Random) -> Entries:
    """A line is missing; what others point to stays."""
    out = [line for line in lines if _stands_alone(line)]
    left = chance.choice(out) if out else None
    return tuple(line for line in lines if line is not left)


def _with_a_line_of_another(lines: Entries, pool: Entries, chance: Random) -> Entries:
    return (*lines, chance.choice(pool))


def _with_other_markers(lines: Entries, _pool: Entries, chance: Random) -> Entries:
    """Every result in mg/L has another value."""
    return tuple(
        line.model_copy(update={"value": Decimal(chance.choice(_CRP))})
        if isinstance(line, chart.Marker) and line.unit == "mg/L" and line.value is not None
        else line
        for line in lines
    )


def _with_other_days(lines: Entries, _pool: Entries, chance: Random) -> Entries:
    """One line is of another day, up to half a year away."""
    dated = [line for line in lines if len(getattr(line, "on", None) or "") == len("2026-06-30")]
    if not dated:
        return lines
    moved = chance.choice(dated)
    on = date.fromisoformat(moved.on) + timedelta(days=chance.randint(-180, 180))
    other = moved.model_copy(update={"on": on.isoformat()})
    return tuple(other if line is moved else line for line in lines)


_CHANGES: tuple[Change, ...] = (
    _without_one,
    _with_a_line_of_another,
    _with_other_markers,
    _with_other_days,
)


def _stands_alone(line: Any) -> bool:
    points = (line.name, getattr(line, "order", None), getattr(line, "corrects", None))
    return not any(points)
