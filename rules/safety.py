"""Is there a recent entry about suicidal thoughts or self-harm?"""

from collections.abc import Iterable
from datetime import date

from rules.clinical_time import ClinicalDate, days_between
from rules.current_state import is_active
from rules.facts import Diagnosis, Encounter, Score
from rules.findings import Finding, SuicideSignal, Verdict
from rules.knowledge.model import Knowledge
from rules.plain_words import number
from rules.severity import Total
from rules.speaks_against import doubt

_ATTEMPT = "safety.attempt_days"


def find_suicide_signals(
    items: Iterable[Score],
    totals: Iterable[Total],
    coded: Iterable[Diagnosis | Encounter],
    as_of: date,
    knowledge: Knowledge,
) -> tuple[SuicideSignal, ...]:
    """Collect every recent signal, the newest first. No signal is never reassurance.

    coded: diagnoses, also unconfirmed ones, and contacts with the codes of their reasons. Units:
    points and days, windows inclusive. Source: rule.md section 9 and 12 points 30 and 33a. Unknown
    input: a coded attempt without a date counts, because it cannot be shown to be old; so does an
    ideation diagnosis that stands as active. So does one that nobody confirmed: only an entry that
    is refuted or made in error is no signal. A missing item score says nothing.
    """
    signals = [
        *_from_items(items, list(totals), as_of, knowledge),
        *_from_codes(coded, as_of, knowledge),
    ]
    return tuple(sorted(signals, key=_newest_first))


def _from_items(
    items: Iterable[Score], totals: list[Total], as_of: date, knowledge: Knowledge
) -> Iterable[SuicideSignal]:
    safety = knowledge.safety
    for item in items:
        scale = knowledge.scale_of(item.code)
        if scale is None or item.code != scale.suicide_item:
            continue
        if item.value is None or item.value < safety.item_signal_from:
            continue
        day = None if item.date is None else min(item.date.latest, as_of)
        if day is not None and days_between(day, as_of) > safety.ideation_days:
            continue
        disagrees = any(
            total.day == day and total.scale is scale and total.value < item.value
            for total in totals
        )
        when = f"on {item.date.text}" if item.date else "on an unknown day"
        words = f"{scale.name} item on suicidal thoughts answered {number(item.value)} {when}"
        yield SuicideSignal(
            item_score=int(item.value),
            label=f"{scale.name} item 9",
            date=day,
            written=item.date.text if item.date else None,
            total_disagrees=disagrees,
            finding=_finding(
                f"{words}; item and total disagree" if disagrees else words,
                "safety.ideation_days",
                item.sources,
            ),
        )


def _from_codes(
    coded: Iterable[Diagnosis | Encounter], as_of: date, knowledge: Knowledge
) -> Iterable[SuicideSignal]:
    attempt, ideation = (
        knowledge.value_sets[name] for name in ("suicide-attempt", "suicidal-ideation")
    )
    for entry in coded:
        code = attempt.find(entry.codes)
        if code is not None and _attempt_counts(entry, as_of, knowledge):
            yield _coded(entry, attempt.label(code), _ATTEMPT, knowledge)
            continue
        code = ideation.find(entry.codes)
        citation = None if code is None else _ideation_counts(entry, as_of, knowledge)
        if code is not None and citation is not None:
            yield _coded(entry, ideation.label(code), citation, knowledge)


def _dates(entry: Diagnosis | Encounter) -> tuple[ClinicalDate, ...]:
    """When it was, and when it was written down."""
    stated = (entry.date,) if isinstance(entry, Encounter) else (entry.onset, entry.recorded)
    return tuple(each for each in stated if each is not None)


def _attempt_counts(entry: Diagnosis | Encounter, as_of: date, knowledge: Knowledge) -> bool:
    """An attempt counts from its own date; the day it was written down only where that is all."""
    dates = _dates(entry)
    return not dates or _within(dates[0], as_of, knowledge.safety.attempt_days)


def _ideation_counts(entry: Diagnosis | Encounter, as_of: date, knowledge: Knowledge) -> str | None:
    """An ideation entry counts for a month, and for longer while it stands as active.

    Gives the parameter by which it counts, or None.
    """
    dates, safety = _dates(entry), knowledge.safety
    if any(_within(each, as_of, safety.ideation_days) for each in dates):
        return "safety.ideation_days"
    if isinstance(entry, Encounter) or not is_active(entry, as_of, knowledge):
        return None
    standing = any(_within(each, as_of, safety.ideation_condition_days) for each in dates)
    return "safety.ideation_condition_days" if standing or not dates else None


def _within(when: ClinicalDate, as_of: date, days: int) -> bool:
    return days_between(when.latest, as_of) <= days


def _coded(
    entry: Diagnosis | Encounter, label: str, citation: str, knowledge: Knowledge
) -> SuicideSignal:
    dates = _dates(entry)
    if citation != _ATTEMPT:
        dates = tuple(sorted(dates, key=lambda each: each.latest, reverse=True))
    shown = dates[0] if dates else None
    words = f"{label} coded {shown.text if shown else 'without a date'}"
    words += doubt(entry, knowledge) if isinstance(entry, Diagnosis) else ""
    return SuicideSignal(
        item_score=None,
        label=label,
        date=shown.latest if shown else None,
        written=shown.text if shown else None,
        total_disagrees=False,
        finding=_finding(words, citation, entry.sources),
    )


def _finding(because: str, citation: str, sources: tuple[str, ...]) -> Finding:
    return Finding(verdict=Verdict.MET, because=because, citations=(citation,), sources=sources)


def _newest_first(signal: SuicideSignal) -> tuple[int, str, tuple[str, ...]]:
    """An undated entry comes first: nothing shows that it is old."""
    day = signal.date or date.max
    return (-day.toordinal(), signal.label, signal.finding.sources)
