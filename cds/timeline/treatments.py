"""Which treatments are on the picture? Trials with doses and grades, and what supported them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from cds.hooks.cards import last_day
from cds.pages.page import read_name
from cds.pages.words import GRADES
from cds.timeline.grounds import Grounds, covered_days, stretches_of
from cds.timeline.record import Places
from cds.timeline.scene import Datum, Group, Look, Piece
from rules.clinical_time import ClinicalDate, Precision, plus_days
from rules.exposures import Stretch
from rules.findings import GradedTrial, SupportingTreatment, TrialGrade
from rules.plain_words import counted, dose

LOOKS = {
    TrialGrade.ADEQUATE_FAILED: Look.SOLID,
    TrialGrade.INDETERMINATE: Look.HATCHED,
    TrialGrade.NOT_COUNTED: Look.HOLLOW,
    TrialGrade.UNPLACEABLE: Look.HOLLOW,
}


def trials_of(grounds: Grounds) -> Iterator[Datum]:
    """Give each graded trial, and behind it the further intake of the same drug.

    Days are first to last, both covered. Unknown input: a trial without days shows the days its
    records name, else it stands beside the time axis with the reason.
    """
    graded: set[str] = set()
    for number, trial in enumerate(grounds.assessment.treatment_resistance.trials, start=1):
        lane = f"trial-{number}"
        yield _trial(trial, lane, grounds)
        if trial.ingredient not in graded:
            yield from _other_intake(trial.ingredient, lane, grounds)
        graded.add(trial.ingredient)


def support_of(grounds: Grounds, places: Places) -> Iterator[Datum]:
    """Give each supporting treatment with the days of its supplies and sessions."""
    supporting = grounds.assessment.treatment_resistance.supporting
    for number, treatment in enumerate(supporting, start=1):
        yield _support(treatment, f"support-{number}", places)


def _trial(trial: GradedTrial, lane: str, grounds: Grounds) -> Datum:
    stretches = stretches_of(trial, grounds)
    pieces = _pieces(stretches)
    ongoing = trial.end is not None and trial.end >= grounds.as_of
    at = () if pieces else _named_days(trial, grounds)
    return Datum(
        key=lane,
        group=Group.TRIAL,
        lane=lane,
        what=trial.ingredient,
        value=_dose_words(trial, pieces),
        when=_trial_days(trial, at, ongoing=ongoing),
        reading=GRADES[trial.grade],
        because=trial.finding.because,
        look=LOOKS[trial.grade],
        sources=trial.finding.sources,
        pieces=pieces,
        at=at,
        unsure=_unsure(stretches),
        told=_told(trial, pieces),
        ongoing=ongoing,
        aside="" if pieces or at else "no usable date in the record",
    )


def _other_intake(ingredient: str, lane: str, grounds: Grounds) -> Iterator[Datum]:
    """The runs of a drug that no trial of it was graded on."""
    trials = [
        each
        for each in grounds.assessment.treatment_resistance.trials
        if each.ingredient == ingredient and each.start is not None and each.end is not None
    ]
    runs = [
        run
        for course in grounds.courses
        if course.ingredient == ingredient
        for run in course.runs
        if not any(
            each.start < run.span.end and run.span.start < each.end
            for each in trials
            if each.start and each.end
        )
    ]
    for number, run in enumerate(runs, start=1):
        pieces = _pieces(run.stretches)
        first, last = pieces[0].first, pieces[-1].last
        yield Datum(
            key=f"{lane}-other-{number}",
            group=Group.TRIAL,
            lane=lane,
            what=f"{ingredient}, further intake",
            value=_steps(pieces) or "dose not known",
            when=f"{first} to {last}",
            reading="Not part of the graded trial",
            look=Look.THIN,
            sources=run.sources,
            pieces=pieces,
            unsure=_unsure(run.stretches),
        )


def _support(treatment: SupportingTreatment, lane: str, places: Places) -> Datum:
    sources = treatment.finding.sources
    at = places.given(sources, treatment.treatment)
    taken = () if at else places.exposures(sources, treatment.treatment)
    pieces = _pieces(covered_days(taken, places.grounds))
    if not pieces:
        at = at or places.events(sources)
    days = places.tell(pieces, at)
    return Datum(
        key=lane,
        group=Group.SUPPORT,
        lane=lane,
        what=treatment.treatment,
        value=counted(len(at), "entry", "entries") if at else _steps(pieces),
        when=days,
        reading=f"{read_name(treatment.kind)}: {GRADES[treatment.grade].lower()}",
        because=treatment.finding.because,
        look=LOOKS[treatment.grade],
        sources=sources,
        pieces=pieces,
        at=at,
        told=_days_words(at, pieces),
        ongoing=bool(pieces) and pieces[-1].last >= plus_days(places.grounds.as_of, -1),
        aside="" if pieces or at else "no usable date in the record",
    )


def _pieces(stretches: Iterable[Stretch]) -> tuple[Piece, ...]:
    """Join stretches of one dose that touch; a change of dose or a gap begins another piece."""
    pieces: list[Piece] = []
    for each in sorted(stretches, key=lambda stretch: stretch.span):
        piece = Piece(
            first=each.span.start,
            last=last_day(each.span.end),
            lowest_mg=each.dose.low_mg,
            highest_mg=each.dose.high_mg,
        )
        if pieces and _goes_on(pieces[-1], piece):
            piece = replace(pieces.pop(), last=piece.last)
        pieces.append(piece)
    return tuple(pieces)


def _goes_on(before: Piece, piece: Piece) -> bool:
    return before.dose == piece.dose and plus_days(before.last, 1) >= piece.first


def _unsure(stretches: Sequence[Stretch]) -> tuple[ClinicalDate, ...]:
    """The first and the last day of a bar, where the record does not know them to the day."""
    if not stretches:
        return ()
    edges = (stretches[0].exposure.start, stretches[-1].exposure.end)
    return tuple(each for each in edges if each and each.precision is not Precision.DAY)


def _named_days(trial: GradedTrial, grounds: Grounds) -> tuple[ClinicalDate, ...]:
    """The days on which a trial without covered days was ordered, supplied or reported."""
    known = set(trial.finding.sources)
    days = {
        each.start
        for course in grounds.courses
        if course.ingredient == trial.ingredient
        for each in course.exposures
        if each.start is not None and known.intersection(each.sources)
    }
    return tuple(sorted(days, key=lambda each: (each.earliest, each.latest)))


def _steps(pieces: Sequence[Piece]) -> str:
    """The doses one after the other; nothing where none is known."""
    doses = [words for words, _ in groupby(each.dose for each in pieces)]
    return f"{' → '.join(doses)} mg/day" if set(doses) - {"?"} else ""


def _dose_words(trial: GradedTrial, pieces: Sequence[Piece]) -> str:
    steps = _steps(pieces)
    if not steps and trial.daily_dose_mg is not None:
        steps = f"{dose(trial.daily_dose_mg)} mg/day"
    return steps or "dose not known"


def _trial_days(trial: GradedTrial, at: Sequence[ClinicalDate], *, ongoing: bool) -> str:
    if trial.start is None or trial.end is None:
        return ", ".join(each.text for each in at) or "not dated"
    end = f"{last_day(trial.end)}" + (" or later" if ongoing else "")
    days = counted(trial.covered_days, "covered day", "covered days")
    return f"{trial.start} to {end}, {days}"


def _told(trial: GradedTrial, pieces: Sequence[Piece]) -> str:
    """What is written beside the bar: the highest dose and the length."""
    if not pieces:
        return trial.finding.because
    days = counted(trial.covered_days, "day", "days")
    if trial.daily_dose_mg is None:
        return f"dose not known, {days}"
    highest = dose(trial.daily_dose_mg)
    steady = {each.dose for each in pieces} == {highest}
    return f"{highest} mg/day, {days}" if steady else f"up to {highest} mg/day, {days}"


def _days_words(at: Sequence[ClinicalDate], pieces: Sequence[Piece]) -> str:
    if at:
        days = sorted({each.text for each in at})
        return days[0] if len(days) == 1 else f"{len(days)} days, {days[0]} to {days[-1]}"
    return _steps(pieces)
