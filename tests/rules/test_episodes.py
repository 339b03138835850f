"""Does the current episode begin where the record shows an end of the one before?"""

import pytest

from rules.episodes import Activity, find_activity, find_current_episode
from rules.facts import Diagnosis, Encounter
from rules.knowledge import Knowledge
from rules.severity import Total
from tests.rules.trial_cases import MDD, NOW, ago, graded, judged, later, trial
from tests.support.build import (
    AS_OF,
    SERTRALINE,
    VENLAFAXINE,
    day,
    diagnosis,
    dispense,
    encounter,
    icd,
    phq9,
    refills,
    span,
)

NOTHING = Activity(signs=(), records=(), remissions=())


def totals(
    knowledge: Knowledge, *scores: tuple[int, str], scale: str = "phq9"
) -> tuple[Total, ...]:
    return tuple(
        Total(scale=knowledge.scales[scale], value=value, day=day(on), sources=(on,))  # type: ignore[arg-type]
        for value, on in scores
    )


def activity(
    knowledge: Knowledge,
    *pieces: Diagnosis | Encounter,
    scores: tuple[tuple[int, str], ...] = (),
) -> Activity:
    return find_activity(
        [each for each in pieces if isinstance(each, Diagnosis)],
        [each for each in pieces if isinstance(each, Encounter)],
        totals(knowledge, *scores),
        knowledge,
    )


def test_without_any_evidence_the_whole_look_back_is_one_episode(knowledge: Knowledge) -> None:
    episode = find_current_episode([], NOTHING, (), AS_OF, knowledge)
    assert (str(episode.start), episode.unclear_before) == (ago(730), None)


@pytest.mark.parametrize(("silent", "cut"), [(181, False), (182, False), (183, True)])
def test_more_than_182_silent_days_end_an_episode(
    silent: int, cut: bool, knowledge: Knowledge
) -> None:
    begins = later("2025-06-01", silent)
    covered = [span("2025-03-01", "2025-06-01"), span(begins, "2026-06-01")]
    episode = find_current_episode(covered, NOTHING, (), AS_OF, knowledge)
    assert (str(episode.start) == begins) is cut


@pytest.mark.parametrize(("silent", "unclear"), [(97, False), (98, False), (99, True)])
def test_more_than_98_silent_days_leave_the_episode_unclear(
    silent: int, unclear: bool, knowledge: Knowledge
) -> None:
    covered = [span("2025-10-01", "2025-12-01"), span(later("2025-12-01", silent), "2026-06-01")]
    episode = find_current_episode(covered, NOTHING, (), AS_OF, knowledge)
    assert episode.unclear_before == (day("2025-12-01") if unclear else None)


def test_a_silence_before_the_episode_makes_nothing_unclear(knowledge: Knowledge) -> None:
    covered = [
        span("2024-08-01", "2024-09-01"),
        span("2025-01-10", "2025-02-01"),
        span("2026-01-01", "2026-06-01"),
    ]
    episode = find_current_episode(covered, NOTHING, (), AS_OF, knowledge)
    assert (str(episode.start), episode.unclear_before) == ("2026-01-01", None)


@pytest.mark.parametrize(("lasting", "cut"), [(55, False), (56, True), (57, True)])
def test_remission_scores_over_56_days_end_an_episode(
    lasting: int, cut: bool, knowledge: Knowledge
) -> None:
    end = later("2025-09-01", lasting)
    scores = totals(knowledge, (4, "2025-09-01"), (2, end))
    episode = find_current_episode([], NOTHING, scores, AS_OF, knowledge)
    assert (str(episode.start) == end) is cut


@pytest.mark.parametrize(("between", "cut"), [(4, True), (5, True), (9, True), (10, False)])
def test_a_score_of_moderate_severity_breaks_a_remission(
    between: int, cut: bool, knowledge: Knowledge
) -> None:
    scores = totals(knowledge, (3, "2025-09-01"), (between, "2025-10-01"), (3, "2025-11-15"))
    episode = find_current_episode([], NOTHING, scores, AS_OF, knowledge)
    assert (str(episode.start) == "2025-11-15") is cut


def test_mild_scores_alone_are_no_remission(knowledge: Knowledge) -> None:
    scores = totals(knowledge, (5, "2025-09-01"), (6, "2025-12-01"))
    assert str(find_current_episode([], NOTHING, scores, AS_OF, knowledge).start) == ago(730)


@pytest.mark.parametrize(
    ("days_before", "expected"),
    [(729, "adequate_failed"), (730, "adequate_failed"), (731, "adequate_failed")],
)
def test_a_trial_that_reaches_into_the_look_back_counts_by_its_days_inside(
    days_before: int, expected: str, knowledge: Knowledge
) -> None:
    start = ago(days_before)
    bridges = [phq9(17, ago(each)) for each in (690, 560, 400, 230, 100)]
    told = judged(knowledge, MDD, NOW, refills(SERTRALINE, start, 60), bridges)
    assert graded(told, "sertraline")[0] == expected


