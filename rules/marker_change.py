"""What would change the marker status? Named, never asked for."""

from collections.abc import Collection

from rules.facts import Incomplete
from rules.findings import InflammationStatus
from rules.knowledge.model import Knowledge
from rules.plain_words import counted, kind_of_record


def explain_marker_change(
    status: InflammationStatus,
    notes: Collection[str],
    unread: Incomplete | None,
    knowledge: Knowledge,
) -> tuple[str, ...]:
    """Name what, if it were in the record, could change the marker status.

    Units: days. Source: project decision, with the windows of rule.md section 6.4. It names data
    and never advises to measure anything; no card shows it, because no guideline recommends CRP
    to choose a treatment. Unknown input: where the status rests on readable results that settle
    it, nothing is named.
    """
    parts = [] if unread is None else [f"the {kind_of_record(unread.resource_type)} of the record"]
    marker = knowledge.marker
    if status is InflammationStatus.RAISED_ONCE:
        apart = counted(marker.min_days_between, "day", "days")
        parts.append(f"a second raised CRP at least {apart} apart, with no normal one between")
    elif status is InflammationStatus.POSSIBLE_ACUTE:
        parts.append("a CRP apart from an acute illness")
    elif "il6_blockade" in notes:
        washout = counted(marker.il6_blocker_washout_days, "day", "days")
        parts.append(f"a CRP more than {washout} after the IL-6 blocker")
    elif status in {InflammationStatus.STALE, InflammationStatus.UNKNOWN}:
        recent = counted(marker.recency_days, "day", "days")
        unit = " with its unit" if "no_unit" in notes else ""
        parts.append(f"a CRP{unit} within {recent}")
    return tuple(parts)
