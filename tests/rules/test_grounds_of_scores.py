"""Does every answer that rests on scores give its whole ground: sentence, citations, sources?"""

from dataclasses import replace

import pytest

from rules.adequacy import judge_adequacy
from rules.facts import Score
from rules.findings import Finding, Verdict
from rules.knowledge import Knowledge
from rules.response import TrialEvidence, judge_response
from rules.scale_response import Response, ResponseFinding, judge_scales
from rules.severity import judge_current_severity, select_scores
from rules.trials import Course, merge_exposures
from tests.rules.trial_cases import MDD, NOW, judged, later
from tests.support.build import (
    AS_OF,
    SERTRALINE,
    VENLAFAXINE,
    Piece,
    code,
    dispense,
    facts,
    order,
    phq9,
    phq9_item9,
    score,
    unread,
)
from tests.support.variants import with_codes

START = "2025-12-20"
LACK = code("https://example.org/stop", "lack-of-effect")
BDI2 = "89209-1"
BY_SCORE = ("trd.response_fraction", "trd.end_score_min_days")
NO_EVIDENCE = ("trd.require_response_evidence",)
CLASS = ("rule 1.2", "trd.min_failed_trials")
DEPRESSION = "Condition/F331-2025-09-01"
LATEST = "Observation/44261-6-2026-06-15"


def course_of(knowledge: Knowledge, *pieces: Piece) -> Course:
    (course,) = merge_exposures(facts(*pieces), AS_OF, knowledge)
    return course


def by_scales(knowledge: Knowledge, course: Course, *scores: Score) -> ResponseFinding:
    run = course.runs[-1]
    totals = select_scores(scores, AS_OF, knowledge).totals
    return judge_scales(run, judge_adequacy(run, knowledge), totals, knowledge)


CONTRADICTED = (phq9(1, "2026-06-15"), phq9_item9(2, "2026-06-15"))


@pytest.mark.parametrize(
    "others",
    [
        (),
        (phq9(2, "2026-05-15"), phq9_item9(3, "2026-05-15")),
        (score(BDI2, 30, "2026-06-15"),),
    ],
    ids=["alone", "after another one", "beside another scale on its day"],
)
def test_a_latest_score_below_the_answer_to_one_of_its_items_gives_its_grounds(
    others: tuple[Score, ...], knowledge: Knowledge
) -> None:
    scores = select_scores((*CONTRADICTED, *others), AS_OF, knowledge)
    assert judge_current_severity(scores, AS_OF, 90) == Finding(
        verdict=Verdict.CANNOT_TELL,
        because="the latest score (PHQ-9 1 on 2026-06-15) is below the answer to one of its own "
        "items",
        citations=("rule 9",),
        sources=(LATEST,),
    )


def test_answers_come_by_their_day_before_their_source(knowledge: Knowledge) -> None:
    later_one = phq9_item9(1, "2026-06-02", sources=("Observation/a",))
    undated = phq9_item9(2, None, sources=("Observation/b",))
    assert select_scores((later_one, undated), AS_OF, knowledge).items == (undated, later_one)


@pytest.mark.parametrize(
    ("day_of_trial", "response"),
    [
        (39, Response.NOTHING_FOUND),
        (40, Response.NOT_SHOWN),
        (68, Response.FAILED),
        (113, Response.FAILED),
        (114, Response.NOTHING_FOUND),
    ],
)
def test_a_score_speaks_from_the_first_day_at_dose_to_two_weeks_after_the_last(
    day_of_trial: int, response: Response, knowledge: Knowledge
) -> None:
    low = dispense(VENLAFAXINE, START, 40, mg=37)
    at_dose = dispense(VENLAFAXINE, later(START, 40), 60, mg=150)
    told = by_scales(
        knowledge, course_of(knowledge, low, at_dose), phq9(20, later(START, day_of_trial))
    )
    assert told.response is response


def test_a_response_that_is_lost_names_the_last_score_and_not_one_between(
    knowledge: Knowledge,
) -> None:
    course = course_of(knowledge, dispense(VENLAFAXINE, START, 100, mg=150))
    scores = (
        phq9(20, START),
        phq9(8, "2026-02-01"),
        phq9(18, "2026-02-20"),
        phq9(17, "2026-03-10"),
    )
    assert by_scales(knowledge, course, *scores) == ResponseFinding(
        response=Response.NOT_SHOWN,
        finding=Finding(
            verdict=Verdict.CANNOT_TELL,
            because="response: PHQ-9 20 on 2025-12-20, 8 on 2026-02-01 (60% lower), then 17 on "
            "2026-03-10: it did not last",
            citations=BY_SCORE,
            sources=(
                "Observation/44261-6-2025-12-20",
                "Observation/44261-6-2026-02-01",
                "Observation/44261-6-2026-03-10",
            ),
        ),
    )


