"""What is the result of an Observation, and when was it?"""

from decimal import Decimal

import msgspec

from rules.clinical_time import ClinicalDate
from rules.codes import Code
from rules.fhir_reader.dates import end_of, read_date, refuse_two, start_of
from rules.fhir_reader.decoding import NO_NUMBER, Number, UnreadableError, read_number
from rules.fhir_reader.elements import (
    CodeableConcept,
    Coding,
    Element,
    Period,
    Quantity,
    Range,
    code_of_status,
    codes_of,
    texts_of,
)
from rules.fhir_reader.resources import NULL
from rules.fhir_reader.timing import Timing

_COMPARATORS = frozenset({"<", "<=", ">", ">="})
# What HL7 v2 puts before a number that is exact; converters keep it. Its "<>" says what it is not.
_EXACT = "="
_NORMAL = "normal"


class ReferenceRange(Range, frozen=True):
    type: CodeableConcept | None = None


class Result(Element, frozen=True):
    """The members in which an Observation and its components hold a result."""

    code: CodeableConcept | None = None
    value_quantity: Quantity | None = None
    value_codeable_concept: CodeableConcept | None = None
    value_string: str | None = None
    value_integer: Number = NO_NUMBER
    value_range: Range | None = None
    value_ratio: msgspec.Raw = NULL
    value_date_time: str | None = None
    data_absent_reason: CodeableConcept | None = None
    reference_range: list[ReferenceRange] | None = None


class Identifier(Element, frozen=True):
    system: str | None = None
    value: str | None = None


class Observation(Result, frozen=True):
    status: str | None = None
    identifier: list[Identifier] | None = None
    effective_date_time: str | None = None
    effective_instant: str | None = None
    effective_period: Period | None = None
    effective_timing: Timing | None = None
    issued: str | None = None
    component: list[Result] | None = None


class Value(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A result in one form, whichever the resource used. Nothing set: there is no result."""

    number: Decimal | None = None
    comparator: str | None = None
    unit: str | None = None
    text: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    answers: tuple[Code, ...] = ()
    codings: tuple[Coding, ...] = ()
    date: ClinicalDate | None = None


def read_value(result: Result) -> Value:
    """Read value[x] exactly as reported.

    A ratio and a result with a reason for its absence are no result. Errors: UnreadableError for
    more than one value, a number written as text, and a comparator FHIR does not know.
    """
    if result.data_absent_reason is not None:
        return Value()
    concept, stated = result.value_codeable_concept, _members(result)
    if stated > 1:
        raise UnreadableError("$.value[x] should be one value")
    if result.value_quantity is not None:
        return _of_quantity(result.value_quantity)
    if concept is not None:
        return Value(
            text=next(iter(texts_of(concept)), None),
            answers=codes_of(concept),
            codings=tuple(concept.coding or ()),
        )
    if result.value_range is not None:
        return _of_range(result.value_range)
    return Value(
        number=read_number(result.value_integer, "$.valueInteger"),
        text=result.value_string,
        date=read_date(result.value_date_time, "$.valueDateTime"),
    )


def read_effective(read: Observation) -> tuple[ClinicalDate | None, bool]:
    """Read effective[x], else issued with True: the date of the report, not of the sample.

    A period counts from its start, and from its end where that is all it states; several events
    count from the first. Source: rule.md section 6.3. Errors: UnreadableError.
    """
    if read.effective_date_time and _states_nothing_else(read):  # as nearly all do
        return read_date(read.effective_date_time, "$.effectiveDateTime"), False
    period, events = read.effective_period, (read.effective_timing or Timing()).event or []
    points = (read.effective_date_time, read.effective_instant)
    refuse_two("$.effective[x]", *points, period, read.effective_timing)
    days = [read_date(event, "$.effectiveTiming.event") for event in events]
    known = [day for day in days if day is not None]
    stated = (
        read_date(read.effective_date_time, "$.effectiveDateTime")
        or read_date(read.effective_instant, "$.effectiveInstant")
        or start_of(period, "$.effectivePeriod")
        or end_of(period, "$.effectivePeriod")
        or min(known, key=lambda day: (day.earliest, day.latest), default=None)
    )
    if stated is not None:
        return stated, False
    issued = read_date(read.issued, "$.issued")
    return issued, issued is not None


def _states_nothing_else(read: Observation) -> bool:
    return not (read.effective_instant or read.effective_period or read.effective_timing)


def read_reference_range(result: Result, unit: str | None) -> tuple[Decimal | None, Decimal | None]:
    """Give the laboratory's own range where it states one, in the unit of the result.

    Unknown input: several ranges (for other ages, or bands of risk) are none, and so is one that
    is said to be no normal range, or that ends where it begins, as an empty form does.
    Errors: UnreadableError.
    """
    ranges = result.reference_range or []
    if len(ranges) != 1 or code_of_status(ranges[0].type) not in {None, _NORMAL}:
        return None, None
    low, high = _in_unit(ranges[0].low, unit, "low"), _in_unit(ranges[0].high, unit, "high")
    return (None, None) if low is not None and low == high else (low, high)


def _members(result: Result) -> int:
    plain = (
        result.value_quantity,
        result.value_codeable_concept,
        result.value_string,
        result.value_range,
        result.value_date_time,
    )
    stated = len(plain) - plain.count(None)
    for raw, absent in ((result.value_integer, NO_NUMBER), (result.value_ratio, NULL)):
        stated += raw is not absent and bytes(raw) not in {b"", b"null"}
    return stated


def _of_quantity(quantity: Quantity) -> Value:
    number = quantity.number("$.valueQuantity")
    if number is None:
        return Value()
    if quantity.comparator in {None, _EXACT}:
        return Value(number=number, unit=quantity.unit_as_stated)
    if quantity.comparator not in _COMPARATORS:
        raise UnreadableError("$.valueQuantity.comparator should be <, <=, > or >=")
    return Value(number=number, comparator=quantity.comparator, unit=quantity.unit_as_stated)


def _of_range(bounds: Range) -> Value:
    """Read a range; two ends in different units are no result."""
    ends = [end for end in (bounds.low, bounds.high) if end is not None]
    units = {end.unit_as_stated for end in ends}
    if len(units) != 1:
        return Value()
    low = bounds.low.number("$.valueRange.low") if bounds.low else None
    high = bounds.high.number("$.valueRange.high") if bounds.high else None
    return Value(low=low, high=high, unit=units.pop())


def _in_unit(quantity: Quantity | None, unit: str | None, end: str) -> Decimal | None:
    """Give one end of a range; an end in another unit than the result's is none."""
    if quantity is None or quantity.unit_as_stated not in {None, unit}:
        return None
    return quantity.number(f"$.referenceRange.{end}")
