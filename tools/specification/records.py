"""How does one line of a vignette's record read to a clinician?"""

from functools import singledispatch

from pydantic import BaseModel

from rules.codes import ICD_10_CM, SNOMED_CT, Code, read_code
from rules.knowledge.model import Knowledge
from rules.plain_words import counted, listed, number
from tests.support import chart


def line_of(entry: chart.AnyEntry, knowledge: Knowledge) -> str:
    """Give one entry of a record as a line; a kind without words of its own, by its fields."""
    return _line(entry, knowledge)


@singledispatch
def _line(entry: BaseModel, _knowledge: Knowledge) -> str:
    fields = entry.model_dump(exclude_none=True, exclude={"kind", "name"})
    words = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in fields.items())
    return f"{getattr(entry, 'kind', 'entry')}: {words}"


@_line.register
def _(entry: chart.Dispense, _knowledge: Knowledge) -> str:
    fills = f", {entry.fills} times in a row" if entry.fills > 1 else ""
    words = f"supplied {entry.on} for {counted(entry.days, 'day', 'days')}{fills}"
    return f"{_drug(entry)}: {words}{_unusual(entry.status, 'completed')}"


@_line.register
def _(entry: chart.Order, knowledge: Knowledge) -> str:
    words = f"{_drug(entry)}: prescribed {entry.written}"
    if entry.days is not None:
        words += f" for {counted(entry.days, 'day', 'days')}"
    if entry.until is not None:
        words += f" until {entry.until}"
    words += f", {entry.status}{_unusual(entry.intent, 'order', 'intent ')}"
    return words + _reasons(entry.reason, entry.stop_reason, knowledge)


@_line.register
def _(entry: chart.Statement, knowledge: Knowledge) -> str:
    words = f"{_drug(entry)}: reported as {entry.status}"
    words += f", from {entry.since}" if entry.since else ", without a start"
    words += f" until {entry.until}" if entry.until else ""
    return words + _reasons(entry.reason, entry.stop_reason, knowledge)


@_line.register
def _(entry: chart.Administration, _knowledge: Knowledge) -> str:
    return f"{_drug(entry)}: given {entry.on}{_unusual(entry.status, 'completed')}"


@_line.register
def _(entry: chart.Diagnosis, knowledge: Knowledge) -> str:
    words = f"Diagnosis {_coded(entry.system, entry.code, knowledge)}"
    words += f", {entry.status}" if entry.status else ", without a status"
    words += _unusual(entry.verification, "confirmed")
    dates = (("onset", entry.onset), ("ended", entry.abated), ("recorded", entry.recorded))
    return words + "".join(f", {what} {when}" for what, when in dates if when)


@_line.register
def _(entry: chart.Phq9, _knowledge: Knowledge) -> str:
    item = "" if entry.item9 is None else f" (item on suicidal thoughts: {entry.item9})"
    return f"PHQ-9 {entry.total}{item} on {entry.on}{_unusual(entry.status, 'final')}"


@_line.register
def _(entry: chart.Form, _knowledge: Knowledge) -> str:
    words = f"total so far {entry.total}, item on suicidal thoughts {entry.item9}"
    return f"PHQ-9 form of {entry.on}, {entry.status}: {words}"


@_line.register
def _(entry: chart.Score, knowledge: Knowledge) -> str:
    scales = {**knowledge.scales, **knowledge.context_scales}.values()
    names = [s.name for s in scales if any(c.code == entry.code for c in (*s.totals, *s.items))]
    return f"{' or '.join(names) or 'Score'} ({entry.code}) {entry.value} on {entry.on}"


@_line.register
def _(entry: chart.Marker, knowledge: Knowledge) -> str:
    name = next(
        (each.name for code, each in knowledge.markers.items() if code.code == entry.code),
        "laboratory result",
    )
    dated = f"on {entry.on}" if entry.on else f"without a date, reported {entry.issued or 'never'}"
    words = f"{name} ({entry.code}) {_value(entry)} {dated}{_unusual(entry.status, 'final')}"
    if entry.range is not None:
        words += f", laboratory range {entry.range[0]} to {entry.range[1]}"
    return f"{words}, correcting the result before" if entry.corrects else words


def _value(entry: chart.Marker) -> str:
    if entry.absent is not None:
        return f"without a value ({entry.absent})"
    if entry.text is not None:
        return f'as the text "{entry.text}"'
    if entry.value is None:
        return "without a value"
    unit = "without a unit" if entry.unit == "none" else entry.unit
    return f"{entry.comparator or ''}{entry.value} {unit}"


@_line.register
def _(entry: chart.Bmi, _knowledge: Knowledge) -> str:
    return f"Body-mass index {entry.value} kg/m² on {entry.on}"


@_line.register
def _(entry: chart.Event, knowledge: Knowledge) -> str:
    kind = "Procedure" if isinstance(entry, chart.Procedure) else "Contact"
    return f"{kind} {_coded(entry.system, entry.code, knowledge)} on {entry.on}"


@_line.register
def _(entry: chart.Vaccination, _knowledge: Knowledge) -> str:
    return f"Vaccination on {entry.on}{_unusual(entry.status, 'completed')}"


@_line.register
def _(entry: chart.Allergy, _knowledge: Knowledge) -> str:
    return f"Intolerance to {entry.drug}, recorded {entry.on}"


def _drug(entry: chart.DrugEntry) -> str:
    name = entry.product or entry.drug
    words = name[:1].upper() + name[1:]
    words += f" {_dose(entry)}" if entry.dose else ""
    return f"{words}, as needed" if entry.as_needed else words


def _dose(entry: chart.DrugEntry) -> str:
    """Give the dose with the daily amount where it is not said outright."""
    stated = entry.stated_dose
    if stated is None or stated.how_often in {"daily", "at bedtime"}:
        return entry.dose or ""
    return f"{entry.dose} ({number(round(stated.over(stated.low_mg), 1))} mg a day)"


def _unusual(status: str, usual: str, what: str = "") -> str:
    return "" if status == usual else f", {what}{status}"


def _reasons(reasons: tuple[str, ...], stop_reason: str | None, knowledge: Knowledge) -> str:
    coded = listed([_coded("icd-10-cm", each, knowledge) for each in reasons])
    words = f", {'reason' if len(reasons) == 1 else 'reasons'} {coded}" if coded else ""
    return f'{words}, stopped for "{stop_reason}"' if stop_reason else words


def _coded(system: str, text: str, knowledge: Knowledge) -> str:
    """Give a code with our words for it, as far as a value set holds it."""
    code = read_code(ICD_10_CM if system == "icd-10-cm" else SNOMED_CT, text)
    label = _label(code, knowledge) if code else ""
    return f"{text} ({label})" if label else text


def _label(code: Code, knowledge: Knowledge) -> str:
    for name in sorted(knowledge.value_sets):
        value_set = knowledge.value_sets[name]
        found = value_set.find([code])
        if found is not None and value_set.label(found):
            return value_set.label(found)
    return ""
