"""What else happened? Illness, drugs and conditions that move the CRP, and safety entries."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cds.timeline.grounds import Grounds
from cds.timeline.record import Places
from cds.timeline.scene import Datum, Group, Look, Piece
from rules.acute_illness import ACUTE_DRUGS, AcutePeriod, describe_days
from rules.clinical_time import ClinicalDate, plus_days, read_clinical_date
from rules.crp_drugs import DRUG_ROWS
from rules.findings import SuicideSignal

SAFETY_WORDS = "Entry about suicidal thoughts or self-harm"
_UNDATED = "no date in the record"
_BEARS = "Could move the CRP"
_NO_PART = "Recorded; not near a recent result, or too old to bear on one"


@dataclass(frozen=True, slots=True)
class _Days:
    """When something was: days it covers or single dates, and the same in words."""

    told: str
    pieces: tuple[Piece, ...] = ()
    at: tuple[ClinicalDate, ...] = ()


def confounders_of(grounds: Grounds, places: Places) -> Iterator[Datum]:
    """Give acute illness by its days, drugs that move CRP by theirs, then standing conditions.

    All that the record dates is shown, also what bears on no result; the reading tells them apart.
    Unknown input: what has no date stands beside the time axis.
    """
    found = (*_acute(grounds), *_drugs(grounds, places), *_others(grounds, places))
    for count, datum in enumerate(found, start=1):
        yield replace(datum, key=f"confounder-{count}")


def safety_of(grounds: Grounds) -> Iterator[Datum]:
    """Give each recent safety entry with a neutral mark; that there is none says nothing."""
    for count, signal in enumerate(grounds.assessment.suicide_signals, start=1):
        yield _signal(f"safety-{count}", signal)


def _acute(grounds: Grounds) -> Iterator[Datum]:
    named = grounds.assessment.confounders
    bearing = {source for each in named for source in each.finding.sources}
    for period in grounds.acute:
        told = describe_days(period).removeprefix("on ").removeprefix("from ")
        datum = _datum(period.name, period.sources, _Days(told, (_piece(period),)))
        ongoing = period.open and period.span.end > grounds.as_of
        known = replace(datum, told=told, ongoing=ongoing)
        yield known if bearing.intersection(period.sources) else _without_part(known)


def _piece(period: AcutePeriod) -> Piece:
    first = period.span.start
    return Piece(first=first, last=max(first, plus_days(period.span.end, -1)))


def _drugs(grounds: Grounds, places: Places) -> Iterator[Datum]:
    """One strip for each class of drugs, with every day of it that the record shows."""
    named = {each.kind: each.finding.because for each in grounds.assessment.confounders}
    blocking = set(grounds.blockade.sources)
    for role, name in DRUG_ROWS.items():
        exposures = tuple(each for each in grounds.facts.exposures if role in each.drug.roles)
        if not exposures:
            continue
        pieces = places.taken(exposures)
        at = () if pieces else places.begun(exposures)
        drugs = ", ".join(sorted({each.drug.name for each in exposures}))
        sources = tuple(dict.fromkeys(source for each in exposures for source in each.sources))
        datum = _datum(name, sources, _Days(places.tell(pieces, at), pieces, at))
        because = named.get(role) or (grounds.blockade.because if blocking & set(sources) else "")
        known = replace(datum, value=drugs, told=drugs, because=because)
        yield known if because else _without_part(known)


def _others(grounds: Grounds, places: Places) -> Iterator[Datum]:
    """What stands in the assessment and is neither an acute period nor a drug."""
    shown = {source for each in grounds.acute for source in each.sources}
    for confounder in grounds.assessment.confounders:
        sources = confounder.finding.sources
        drug = confounder.kind in {*DRUG_ROWS, *ACUTE_DRUGS}
        if drug or shown.issuperset(sources):
            continue
        at = places.events(sources)
        datum = _datum(confounder.name, sources, _Days(places.tell((), at), at=at))
        yield replace(datum, because=confounder.finding.because)


def _datum(name: str, sources: tuple[str, ...], days: _Days) -> Datum:
    words = name[:1].upper() + name[1:]
    return Datum(
        key="",
        group=Group.CONFOUNDER,
        lane=f"confounder {words}",
        what=words,
        value="",
        when=days.told,
        reading=_BEARS,
        look=Look.SOLID if days.pieces else Look.FLAG,
        sources=sources,
        pieces=days.pieces,
        at=days.at,
        told=days.told,
        aside="" if days.pieces or days.at else _UNDATED,
    )


def _without_part(datum: Datum) -> Datum:
    """The same, as something that bears on no result."""
    look = Look.HOLLOW if datum.pieces else datum.look
    return replace(datum, reading=_NO_PART, look=look)


def _signal(key: str, signal: SuicideSignal) -> Datum:
    written = signal.written or (signal.date.isoformat() if signal.date else "")
    at = (read_clinical_date(written),) if written else ()
    return Datum(
        key=key,
        group=Group.SAFETY,
        lane="safety",
        what=SAFETY_WORDS,
        value=signal.label,
        when=written or "not dated",
        reading="Read before anything else",
        because=signal.finding.because,
        look=Look.SQUARE,
        sources=signal.finding.sources,
        at=at,
        told=written,
        aside="" if at else _UNDATED,
    )
