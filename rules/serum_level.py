"""Was an augmentation that is judged by its blood level at an adequate one?"""

from collections.abc import Sequence

from rules.clinical_time import Span, overlap_days, plus_days
from rules.exposures import Stretch
from rules.facts import Facts
from rules.findings import Finding, Verdict
from rules.knowledge.model import Knowledge
from rules.plain_words import number, sources_of


def judge_level(beside: Sequence[Stretch], facts: Facts, knowledge: Knowledge) -> Finding | None:
    """Judge lithium by its highest blood level on the days it was taken beside an antidepressant.

    The day after the last of them counts too: blood taken then shows the last dose.
    Units: `trd.lithium_level_units`; `trd.min_lithium_mmol_per_l` or more is MET. Source: drugs.md
    section 4. Unknown input: a level without a value, a usable unit or a date on these days says
    nothing; without any level the answer is None, and the dose decides.
    """
    trd, known = knowledge.trd, knowledge.value_sets["serum-lithium"]
    days = [Span(each.span.start, plus_days(each.span.end, 1)) for each in beside]
    levels = sorted(
        (each.value, each.date.text, each.sources)
        for each in facts.measurements
        if known.contains(each.code)
        and each.value is not None
        and each.unit in trd.lithium_level_units
        and each.date is not None
        and overlap_days(days, Span(each.date.earliest, plus_days(each.date.latest, 1)))
    )
    if not levels:
        return None
    value, day, _ = levels[-1]
    enough = value >= trd.min_lithium_mmol_per_l
    words = f"highest blood level {number(value)} mmol/L on {day}"
    if not enough:
        words = f"{words}, below {number(trd.min_lithium_mmol_per_l)}"
    return Finding(
        verdict=Verdict.MET if enough else Verdict.NOT_MET,
        because=words,
        citations=("rules/drugs/augmenters.csv",),
        sources=sources_of([each for _, _, each in levels]),
    )
