"""What does the picture not show? What is missing, left out or out of reach, in sentences."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from cds.timeline.grounds import Grounds
from cds.timeline.scene import Datum, Group
from rules.completeness import incomplete_types
from rules.plain_words import counted, kind_of_record, listed

_THINGS = {
    Group.TRIAL: ("trial", "trials"),
    Group.SUPPORT: ("supporting treatment", "supporting treatments"),
    Group.SCORE: ("score", "scores"),
    Group.RESULT: ("CRP result", "CRP results"),
    Group.MARKER: ("result of another marker", "results of other markers"),
    Group.CONFOUNDER: ("other cause", "other causes"),
    Group.SAFETY: ("safety entry", "safety entries"),
}


def notes_on(data: Sequence[Datum], grounds: Grounds) -> tuple[str, ...]:
    """Say what could not be had, and how many rows of the table have no mark, and why."""
    return tuple(dict.fromkeys((*_missing(grounds), *_none_found(data), *_in_the_table(data))))


def _missing(grounds: Grounds) -> Iterator[str]:
    incomplete = incomplete_types(grounds.recorded)
    for name in sorted(incomplete):
        kind = kind_of_record(name)
        yield f"Missing in part or whole: {kind} ({incomplete[name].because})."
    told = {*incomplete, *(f"{name[:1].lower()}{name[1:]}" for name in incomplete)}
    for gap in grounds.assessment.gaps:
        if gap.what not in told:
            yield f"Missing: {kind_of_record(gap.what)} ({gap.because})."


def _none_found(data: Sequence[Datum]) -> Iterator[str]:
    """What would be expected on the picture, and is not in the record."""
    held = {each.group for each in data}
    absent = [words for group, words in _EXPECTED.items() if group not in held]
    if absent:
        yield f"Not in the data received: {listed(absent)}. That does not show that there is none."


_EXPECTED = {
    Group.TRIAL: "antidepressant treatment",
    Group.SCORE: "a symptom score",
    Group.RESULT: "a CRP result",
}


def _in_the_table(data: Iterable[Datum]) -> Iterator[str]:
    beyond = Counter((each.group, each.undrawn) for each in data if not each.drawn)
    for (group, why), count in sorted(beyond.items(), key=lambda item: _place(item[0])):
        one, many = _THINGS[group]
        words = counted(count, f"further {one} is", f"further {many} are")
        yield f"{words} in the table only: {why}."


def _place(item: tuple[Group, str]) -> tuple[int, str]:
    return (tuple(Group).index(item[0]), item[1])
