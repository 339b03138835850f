"""Is or was the patient on a drug that blocks IL-6, so that CRP cannot be read?"""

from dataclasses import dataclass
from datetime import date

from rules.clinical_time import Span, plus_days
from rules.exposures import place
from rules.facts import Facts
from rules.knowledge.model import Knowledge
from rules.plain_words import sources_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Blockade:
    """The days on which CRP cannot be read: from the first dose to the end of the wash-out."""

    spans: tuple[Span, ...] = ()
    because: str = ""
    sources: tuple[str, ...] = ()

    def covers(self, day: date) -> bool:
        """Say whether CRP of this day cannot be read; both ends included."""
        return any(span.holds(day) for span in self.spans)


def find_blockade(facts: Facts, as_of: date, knowledge: Knowledge) -> Blockade:
    """Find the days of IL-6 blockade from the exposures to IL-6 blockers.

    Units: days; the wash-out is `marker.il6_blocker_washout_days` after the last exposure day,
    inclusive. Source: rule.md sections 6.4 rule 1 and 12 points 28 and 33b. Unknown input: a
    blocker without a date, or of unknown length, blocks every day up to the evaluation and its wash-out,
    because nothing shows that it has ended.
    """
    exposures = [each for each in facts.exposures if "il6_blocker" in each.drug.roles]
    if not exposures:
        return Blockade()
    washout = knowledge.marker.il6_blocker_washout_days
    placed = place(exposures, as_of, knowledge)
    spans = [
        Span(span.start, plus_days(max(span.end, plus_days(span.start, 1)), washout))
        for _, span in placed
    ]
    known = {id(exposure) for exposure, _ in placed}
    for exposure in exposures:
        if id(exposure) not in known:
            start = exposure.start.earliest if exposure.start else date.min
            spans.append(Span(start, plus_days(as_of, washout)))
    last = max(plus_days(span.end, -washout - 1) for span in spans)
    words = f"last day {last.isoformat()}" if last < as_of else "ongoing or undated"
    return Blockade(
        spans=tuple(spans),
        because=f"CRP cannot be read during or within {washout} days after an IL-6 blocker "
        f"({words})",
        sources=sources_of([each.sources for each in exposures]),
    )