DISAGREEING = (
    score(BDI2, 40, START),
    score(BDI2, 10, "2026-03-01"),
    phq9(16, START),
    phq9(15, "2026-03-01"),
)


def unnamed(*scores: Score) -> tuple[Score, ...]:
    """Give scores of which no resource is known."""
    return tuple(replace(each, sources=()) for each in scores)


@pytest.mark.parametrize(
    ("scores", "sources"),
    [
        (
            DISAGREEING,
            (
                "Observation/89209-1-2025-12-20",
                "Observation/89209-1-2026-03-01",
                "Observation/44261-6-2025-12-20",
                "Observation/44261-6-2026-03-01",
            ),
        ),
        (unnamed(*DISAGREEING), ("MedicationDispense/venlafaxine-2025-12-20",)),
    ],
    ids=["named", "unnamed"],
)
def test_scales_that_contradict_each_other_rest_on_their_scores_or_else_on_the_trial(
    scores: tuple[Score, ...], sources: tuple[str, ...], knowledge: Knowledge
) -> None:
    course = course_of(knowledge, dispense(VENLAFAXINE, START, 100, mg=150))
    assert by_scales(knowledge, course, *scores) == ResponseFinding(
        response=Response.NOT_SHOWN,
        finding=Finding(
            verdict=Verdict.CANNOT_TELL,
            because="the symptom scales contradict each other",
            citations=NO_EVIDENCE,
            sources=sources,
        ),
    )


RESPONDED = (phq9(20, START), phq9(5, "2026-03-01"))


@pytest.mark.parametrize(
    ("scores", "sources"),
    [
        (RESPONDED, ("Observation/44261-6-2025-12-20", "Observation/44261-6-2026-03-01")),
        (unnamed(*RESPONDED), ("MedicationRequest/venlafaxine-2025-12-20",)),
    ],
    ids=["named", "unnamed"],
)
def test_a_coded_lack_of_effect_against_a_response_rests_on_the_scores_or_else_on_the_trial(
    scores: tuple[Score, ...], sources: tuple[str, ...], knowledge: Knowledge
) -> None:
    site = with_codes(knowledge, "stop-lack-of-effect", {LACK: "lack of effect"})
    course = course_of(
        site, order(VENLAFAXINE, START, 100, mg=150, status="stopped", stop_reasons=(LACK,))
    )
    run = course.runs[-1]
    evidence = TrialEvidence(totals=select_scores(scores, AS_OF, site).totals)
    told = judge_response(run, judge_adequacy(run, site), course.exposures, evidence, site)
    assert told == ResponseFinding(
        response=Response.NOT_SHOWN,
        finding=Finding(
            verdict=Verdict.CANNOT_TELL,
            because="coded reason and scale disagree: lack of effect, but response: PHQ-9 20 on "
            "2025-12-20, 5 on 2026-03-01 (75% lower)",
            citations=NO_EVIDENCE,
            sources=sources,
        ),
    )


def test_a_patient_who_could_not_be_read_gives_its_grounds(knowledge: Knowledge) -> None:
    told = judged(knowledge, given=facts(MDD, NOW, unread("Patient"), born=None))
    assert told.finding == Finding(
        verdict=Verdict.CANNOT_TELL,
        because="the patient's own data could not be read (the server answered 403)",
        citations=CLASS,
        sources=(DEPRESSION, LATEST),
    )


LONG_AGO = dispense(SERTRALINE, "2018-01-01", 100)
LONGER_AGO = dispense(VENLAFAXINE, "2016-01-01", 100, mg=150)
NO_TRIAL = "no adequate trial without response in the current episode"


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        (
            [phq9(4, "2026-06-15")],
            "not depressed now: PHQ-9 4 on 2026-06-15, below the cut-off of 10 for current "
            f"depression; {NO_TRIAL}",
        ),
        (
            [phq9(5, "2026-06-15")],
            "no depression of moderate severity now: PHQ-9 5 on 2026-06-15, below the cut-off of "
            f"10 for current depression; {NO_TRIAL}",
        ),
        ([NOW, LONG_AGO], f"{NO_TRIAL} and one trial before the look-back; 2 are needed"),
        (
            [NOW, LONG_AGO, LONGER_AGO],
            f"{NO_TRIAL} and two trials before the look-back; 2 are needed",
        ),
    ],
    ids=["in remission", "just above remission", "one trial long ago", "two trials long ago"],
)
def test_no_resistance_gives_its_grounds(
    pieces: list[Piece], words: str, knowledge: Knowledge
) -> None:
    assert judged(knowledge, MDD, pieces).finding == Finding(
        verdict=Verdict.NOT_MET, because=words, citations=CLASS, sources=(DEPRESSION, LATEST)
    )