@pytest.mark.parametrize(("inside", "grade"), [(41, "not_counted"), (42, "adequate_failed")])
def test_a_trial_across_the_boundary_needs_42_adequate_days_inside(
    inside: int, grade: str, knowledge: Knowledge
) -> None:
    start = ago(730 + 60 - inside)
    bridges = [phq9(17, ago(each)) for each in (695, 560, 400, 230, 100)]
    told = judged(knowledge, MDD, NOW, dispense(SERTRALINE, start, 60), bridges)
    assert graded(told, "sertraline")[0] == grade


def test_a_trial_that_hardly_reaches_into_the_episode_says_so(knowledge: Knowledge) -> None:
    bridges = [phq9(17, ago(each)) for each in (695, 560, 400, 230, 100)]
    told = judged(knowledge, MDD, NOW, dispense(SERTRALINE, ago(760), 60), bridges)
    because = trial(told, "sertraline").finding.because
    assert "only 30 adequate days lie inside the current episode" in because


@pytest.mark.parametrize(
    ("ended", "words"), [(731, "before the look-back"), (729, "outside the current episode")]
)
def test_where_an_earlier_trial_lies_is_told(ended: int, words: str, knowledge: Knowledge) -> None:
    told = judged(knowledge, MDD, NOW, dispense(SERTRALINE, ago(ended + 60), 60))
    assert trial(told, "sertraline").finding.because == f"long enough at its dose, but {words}"


def test_signs_are_scores_and_contacts_known_to_the_day(knowledge: Knowledge) -> None:
    found = activity(
        knowledge,
        encounter(icd("F33.1"), "2026-02-01"),
        encounter(icd("F33.1"), "2026-02"),
        encounter(icd("F33.1"), None),
        encounter(icd("I10"), "2026-02-03"),
        scores=((10, "2026-01-01"), (9, "2026-01-02")),
    )
    assert found.signs == (day("2026-01-01"), day("2026-02-01"))


def test_a_record_counts_by_the_day_it_was_recorded(knowledge: Knowledge) -> None:
    found = activity(
        knowledge,
        diagnosis("F33.1", recorded="2026-01-20", onset="2025-01-01"),
        diagnosis("F33.1", onset="2026-02-02"),
        diagnosis("F33.1", recorded="2026-03"),
        diagnosis("I10", recorded="2026-01-21"),
    )
    assert found.records == (day("2026-01-20"),)


@pytest.mark.parametrize(
    ("remitted", "expected"),
    [
        (diagnosis("F33.42", recorded="2026-01-20"), ["2026-01-20"]),
        (diagnosis("F32.5", onset="2026-01-20"), ["2026-01-20"]),
        (diagnosis("F33.42", recorded="2026-01-20", abatement="2025-12-01"), ["2025-12-01"]),
        (diagnosis("F33.42", recorded="2026-01"), ["2026-01-01"]),
        (diagnosis("F33.42"), []),
        (diagnosis("F33.1", clinical_status="remission", recorded="2026-01-20"), []),
        (diagnosis("F33.1", clinical_status="remission", abatement="2026-01-20"), ["2026-01-20"]),
        (diagnosis("F33.1", recorded="2026-01-20"), []),
    ],
    ids=lambda each: (
        "" if isinstance(each, list) else f"{each.codes[0].code} {each.clinical_status}"
    ),
)
def test_a_remission_needs_the_day_it_began(
    remitted: Diagnosis, expected: list[str], knowledge: Knowledge
) -> None:
    assert [str(each) for each in activity(knowledge, remitted).remissions] == expected


@pytest.mark.parametrize(("after", "holds"), [(-1, True), (0, False), (56, False), (57, True)])
def test_a_coded_remission_does_not_hold_against_a_high_score_soon_after(
    after: int, holds: bool, knowledge: Knowledge
) -> None:
    remitted = diagnosis("F33.42", recorded="2026-01-20")
    found = activity(knowledge, remitted, scores=((10, later("2026-01-20", after)),))
    assert bool(found.remissions) is holds


def test_a_trial_behind_a_remission_belongs_to_another_episode(knowledge: Knowledge) -> None:
    well = (phq9(2, "2025-12-20"), phq9(3, "2026-02-20"))
    told = judged(
        knowledge, MDD, NOW,
        refills(SERTRALINE, "2025-09-01", 90), well, refills(VENLAFAXINE, "2026-03-01", 60, mg=150),
    )  # fmt: skip
    assert graded(told, "sertraline")[0] == "not_counted"
