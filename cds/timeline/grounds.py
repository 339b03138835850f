"""What did the rule see behind an assessment? Courses, the episode, scores and acute illness.

An assessment tells verdicts; the picture also needs the days and doses they rest on. They are found
by the functions of the rules themselves, on the same facts, so that picture and verdict agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rules.acute_illness import AcutePeriod, find_acute_periods
from rules.clinical_time import Span, merge_spans
from rules.episodes import Episode, find_activity, find_current_episode
from rules.exposures import Stretch, adds_days, cover, place
from rules.facts import Encounter, Exposure, Facts, Procedure
from rules.findings import Assessment, GradedTrial
from rules.il6_blockade import Blockade, find_blockade
from rules.knowledge import Knowledge
from rules.severity import UsableScores, select_scores
from rules.trials import Course, exposed_spans, merge_exposures
from rules.usable_facts import keep_what_counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """The facts that count and what the rules make of them before they judge.

    recorded: the facts as received, for what is told as left out.
    """

    recorded: Facts
    facts: Facts
    assessment: Assessment
    knowledge: Knowledge
    courses: tuple[Course, ...]
    episode: Episode
    scores: UsableScores
    acute: tuple[AcutePeriod, ...]
    blockade: Blockade

    @property
    def as_of(self) -> date:
        return self.assessment.as_of


def find_grounds(facts: Facts, assessment: Assessment, knowledge: Knowledge) -> Grounds:
    """Find what an assessment of these facts rests on.

    The knowledge must be the one of the assessment. Unknown input: as the rules take it.
    """
    as_of = assessment.as_of
    usable = keep_what_counts(facts, as_of, knowledge)
    scores = select_scores(usable.scores, as_of, knowledge)
    events: tuple[Encounter | Procedure, ...] = (*usable.encounters, *usable.procedures)
    activity = find_activity(usable.diagnoses, events, scores.totals, knowledge)
    covered = exposed_spans(usable.exposures, as_of, knowledge)
    return Grounds(
        recorded=facts,
        facts=usable,
        assessment=assessment,
        knowledge=knowledge,
        courses=merge_exposures(usable, as_of, knowledge),
        episode=find_current_episode(covered, activity, scores.totals, as_of, knowledge),
        scores=scores,
        acute=find_acute_periods(usable, as_of, knowledge),
        blockade=find_blockade(usable, as_of, knowledge),
    )


def stretches_of(trial: GradedTrial, grounds: Grounds) -> tuple[Stretch, ...]:
    """Give the covered days of a trial with their doses, oldest first.

    A trial has the days of one run of its course. Unknown input: a trial without days has none.
    """
    if trial.start is None or trial.end is None:
        return ()
    runs = [
        run.stretches
        for course in grounds.courses
        if course.ingredient == trial.ingredient
        for run in course.runs
    ]
    found = [
        tuple(each for each in run if each.span.end > trial.start and each.span.start < trial.end)
        for run in runs
    ]
    return max(found, key=lambda inside: sum(each.span.days for each in inside), default=())


def covered_days(exposures: Sequence[Exposure], grounds: Grounds) -> tuple[Stretch, ...]:
    """Give the days that exposures of one drug cover, each day once, as the rules lay them out."""
    adding = adds_days(exposures, grounds.as_of, grounds.knowledge)
    return cover(adding, grounds.as_of, grounds.knowledge)


def taken_days(exposures: Sequence[Exposure], grounds: Grounds) -> tuple[Span, ...]:
    """Give the days that exposures of any drugs cover, joined."""
    spans = (span for _, span in place(exposures, grounds.as_of, grounds.knowledge))
    return merge_spans(spans)
