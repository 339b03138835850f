"""Is or was the patient on a drug that blocks IL-6, so that CRP cannot be read?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rules.clinical_time import Span, plus_days
from rules.exposures import place
from rules.facts import Exposure, Facts
from rules.knowledge.model import Knowledge
from rules.plain_words import sources_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Blockade:
    """The days on which CRP cannot be read: from the first dose to the end of the wash-out."""

    span: Span | None = None
    because: str = ""
    sources: tuple[str, ...] = ()

    def covers(self, day: date) -> bool:
        """Say whether CRP of this day cannot be read; both ends included."""
        return self.span is not None and self.span.holds(day)


def find_blockade(facts: Facts, as_of: date, knowledge: Knowledge) -> Blockade:
    """Find the days of IL-6 blockade, from the first day of any IL-6 blocker to the last.

    Units: days; the wash-out is `marker.il6_blocker_washout_days` after the last exposure day,
    inclusive. Source: rule.md sections 6.4 rule 1 and 12 points 28 and 33b. Unknown input: a
    blocker without a date, or of unknown length, blocks every day up to the evaluation and its
    wash-out, because nothing shows that it has ended; of an imprecise date every day it can mean
    is blocked.
    """
    exposures = [each for each in facts.exposures if "il6_blocker" in each.drug.roles]
    if not exposures:
        return Blockade()
    washout = knowledge.marker.il6_blocker_washout_days
    placed = {id(each): span for each, span in place(exposures, as_of, knowledge)}
    end = max(_end(each, placed, as_of) for each in exposures)
    start = min(each.start.earliest if each.start else date.min for each in exposures)
    last = plus_days(end, -1)
    words = f"last day {last.isoformat()}" if last < as_of else "ongoing or undated"
    return Blockade(
        span=Span(start, plus_days(end, washout)),
        because=f"CRP cannot be read during or within {washout} days after an IL-6 blocker "
        f"({words})",
        sources=sources_of([each.sources for each in exposures]),
    )


def _end(exposure: Exposure, placed: Mapping[int, Span], as_of: date) -> date:
    """The day after the last one on which the drug can have been taken; T where none is known."""
    tomorrow = plus_days(as_of, 1)
    span = placed.get(id(exposure))
    if span is None or exposure.start is None:
        return tomorrow
    known = [span.end, plus_days(exposure.start.latest, 1)]
    if exposure.end is not None:
        known.append(plus_days(exposure.end.latest, 1))
    elif exposure.supply_days is not None:
        known.append(plus_days(exposure.start.latest, exposure.supply_days))
    elif span.end == as_of:
        return tomorrow
    return min(max(known), tomorrow)
