"""What does one laboratory result say in mg/L, and where does that put it?"""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from rules.clinical_time import Precision
from rules.facts import MarkerResult
from rules.findings import LabelledResult, ResultLabel
from rules.knowledge.model import Knowledge, MarkerCode
from rules.plain_words import number
from rules.units import to_mg_per_l

# A bound or number as text, with an optional unit: "<0.3", ">200", "1,2 mg/L".
_TEXT_RESULT = re.compile(
    r"\s*([<>]=?)?\s*([0-9]{1,9}(?:[.,][0-9]{1,9})?)\s*([^\W\d_]\S{0,15}(?: \S{1,15})?)?\s*"
)
_BELOW = ("<", "<=")
_ABOVE = (">", ">=")
_SHOWN_TO = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a result could not be read: a note of the notes vocabulary ("" where none fits)."""

    note: str
    because: str


@dataclass(frozen=True, slots=True)
class _Reading:
    result: MarkerResult
    marker: MarkerCode
    knowledge: Knowledge


def read_result(
    result: MarkerResult, marker: MarkerCode, knowledge: Knowledge
) -> LabelledResult | Unread:
    """Read the value of a result under a code that has cut-offs, and label it.

    Units: mg/L after conversion by table. Source: rule.md sections 6.1 and 6.3. Unknown input: no
    value, a text that is no number, or a unit that is missing or does not fit, is Unread. A range
    that is open at one end says what a comparator says.
    """
    reading = _Reading(result, marker, knowledge)
    if result.low is not None and result.high is not None:
        return _read_range(reading, result.low, result.high)
    if result.low is not None:
        return _read_number(reading, result.low, ">=", result.unit)
    if result.high is not None:
        return _read_number(reading, result.high, "<=", result.unit)
    if result.value is not None:
        return _read_number(reading, result.value, result.comparator, result.unit)
    if result.text is not None:
        return _read_text(reading, result.text)
    return Unread("no_value", "a result without a value")


def label_of(value_mg_per_l: Decimal, comparator: str | None, knowledge: Knowledge) -> ResultLabel:
    """Label a value or a bound against the cut-offs.

    Units: mg/L; raised from `marker.crp_low_mg_l` inclusive, acute range above
    `marker.crp_acute_above_mg_l` exclusive, both within `marker.tolerance`. Source: rule.md section
    6.3. Unknown input: a bound that does not settle the question is CENSORED.
    """
    marker = knowledge.marker
    below_low = value_mg_per_l < marker.crp_low_mg_l - marker.tolerance
    if comparator in _BELOW:
        at_low = abs(value_mg_per_l - marker.crp_low_mg_l) <= marker.tolerance
        settled = below_low or (comparator == "<" and at_low)
        return ResultLabel.NORMAL if settled else ResultLabel.CENSORED
    if comparator in _ABOVE:
        if below_low:
            return ResultLabel.CENSORED
        beyond = value_mg_per_l >= marker.crp_acute_above_mg_l - marker.tolerance
        return ResultLabel.ACUTE_RANGE if beyond else ResultLabel.CENSORED_HIGH
    if below_low:
        return ResultLabel.NORMAL
    above_acute = value_mg_per_l > marker.crp_acute_above_mg_l + marker.tolerance
    return ResultLabel.ACUTE_RANGE if above_acute else ResultLabel.RAISED


def _read_number(
    reading: _Reading, value: Decimal, comparator: str | None, unit: str | None
) -> LabelledResult | Unread:
    if comparator not in {None, *_BELOW, *_ABOVE}:
        return Unread("no_value", "a comparator that is none of FHIR's")
    converted = to_mg_per_l(value, unit, reading.marker)
    if converted is None:
        stated = "no unit is stated" if unit is None else "the unit does not fit the test"
        return Unread("no_unit", stated)
    if converted < 0:
        return Unread("no_value", "a negative concentration")
    return _labelled(
        reading, converted, comparator, label_of(converted, comparator, reading.knowledge)
    )


def _read_text(reading: _Reading, text: str) -> LabelledResult | Unread:
    stated = _TEXT_RESULT.fullmatch(text)
    if stated is None:
        return Unread("no_value", "a text that is no number")
    comparator, digits, unit = stated.groups()
    value = Decimal(digits.replace(",", "."))
    if unit is None and comparator is not None:
        return _read_bound_without_unit(reading, value, comparator)
    return _read_number(reading, value, comparator, unit)


def _read_bound_without_unit(
    reading: _Reading, value: Decimal, comparator: str
) -> LabelledResult | Unread:
    """Read ">200" only where every unit this test is printed in gives the same clear answer."""
    units = reading.marker.reported_in
    read = [_read_number(reading, value, comparator, unit) for unit in units]
    known = [each for each in read if isinstance(each, LabelledResult)]
    labels = {each.label for each in known}
    if len(labels) == 1 and labels <= {ResultLabel.NORMAL, ResultLabel.ACUTE_RANGE}:
        shown = f"{reading.marker.name} {comparator}{number(value)} (no unit stated)"
        return replace(known[0], shown=shown)
    return Unread("no_unit", "no unit is stated")


def _read_range(reading: _Reading, low: Decimal, high: Decimal) -> LabelledResult | Unread:
    """Read a reported range: one label where both ends have it, else it settles nothing."""
    unit, marker, knowledge = reading.result.unit, reading.marker, reading.knowledge
    lower, upper = to_mg_per_l(low, unit, marker), to_mg_per_l(high, unit, marker)
    if lower is None or upper is None:
        return Unread("no_unit", "the range has no unit that fits the test")
    if not 0 <= lower <= upper:
        return Unread("no_value", "a range whose ends make no sense")
    ends = {label_of(end, None, knowledge) for end in (lower, upper)}
    label = ends.pop() if len(ends) == 1 else ResultLabel.CENSORED
    words = " to ".join(_shown(end, None, knowledge) for end in (lower, upper))
    return replace(_labelled(reading, upper, None, label), shown=f"{marker.name} {words} mg/L")


def _labelled(
    reading: _Reading, value_mg_per_l: Decimal, comparator: str | None, label: ResultLabel
) -> LabelledResult:
    result, marker = reading.result, reading.marker
    shown = _shown(value_mg_per_l, comparator, reading.knowledge)
    return LabelledResult(
        marker=marker.marker,
        marker_name=marker.name,
        date=result.date.earliest if result.date else date.min,
        value_mg_per_l=value_mg_per_l,
        comparator=comparator,
        label=label,
        notes=_notes(reading, value_mg_per_l, label),
        shown=f"{marker.name} {comparator or ''}{shown} mg/L",
        sources=result.sources,
    )


def _shown(value_mg_per_l: Decimal, comparator: str | None, knowledge: Knowledge) -> str:
    """Write a value with few decimals, with more where fewer would cross a cut-off or be none."""
    exact, label = number(value_mg_per_l), label_of(value_mg_per_l, comparator, knowledge)
    for place in (_SHOWN_TO, knowledge.marker.tolerance):
        if _decimals(exact) <= _decimals(number(place)):
            return exact
        rounded = value_mg_per_l.quantize(place)
        if rounded and label_of(rounded, comparator, knowledge) is label:
            return number(rounded)
    return exact


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])


def _notes(reading: _Reading, value_mg_per_l: Decimal, label: ResultLabel) -> tuple[str, ...]:
    result, notes = reading.result, []
    if (result.status or "unknown") == "unknown":
        notes.append("status_unknown")
    if result.date_from_issued:
        notes.append("date_from_issued")
    if result.date is not None and result.date.precision is Precision.MONTH:
        notes.append("month_precision")
    if label is ResultLabel.RAISED and result.reference_high is not None:
        limit = to_mg_per_l(result.reference_high, result.unit, reading.marker)
        if limit is not None and value_mg_per_l <= limit + reading.knowledge.marker.tolerance:
            notes.append("within_lab_range")
    return tuple(notes)
