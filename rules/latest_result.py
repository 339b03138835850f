"""What does the latest readable marker result say, beside the ones before it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rules.acute_illness import AcutePeriod, judge_near_sample
from rules.clinical_time import days_between
from rules.facts import Incomplete
from rules.findings import InflammationStatus, LabelledResult, ResultLabel
from rules.il6_blockade import Blockade
from rules.knowledge.model import Knowledge
from rules.plain_words import number, on, sources_of

# Labels of results that are surely at or below the acute range, and of those above the low cut-off.
_SETTLED = frozenset({ResultLabel.NORMAL, ResultLabel.RAISED, ResultLabel.CONFOUNDED})
_ABOVE_LOW = frozenset(ResultLabel) - {
    ResultLabel.NORMAL,
    ResultLabel.CENSORED,
    ResultLabel.DISPLAY_ONLY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerSetting:
    """What the results of one patient are read against.

    unread: what is missing of the results. unread_drugs: of drugs, an IL-6 blocker among them.
    """

    acute_periods: tuple[AcutePeriod, ...]
    blockade: Blockade
    unread: Incomplete | None
    unread_drugs: Incomplete | None = None
    as_of: date
    knowledge: Knowledge


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerVerdict:
    status: InflammationStatus
    because: str
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def judge_latest(days: Sequence[LabelledResult], setting: MarkerSetting) -> MarkerVerdict:
    """Judge by the latest readable result; `days` begins with it, newest first.

    Units: mg/L and days. Source: rule.md section 6.4 rules 4 to 7 and 12 points 24 and 25. Unknown
    input: a bound that settles nothing supports no persistence and breaks none.
    """
    latest = days[0]
    if latest.label in {ResultLabel.ACUTE_RANGE, ResultLabel.CONFOUNDED}:
        return _acute(days, setting)
    if latest.label is ResultLabel.NORMAL:
        return _normal(days)
    if latest.label is ResultLabel.CENSORED_HIGH:
        return MarkerVerdict(
            status=InflammationStatus.RAISED_ONCE,
            because=f"{describe_result(latest)}, with the upper bound unknown",
            notes=("upper_bound_unknown", *latest.notes),
            sources=latest.sources,
        )
    return _raised(days, setting)


def _raised(days: Sequence[LabelledResult], setting: MarkerSetting) -> MarkerVerdict:
    """Judge a raised latest result: is an earlier one far enough away, with no normal between?"""
    marker, latest = setting.knowledge.marker, days[0]
    within = [
        each for each in days[1:] if days_between(each.date, latest.date) <= marker.max_days_between
    ]
    last_normal = next((each.date for each in within if each.label is ResultLabel.NORMAL), date.min)
    raised = [each for each in within if each.label is ResultLabel.RAISED]
    for earlier in raised:
        apart = days_between(earlier.date, latest.date)
        if apart >= marker.min_days_between and earlier.date > last_normal:
            return _persistent(latest, earlier, apart, setting)
    because = f"{describe_result(latest)}, at or above {_low(setting)} mg/L, once"
    notes: tuple[str, ...] = ()
    if any(each.date < last_normal for each in raised):
        notes = ("fluctuating",)
        because = f"{because}; a normal result lies between it and an earlier raised one"
    elif raised:
        notes = ("too_close",)
        because = f"{because}; the other raised result is less than "
        because += f"{marker.min_days_between} days away"
    return MarkerVerdict(
        status=InflammationStatus.RAISED_ONCE,
        because=because,
        notes=(*notes, *latest.notes),
        sources=latest.sources,
    )


def _persistent(
    latest: LabelledResult, earlier: LabelledResult, apart: int, setting: MarkerSetting
) -> MarkerVerdict:
    because = (
        f"{describe_result(earlier)} and {describe_result(latest)}, {apart} days apart, "
        f"both at or above {_low(setting)} mg/L"
    )
    return MarkerVerdict(
        status=InflammationStatus.RAISED_PERSISTENT,
        because=because,
        notes=(*latest.notes, *earlier.notes),
        sources=sources_of([earlier.sources, latest.sources]),
    )


def _acute(days: Sequence[LabelledResult], setting: MarkerSetting) -> MarkerVerdict:
    latest = days[0]
    if latest.label is ResultLabel.CONFOUNDED:
        near = judge_near_sample(latest.date, setting.acute_periods, setting.knowledge)
        because = f"{describe_result(latest)}; {near.because}" if near else describe_result(latest)
        sources = sources_of([latest.sources, near.sources if near else ()])
        return MarkerVerdict(
            status=InflammationStatus.POSSIBLE_ACUTE,
            because=because,
            notes=latest.notes,
            sources=sources,
        )
    high = _run_of_high(days, setting)
    above = number(setting.knowledge.marker.crp_acute_above_mg_l)
    because = f"{describe_result(latest)}, above {above} mg/L"
    notes = list(latest.notes)
    if days_between(high[-1].date, latest.date) >= setting.knowledge.marker.min_days_between:
        notes = ["sustained_high", *notes]
        because = f"{because}, and no lower result since {high[-1].date.isoformat()}"
    return MarkerVerdict(
        status=InflammationStatus.POSSIBLE_ACUTE,
        because=because,
        notes=tuple(notes),
        sources=sources_of([each.sources for each in high]),
    )


def _run_of_high(
    days: Sequence[LabelledResult], setting: MarkerSetting
) -> tuple[LabelledResult, ...]:
    """Give the results in the acute range up to the latest, back to the first known lower one."""
    limit = setting.knowledge.marker.crp_acute_above_mg_l + setting.knowledge.marker.tolerance
    high: list[LabelledResult] = []
    for result in days:
        if result.label is ResultLabel.ACUTE_RANGE:
            high.append(result)
        elif result.label in _SETTLED or (
            (result.comparator or "").startswith("<")
            and result.value_mg_per_l is not None
            and result.value_mg_per_l <= limit
        ):
            break
    return tuple(high)


def _normal(days: Sequence[LabelledResult]) -> MarkerVerdict:
    latest = days[0]
    earlier = next((each for each in days[1:] if each.label in _ABOVE_LOW), None)
    because = f"{describe_result(latest)}, below the cut-off"
    if earlier is not None:
        because = f"{because}; earlier {describe_result(earlier)}"
    return MarkerVerdict(
        status=InflammationStatus.NORMAL,
        because=because,
        notes=latest.notes,
        sources=latest.sources,
    )


def describe_result(result: LabelledResult) -> str:
    return f"{result.shown} {on(result.date)}"


def _low(setting: MarkerSetting) -> str:
    return number(setting.knowledge.marker.crp_low_mg_l)
