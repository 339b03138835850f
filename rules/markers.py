"""What does each laboratory result say against the cut-offs, and which results cannot be used?"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.clinical_time import Precision
from rules.facts import MarkerResult
from rules.findings import LabelledResult, NotUsed, ResultLabel
from rules.knowledge.model import Knowledge, MarkerCode, MarkerUse
from rules.marker_reading import Unread, read_result
from rules.plain_words import number


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusableResult:
    """A result that cannot be used; note is one of the notes vocabulary, "" where none fits.

    compared: whether its marker is one that has cut-offs, so that it could have said something.
    """

    note: str
    because: str
    compared: bool
    day: date | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedResults:
    """CRP results that can be labelled, results that are only shown, and the rest."""

    labelled: tuple[LabelledResult, ...]
    shown_only: tuple[LabelledResult, ...]
    unusable: tuple[UnusableResult, ...]

    @property
    def not_used(self) -> tuple[NotUsed, ...]:
        return tuple(
            NotUsed(source, each.because) for each in self.unusable for source in each.sources
        )


def label_results(
    results: Iterable[MarkerResult], as_of: date, knowledge: Knowledge
) -> SortedResults:
    """Label every usable CRP result against the cut-offs and name the rest, newest first.

    Units: mg/L after conversion by table. Source: rule.md sections 6.1 and 6.3. Unknown input: no
    value, no unit, no usable date, another specimen or an unfinished result is never labelled.
    """
    compared = {each.marker for each in knowledge.markers.values() if each.use is MarkerUse.ANALYTE}
    labelled: list[LabelledResult] = []
    shown: list[LabelledResult] = []
    unusable: list[UnusableResult] = []
    for result in results:
        judged = _label(result, as_of, knowledge)
        if isinstance(judged, Unread):
            unusable.append(_unusable(result, judged, compared, knowledge))
        elif judged.label is ResultLabel.DISPLAY_ONLY:
            shown.append(judged)
        else:
            labelled.append(judged)
    return SortedResults(
        labelled=tuple(sorted(labelled, key=_newest_first)),
        shown_only=tuple(sorted(shown, key=_newest_first)),
        unusable=tuple(sorted(unusable, key=lambda each: each.sources)),
    )


def lowest_of_each_day(results: Sequence[LabelledResult]) -> tuple[LabelledResult, ...]:
    """Keep one result a day: the lowest that is settled, else the lowest of the bounds.

    Source: rule.md section 12 point 22. Units: mg/L. A bound that settles its label ("<0.3") is
    as good as a number; one that does not ("<5") never stands in for a number of the same day.
    """
    by_day: dict[date, LabelledResult] = {}
    for result in sorted(results, key=_lowest_first):
        by_day.setdefault(result.date, result)
    return tuple(by_day[day] for day in sorted(by_day, reverse=True))


def _label(result: MarkerResult, as_of: date, knowledge: Knowledge) -> LabelledResult | Unread:
    marker = knowledge.markers[result.code]
    return (
        _refused(result, marker, knowledge)
        or _refused_date(result, as_of)
        or _read(result, marker, knowledge)
    )


def _unusable(
    result: MarkerResult, unread: Unread, compared: Collection[str], knowledge: Knowledge
) -> UnusableResult:
    return UnusableResult(
        note=unread.note,
        because=unread.because,
        compared=knowledge.markers[result.code].marker in compared,
        day=result.date.earliest if result.date else None,
        sources=result.sources,
    )


def _read(
    result: MarkerResult, marker: MarkerCode, knowledge: Knowledge
) -> LabelledResult | Unread:
    if marker.use is MarkerUse.DISPLAY:
        return _shown_only(result, marker)
    return read_result(result, marker, knowledge)


def _refused(result: MarkerResult, marker: MarkerCode, knowledge: Knowledge) -> Unread | None:
    """Why a result cannot be used whatever its value: its specimen, status or kind."""
    if marker.use is MarkerUse.WRONG_SPECIMEN:
        return Unread("wrong_specimen", "not from blood, serum or plasma")
    status, records = result.status or "unknown", knowledge.records
    if status == "unknown" and not knowledge.marker.accept_status_unknown:
        return Unread("not_final", "status unknown")
    if status not in {"unknown", *records.observation_used}:
        note = "not_final" if status in records.observation_unfinished else ""
        return Unread(note, f"status {records.named(status)}")
    if marker.use is MarkerUse.QUALITATIVE:
        return Unread("qualitative", "a qualitative result")
    return None


def _refused_date(result: MarkerResult, as_of: date) -> Unread | None:
    """A month counts as its first day, with a note; a year cannot be placed."""
    if result.date is None or result.date.precision is Precision.YEAR:
        return Unread("", "a result without a date that could place it")
    if result.date.earliest > as_of:
        return Unread("future_date", f"dated {result.date.text}, after the day of evaluation")
    return None


def _shown_only(result: MarkerResult, marker: MarkerCode) -> LabelledResult | Unread:
    """A marker without an agreed cut-off is shown as reported, with the laboratory's own range."""
    if result.value is None or result.date is None or result.unit not in marker.display_units:
        return Unread("no_value", "no value in a known unit")
    shown = f"{marker.name} {result.comparator or ''}{number(result.value)} {result.unit}"
    return LabelledResult(
        marker=marker.marker,
        marker_name=marker.name,
        date=result.date.earliest,
        value_mg_per_l=None,
        comparator=result.comparator,
        label=ResultLabel.DISPLAY_ONLY,
        notes=(),
        shown=f"{shown}{_laboratory_range(result)}",
        sources=result.sources,
    )


def _laboratory_range(result: MarkerResult) -> str:
    low, high = result.reference_low, result.reference_high
    if low is not None and high is not None:
        return f" (laboratory range {number(low)} to {number(high)})"
    if low is not None:
        return f" (laboratory range from {number(low)})"
    return "" if high is None else f" (laboratory range up to {number(high)})"


def _newest_first(result: LabelledResult) -> tuple[int, Decimal, tuple[str, ...]]:
    return (-result.date.toordinal(), result.value_mg_per_l or Decimal(0), result.sources)


def _lowest_first(result: LabelledResult) -> tuple[bool, Decimal, bool, tuple[str, ...]]:
    """Sort first what is lowest; of one number, the bound from above ("<3") lies below it."""
    censored = result.label in {ResultLabel.CENSORED, ResultLabel.CENSORED_HIGH}
    below = (result.comparator or "").startswith("<")
    return (censored, result.value_mg_per_l or Decimal(0), not below, result.sources)
