"""How is an alarm said to an operator, in plain words and with all its numbers?"""

from collections.abc import Mapping

from cds.monitoring.alarms import Alarm, Sign
from cds.monitoring.counts import FIRED, NOT_EVALUABLE, OUT_OF_SCOPE, Pooled
from cds.review.proportion import Proportion

MEASURES: Mapping[str, str] = {
    FIRED: "patients with a card due",
    NOT_EVALUABLE: "patients who could not be evaluated",
    OUT_OF_SCOPE: "patients out of scope",
    "drug_in_words": "patients with a drug that only its words name",
    "drug_untold": "patients with a drug that nothing tells",
    "drug_not_listed": "patients with a drug of no table",
    "marker_in_words": "patients with a marker that only its words name",
    "marker_unit": "patients with a marker in an unknown unit",
    "scale_in_words": "patients with a scale that only its words name",
}
_DIRECTIONS: Mapping[Sign, str] = {Sign.ROSE: "more", Sign.FELL: "fewer"}


def say(alarm: Alarm) -> str:
    """Write an alarm as one line: whom it is about, what was seen, what is usual."""
    about = f"{alarm.client}, {alarm.service}, knowledge {alarm.knowledge}"
    if alarm.sign is Sign.NO_CALLS:
        return f"{about}: no call since {alarm.day}, and there used to be calls on most days."
    what = MEASURES.get(alarm.measure, f"patients with unknown codes ({alarm.measure})")
    usual = f"usual: {_share(alarm.usual)}{_under(alarm)}"
    if alarm.sign is Sign.NONE_FIRED:
        return (
            f"{about}: no card was due {_when(alarm)}, for {alarm.seen.patients:,} patients; "
            f"{usual}."
        )
    seen = f"{_share(alarm.seen)} {_when(alarm)}"
    return f"{about}: {_DIRECTIONS[alarm.sign]} {what} than usual: {seen}; {usual}."


def _share(pooled: Pooled) -> str:
    return str(Proportion(pooled.count, pooled.patients))


def _when(alarm: Alarm) -> str:
    if alarm.since == alarm.day:
        return f"on {alarm.day}"
    return f"from {alarm.since} to {alarm.day}"


def _under(alarm: Alarm) -> str:
    if alarm.usual_knowledge == alarm.knowledge:
        return ""
    return f", under the knowledge before it, {alarm.usual_knowledge}"
