"""Which drugs move CRP, and which of them may have lowered a result?"""

from collections.abc import Iterable, Mapping
from datetime import date

from rules.current_state import drugs_taken_near
from rules.facts import Facts
from rules.knowledge.model import Knowledge

# Drugs by role, with our words.
DRUG_ROWS: Mapping[str, str] = {
    "corticosteroid": "corticosteroids",
    "nsaid": "non-steroidal anti-inflammatory drugs",
    "aspirin": "aspirin",
    "statin": "statins",
    "metformin": "metformin",
    "colchicine": "colchicine",
    "dmard": "disease-modifying antirheumatic drugs",
    "immunosuppressant_biologic": "biologics or other immunosuppressants",
    "il6_blocker": "IL-6 blockers",
    "oestrogen": "oestrogens",
}
_LOWER_CRP = frozenset(
    {"corticosteroid", "nsaid", "statin", "metformin", "colchicine", "dmard", "il6_blocker"}
)


def find_lowering(
    facts: Facts, samples: Iterable[date], as_of: date, knowledge: Knowledge
) -> tuple[str, ...]:
    """Name the classes of drugs that may have lowered one of these samples.

    Units: days; taken within `marker.drug_current_days` of the sample, and begun no later than on
    its day. Source: rule.md section 7, row "Lower CRP". Unknown input: a drug without a first day
    cannot be shown to be later than the sample.
    """
    near = tuple(samples)
    return tuple(
        name
        for role, name in DRUG_ROWS.items()
        if role in _LOWER_CRP
        and any(_was_begun_by(facts, role, day, as_of, knowledge) for day in near)
    )


def _was_begun_by(facts: Facts, role: str, sample: date, as_of: date, knowledge: Knowledge) -> bool:
    taken = drugs_taken_near(facts, role, (sample,), as_of, knowledge)
    return any(each.start is None or each.start.earliest <= sample for each in taken)
