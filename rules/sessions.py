"""Which courses of single sessions support resistance: esketamine, ketamine, ECT, rTMS, VNS?"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from rules.clinical_time import plus_days
from rules.exposures import Stretch
from rules.facts import Exposure, ExposureKind, Facts
from rules.findings import Finding, SupportingTreatment, TrialGrade, Verdict
from rules.indication import judge_indication
from rules.knowledge.drugs import OtherUseEffect
from rules.plain_words import counted, number, sources_of
from rules.trial_candidate import TrialSetting


def find_sessions(facts: Facts, setting: TrialSetting) -> tuple[SupportingTreatment, ...]:
    """List esketamine, ketamine and neuromodulation in the current episode.

    Units: sessions. Source: drugs.md section 5. The rule is silent on several entries of one day:
    they are one session, because a session is often recorded twice. Unknown input: undated sessions
    and sessions outside the episode are not counted; of sessions dated to the same month, one is.
    """
    return (*_ketamines(facts, setting), *_neuromodulation(facts, setting))


def between(stretches: Sequence[Stretch]) -> str:
    """Say between which days stretches lie: " (2025-11-18 to 2026-01-12)", or nothing."""
    if not stretches:
        return ""
    last = plus_days(max(each.span.end for each in stretches), -1)
    return _between_days([min(each.span.start for each in stretches), last])


def _between_days(days: Sequence[date]) -> str:
    if not days:
        return ""
    first, last = min(days).isoformat(), max(days).isoformat()
    return f" ({first})" if first == last else f" ({first} to {last})"


def drugs_by_name(
    exposures: Iterable[Exposure], role: str
) -> Iterable[tuple[str, Sequence[Exposure]]]:
    """Give the exposures of each drug that has a role, by its name, oldest first."""
    named = sorted(
        (each for each in exposures if role in each.drug.roles),
        key=lambda each: (each.drug.name, each.start.earliest if each.start else date.min),
    )
    return ((name, list(same)) for name, same in groupby(named, lambda each: each.drug.name))


def _ketamines(facts: Facts, setting: TrialSetting) -> Iterable[SupportingTreatment]:
    """Esketamine by sessions in a window, ketamine by infusions given for depression."""
    trd = setting.knowledge.trd
    for name, exposures in drugs_by_name(facts.exposures, "supporting"):
        needs_reason = any(
            use.drug == name and use.effect is OtherUseEffect.NEEDS_REASON
            for use in setting.knowledge.drugs.other_uses
        )
        indication = judge_indication(exposures, setting.diagnoses, setting.knowledge)
        days = _session_days(exposures, setting)
        sources = sources_of([each.sources for each in exposures])
        if needs_reason:
            enough = len(days) >= trd.min_infusions_ketamine
            because = f"{counted(len(days), 'infusion', 'infusions')} in the episode"
            because += _between_days(days)
            if indication.verdict is Verdict.NOT_MET:
                enough, because = False, f"{because}; {indication.because}"
        else:
            most = _most_within(days, trd.esketamine_window_days)
            enough = most >= trd.grey_sessions_esketamine
            because = f"{counted(most, 'session', 'sessions')} in {trd.esketamine_window_days} days"
            if enough and most < trd.min_sessions_esketamine:
                because += f", fewer than the {trd.min_sessions_esketamine} of a full course"
            because += _between_days(days)
        grade = TrialGrade.INDETERMINATE if enough else TrialGrade.NOT_COUNTED
        yield supporting_treatment(name, name, grade, because, sources)


def _session_days(exposures: Iterable[Exposure], setting: TrialSetting) -> list[date]:
    return sorted(
        {
            each.start.latest
            for each in exposures
            if each.kind is ExposureKind.ADMINISTRATION
            and each.start is not None
            and setting.episode.start <= each.start.latest <= setting.as_of
        }
    )


def _most_within(days: Sequence[date], window_days: int) -> int:
    """The largest number of session days in any window; the days are sorted, each once."""
    return max(
        (
            bisect_left(days, plus_days(first, window_days)) - position
            for position, first in enumerate(days)
        ),
        default=0,
    )


def _neuromodulation(facts: Facts, setting: TrialSetting) -> Iterable[SupportingTreatment]:
    trd, sets = setting.knowledge.trd, setting.knowledge.value_sets
    needed = {"ect": trd.min_ect_treatments, "rtms": trd.min_rtms_sessions, "vns": 1}
    for set_name, minimum in needed.items():
        sessions = [
            each
            for each in facts.procedures
            if sets[set_name].find(each.codes) is not None
            and each.date is not None
            and each.date.earliest >= setting.episode.start
        ]
        if sessions:
            days = {each.date for each in sessions}
            grade = TrialGrade.INDETERMINATE if len(days) >= minimum else TrialGrade.NOT_COUNTED
            because = f"{counted(len(days), 'treatment', 'treatments')} in the episode"
            because += _between_days([each.earliest for each in days if each is not None])
            if grade is TrialGrade.NOT_COUNTED:
                because = f"{because}, {number(minimum)} are needed"
            sources = sources_of([each.sources for each in sessions])
            yield supporting_treatment(
                sets[set_name].title, "neuromodulation", grade, because, sources
            )


def supporting_treatment(
    treatment: str, kind: str, grade: TrialGrade, because: str, sources: tuple[str, ...]
) -> SupportingTreatment:
    """Give a supporting treatment; what counts as one can never say more than "cannot tell"."""
    verdict = Verdict.NOT_MET if grade is TrialGrade.NOT_COUNTED else Verdict.CANNOT_TELL
    return SupportingTreatment(
        treatment=treatment,
        kind=kind,
        grade=grade,
        finding=Finding(
            verdict=verdict,
            because=because,
            citations=("trd.augmentation",),
            sources=sources,
        ),
    )
