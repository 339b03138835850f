"""Does every answer about a course of a drug give its whole ground, and rest on the right days?"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from rules.adequacy import Adequacy, DoseClass, classify_dose, judge_adequacy
from rules.adherence import judge_adherence
from rules.episodes import Activity, Episode, find_current_episode
from rules.facts import DailyDose, DoseBasis, Exposure
from rules.findings import Finding, TrialGrade, Verdict
from rules.grading import propose_trial
from rules.knowledge import Knowledge
from rules.response import TrialEvidence
from rules.trial_candidate import TrialCandidate, TrialSetting, preference
from rules.trial_gaps import TrialGap
from rules.trials import Course, merge_exposures
from tests.rules.trial_cases import later
from tests.support.build import (
    AMITRIPTYLINE,
    AS_OF,
    VENLAFAXINE,
    Piece,
    day,
    dispense,
    drug,
    facts,
    order,
)
from tests.support.variants import with_parameters

START = "2025-12-20"
SUPPLY = f"MedicationDispense/venlafaxine-{START}"
ORDER = f"MedicationRequest/venlafaxine-{START}"
TOO_SHORT = ("trd.near_adequate_days", "trd.dose_profile")
LONG_ENOUGH = ("trd.min_days_adequate", "trd.dose_profile")


def finding(verdict: Verdict, because: str, citations: tuple[str, ...], *sources: str) -> Finding:
    return Finding(verdict=verdict, because=because, citations=citations, sources=sources)


def course_of(knowledge: Knowledge, *pieces: Piece) -> Course:
    (course,) = merge_exposures(facts(*pieces), AS_OF, knowledge)
    return course


def setting_from(start: str, knowledge: Knowledge) -> TrialSetting:
    """Give what trials are judged against, in an episode that begins on a day."""
    episode = Episode(
        start=day(start),
        unclear_before=None,
        looks_back_to=day("2024-06-30"),
        finding=finding(Verdict.MET, "", ()),
    )
    evidence = TrialEvidence(totals=())
    return TrialSetting(
        episode=episode, evidence=evidence, diagnoses=(), as_of=AS_OF, knowledge=knowledge
    )


def half_known(piece: Exposure) -> Exposure:
    """Give an exposure of whose dose only the upper end is known."""
    return replace(piece, dose=DailyDose(None, Decimal(150), DoseBasis.STRUCTURED))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (half_known(dispense(VENLAFAXINE, START)), DoseClass.UNKNOWN),
        (
            dispense(drug("fluoxetine", dose_row="fluoxetine weekly"), START, mg=13),
            DoseClass.ADEQUATE,
        ),
        (
            dispense(
                drug("fluoxetine", dose_row="fluoxetine weekly"), START, mg=13, intermittent=True
            ),
            DoseClass.ADEQUATE,
        ),
        (dispense(VENLAFAXINE, START, mg=150, intermittent=True), DoseClass.INTERMITTENT),
        (dispense(drug("unheard of"), START, intermittent=True), DoseClass.INTERMITTENT),
    ],
    ids=["half known", "weekly", "weekly, not every day", "not every day", "of no row"],
)
def test_a_dose_is_of_the_class_its_row_and_its_schedule_give(
    given: Exposure, expected: DoseClass, knowledge: Knowledge
) -> None:
    assert classify_dose(given, knowledge) is expected


@pytest.mark.parametrize(("days", "told"), [(1, "1 covered day"), (60, "60 covered days")])
def test_a_dose_below_an_adequate_one_is_told_with_its_days(
    days: int, told: str, knowledge: Knowledge
) -> None:
    run = course_of(knowledge, dispense(VENLAFAXINE, START, days, mg=37)).runs[-1]
    because = judge_adequacy(run, knowledge).finding.because
    assert because.startswith(f"the dose stayed below an adequate dose: {told} at 37 mg/day")


def test_a_dose_that_is_known_by_half_is_told_as_not_recorded(knowledge: Knowledge) -> None:
    run = course_of(knowledge, half_known(dispense(VENLAFAXINE, START, 60))).runs[-1]
    assert judge_adequacy(run, knowledge) == Adequacy(
        finding=finding(
            Verdict.CANNOT_TELL,
            "60 covered days at a dose that is not recorded",
            LONG_ENOUGH,
            SUPPLY,
        ),
        gaps=(TrialGap.DOSE_UNKNOWN,),
        days=60,
        counted=run.stretches,
        highest_mg=Decimal(150),
    )


def test_the_days_with_the_fewest_gaps_are_judged(knowledge: Knowledge) -> None:
    spanning = dispense(AMITRIPTYLINE, START, 30, mg="50-150")
    grey = dispense(AMITRIPTYLINE, later(START, 30), 42, mg=80)
    run = course_of(knowledge, spanning, grey).runs[-1]
    assert judge_adequacy(run, knowledge) == Adequacy(
        finding=finding(
            Verdict.CANNOT_TELL,
            "42 covered days at 80 mg/day (adequate from 100 mg/day)",
            LONG_ENOUGH,
            *spanning.sources,
            *grey.sources,
        ),
        gaps=(TrialGap.DOSE_GREY,),
        days=42,
        counted=run.stretches[1:],
        highest_mg=Decimal(150),
    )


def test_a_run_that_is_too_short_has_no_gaps_and_no_days_that_count(knowledge: Knowledge) -> None:
    run = course_of(knowledge, dispense(VENLAFAXINE, START, 27, mg=150)).runs[-1]
    assert judge_adequacy(run, knowledge) == Adequacy(
        finding=finding(
            Verdict.NOT_MET,
            "too short at an adequate dose: 27 covered days at 150 mg/day (adequate from 75 "
            "mg/day), 42 days are needed",
            TOO_SHORT,
            SUPPLY,
        ),
        gaps=(),
        days=27,
        counted=(),
        highest_mg=Decimal(150),
    )


def test_a_supply_of_unknown_length_adds_nothing_to_the_supply(knowledge: Knowledge) -> None:
    unknown = dispense(VENLAFAXINE, later(START, 10), None)
    course = course_of(
        knowledge, order(VENLAFAXINE, START, 100), dispense(VENLAFAXINE, START, 79), unknown
    )
    assert judge_adherence(course, course.runs[-1], AS_OF, knowledge) == finding(
        Verdict.NOT_MET,
        "supply covers 79% of the days it was meant for",
        ("trd.min_adherence_pdc",),
        SUPPLY,
        ORDER,
        *unknown.sources,
    )


def test_the_episode_gives_its_grounds(knowledge: Knowledge) -> None:
    nothing = Activity(signs=(), records=(), remissions=())
    told = find_current_episode([], nothing, [], AS_OF, knowledge)
    assert told.finding == finding(
        Verdict.MET,
        "history considered since 2024-06-30",
        ("trd.new_episode_gap_days", "trd.remission_days_new_episode"),
    )


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "only 1 adequate day lies inside the current episode"),
        (2, "only 2 adequate days lie inside the current episode"),
    ],
)
def test_a_course_that_reaches_into_the_episode_says_by_how_much(
    days: int, words: str, knowledge: Knowledge
) -> None:
    near = with_parameters(knowledge, {"trd.near_adequate_days": 1})
    course = course_of(near, dispense(VENLAFAXINE, START, 100, mg=150))
    told = propose_trial(course, setting_from(later(START, 100 - days), near))
    assert (told.settled, told.because) == (TrialGrade.NOT_COUNTED, (words,))


def test_of_two_orders_of_unknown_length_the_one_with_fewer_gaps_is_told(
    knowledge: Knowledge,
) -> None:
    of_no_dose = order(VENLAFAXINE, "2025-09-01", None, mg=None)
    at_dose = order(VENLAFAXINE, "2026-02-01", None, mg=150)
    course = course_of(knowledge, of_no_dose, at_dose)
    told = propose_trial(course, setting_from("2025-08-01", knowledge))
    assert told.sources == at_dose.sources
    assert told.gaps == (
        (TrialGap.DURATION_UNKNOWN, "how long it was taken is not recorded"),
        (
            TrialGap.NO_RESPONSE_EVIDENCE,
            "no symptom score or stop reason was found for it",
        ),
    )


def test_the_run_that_counts_best_is_the_open_one_with_few_gaps_many_days_and_an_early_start(
    knowledge: Knowledge,
) -> None:
    course = course_of(knowledge, dispense(VENLAFAXINE, START, 60, mg=150))
    run = course.runs[-1]
    unplaced = TrialCandidate(course=course, run=None, adequacy=None, because=())
    placed = replace(unplaced, run=run, adequacy=judge_adequacy(run, knowledge))
    assert preference(unplaced) == (False, 0, 0, date.max)
    assert preference(placed) == (False, 0, -60, day(START))
    assert preference(placed.with_gap(TrialGap.DOSE_GREY)) == (False, 1, -60, day(START))
    settled = replace(placed, settled=TrialGrade.NOT_COUNTED)
    assert preference(settled) == (True, 0, -60, day(START))
