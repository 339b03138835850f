"""How severe is the depression now, on the scales of the record?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from rules.clinical_time import Precision, days_between
from rules.facts import Score
from rules.findings import Finding, LatestScore, NotUsed, Verdict
from rules.knowledge.model import Knowledge, Scale
from rules.plain_words import listed, number, on, sources_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """One usable total of one depression scale, in points, known to the day."""

    scale: Scale
    value: Decimal
    day: date
    sources: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"{self.scale.name} {number(self.value)} {on(self.day)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UsableScores:
    """The totals and the item scores that may be used, oldest first, and what was left out.

    contradicted: totals below an answer of the same scale and day, which cannot be right.
    """

    totals: tuple[Total, ...]
    items: tuple[Score, ...]
    contradicted: tuple[Total, ...]
    not_used: tuple[NotUsed, ...]


def select_scores(scores: Iterable[Score], as_of: date, knowledge: Knowledge) -> UsableScores:
    """Sort scores into usable totals, usable items and scores left out with the reason.

    Units: points. Source: rule.md section 5 and section 12 points 29 and 30. Unknown input: a
    score without a value, without a date known to the day, out of the scale's range, or under a
    code that public data misuses as a total is left out, never corrected; so is a total that an
    answer of the same day contradicts. Only the item on suicidal thoughts is kept whatever its
    date, unless that lies after the evaluation.
    """
    totals: list[Total] = []
    items: list[Score] = []
    not_used: list[NotUsed] = []
    shown_beside = {code for each in knowledge.context_scales.values() for code in each.totals}
    for score in scores:
        if score.code in shown_beside:
            continue  # a scale of another disorder: shown as context, never compared
        because = _refused_score(score, as_of, knowledge)
        scale = knowledge.scale_of(score.code)
        if because is not None or scale is None or score.value is None:
            not_used += [NotUsed(source, because or "no score") for source in score.sources]
        elif score.code in scale.totals and score.date is not None:
            totals.append(
                Total(
                    scale=scale, value=score.value, day=score.date.earliest, sources=score.sources
                )
            )
        else:
            items.append(score)
    impossible = [each for each in totals if _is_contradicted(each, items, knowledge)]
    not_used += [NotUsed(source, _CONTRADICTED) for each in impossible for source in each.sources]
    return UsableScores(
        totals=tuple(sorted((each for each in totals if each not in impossible), key=_in_order)),
        items=tuple(sorted(items, key=lambda item: (_day_of(item), item.sources))),
        contradicted=tuple(sorted(impossible, key=_in_order)),
        not_used=tuple(not_used),
    )


_CONTRADICTED = "a total below the answer to one of its own items"


def _is_contradicted(total: Total, items: Iterable[Score], knowledge: Knowledge) -> bool:
    return any(
        item.value is not None
        and item.value > total.value
        and item.date is not None
        and item.date.precision is Precision.DAY
        and item.date.earliest == total.day
        and knowledge.scale_of(item.code) is total.scale
        for item in items
    )


def judge_current_severity(scores: UsableScores, as_of: date, max_age_days: int) -> Finding:
    """Judge whether the latest score shows current depression of at least moderate severity.

    Units: points; `max_age_days` is inclusive. Source: rule.md section 1.2 rows 2 and 5.
    Unknown input: no score, none recent enough, scores of one day on both sides of their
    cut-offs, or a latest total that one of its own items contradicts yield "cannot tell".
    """
    known, impossible = list(scores.totals), scores.contradicted[-1:]
    if impossible and (not known or impossible[0].day >= known[-1].day):
        return Finding(
            verdict=Verdict.CANNOT_TELL,
            because=f"the latest score ({impossible[0].words}) is below the answer to one of its "
            "own items",
            citations=("rule 9",),
            sources=impossible[0].sources,
        )
    if not known:
        return Finding(
            verdict=Verdict.CANNOT_TELL, because="no symptom score is in the data received"
        )
    latest = latest_of_day(known)
    words = ", ".join(total.words for total in latest)
    sources = sources_of([total.sources for total in latest])
    if days_between(latest[0].day, as_of) > max_age_days:
        verdict, because = Verdict.CANNOT_TELL, f"the latest score ({words}) is older than "
        because += f"{max_age_days} days"
    elif all(total.value >= total.scale.moderate for total in latest):
        verdict, because = Verdict.MET, words
    elif all(total.value < total.scale.moderate for total in latest):
        limits = listed([number(each) for each in sorted({t.scale.moderate for t in latest})])
        because = f"{words}, below the cut-off of {limits} for current depression"
        verdict = Verdict.NOT_MET
    else:
        verdict, because = Verdict.CANNOT_TELL, f"the scores of one day disagree ({words})"
    return Finding(
        verdict=verdict, because=because, citations=("trd.severity_max_age_days",), sources=sources
    )


def latest_of_day(totals: Iterable[Total]) -> tuple[Total, ...]:
    """Give the totals of the latest day, each differing value once."""
    ordered = sorted(totals, key=_in_order)
    *_, (_, latest) = ((day, list(same)) for day, same in groupby(ordered, lambda each: each.day))
    seen = {(total.scale.key, total.value): total for total in reversed(latest)}
    return tuple(sorted(seen.values(), key=_in_order))


def describe_latest(totals: Iterable[Total]) -> LatestScore | None:
    """Give the latest total for display; the highest where one day holds several."""
    known = list(totals)
    if not known:
        return None
    shown = latest_of_day(known)[-1]
    return LatestScore(
        scale=shown.scale.name, value=shown.value, date=shown.day, sources=shown.sources
    )


def _in_order(total: Total) -> tuple[date, str, Decimal, tuple[str, ...]]:
    return (total.day, total.scale.key, total.value, total.sources)


def _day_of(score: Score) -> date:
    return score.date.earliest if score.date else date.min


def _refused_score(score: Score, as_of: date, knowledge: Knowledge) -> str | None:
    scale = knowledge.scale_of(score.code)
    if scale is None:
        return "a score under a code of no known depression scale"
    if score.code in scale.not_totals:
        return scale.not_totals[score.code]
    return (
        _refused_status(score, scale, knowledge)
        or _refused_date(score, scale, as_of)
        or _refused_value(score, scale)
    )


def _refused_status(score: Score, scale: Scale, knowledge: Knowledge) -> str | None:
    status = score.status or "unknown"
    if status == "unknown" and knowledge.marker.accept_status_unknown:
        return None
    if status in knowledge.records.observation_used | knowledge.records.questionnaire_used:
        return None
    if status == "in-progress" and score.code == scale.suicide_item:
        return None  # an unfinished questionnaire may hold the answer that matters most (12.30)
    return f"status {knowledge.records.named(status)}"


def _refused_date(score: Score, scale: Scale, as_of: date) -> str | None:
    if score.date is not None and score.date.earliest > as_of:
        return f"dated {score.date.text}, after the day of evaluation"
    if score.code == scale.suicide_item:
        return None  # an answer about suicidal thoughts that may be recent is not left out
    if score.date is None:
        return "a score without a date"
    if score.date.precision is not Precision.DAY:
        return f"a score dated only {score.date.text}"
    return None


def _refused_value(score: Score, scale: Scale) -> str | None:
    if score.value is None:
        return "a score without a value"
    highest = scale.maximum if score.code in scale.totals else scale.item_maximum
    if score.value != score.value.to_integral_value() or not (
        scale.minimum <= score.value <= highest
    ):
        return f"a score outside {scale.minimum} to {highest}"
    return None
