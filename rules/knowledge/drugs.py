"""Which drug does a code or a name mean, and what is an adequate dose of it?"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum, IntEnum

from rules.codes import Code, Families, closest_family, index_families
from rules.facts import Drug

_MG_IN_UNIT = {"mg": Decimal(1), "ug": Decimal("0.001")}
_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
_WORD = re.compile(rf"[^\W\d_]+(?:['{_APOSTROPHE}][^\W\d_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Antidepressant:
    """One row of the antidepressant table; doses in mg a day.

    counts_as_trial: "yes", "supporting" or "never". minimum_mg is None where no dose counts. The
    row "fluoxetine weekly" holds the daily average of a weekly dose; the patch row, mg in 24 hours.
    """

    row: str
    name: str  # the ingredient without formulation: "paroxetine" for the row "paroxetine CR"
    drug_class: str
    minimum_mg: Decimal | None
    grey_low_mg: Decimal | None
    strict_mg: Decimal | None
    max_plausible_mg: Decimal | None
    equivalence_group: str
    schedule: str  # "daily", or "weekly" for a product taken once a week
    counts_as_trial: str
    source: str
    verification: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Augmenter:
    """One row of the augmenter table. minimum_per_day in `unit`; None where a level decides."""

    name: str
    minimum_per_day: Decimal | None
    unit: str
    role: str  # "supporting" or "list_only"
    min_overlap_days: int | None
    source: str
    verification: str

    @property
    def by_level(self) -> bool:
        """Whether a blood level decides, and its dose only where no level is known."""
        return self.role == "supporting" and self.minimum_per_day is None

    @property
    def minimum_in_mg(self) -> Decimal:
        """The least daily dose in mg; zero where the table asks for none."""
        if self.minimum_per_day is None:
            return Decimal(0)
        return self.minimum_per_day * _MG_IN_UNIT[self.unit]


class OtherUseEffect(Enum):
    """What a reason other than depression does to a trial of a drug.

    COUNTS: it counts, flagged, where a depressive disorder is coded too, and is removed where not.
    NEEDS_REASON: the drug counts only where the order gives a reason of the value set.
    """

    REMOVE = "remove"
    UNCLEAR = "unclear"
    COUNTS = "counts"
    NEEDS_REASON = "needs_reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherUse:
    """One other use of a drug: reasons in a value set, looked for in `where`, and their effect.

    where: "reason" (the order's own reason), "diagnosis" (a diagnosis of the patient) or "either".
    """

    drug: str
    value_set: str
    where: str
    effect: OtherUseEffect
    source: str
    verification: str


class Specificity(IntEnum):
    """How closely a code names a product; a lower number names it more closely."""

    PRODUCT = 0
    COMPONENT = 1
    COMBINATION_OR_SALT = 2
    INGREDIENT = 3
    BRAND = 4
    FAMILY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugTable:
    """The drug tables: dose rows, augmenters, and every code and name that means a drug.

    by_words holds the names of several words, which may stand in any order. A name that means no
    drug ("diclofenac gel") hides the shorter name inside it.
    """

    antidepressants: Mapping[str, Antidepressant]  # by row
    augmenters: Mapping[str, Augmenter]  # by name
    by_code: Mapping[Code, tuple[Drug, ...]]
    by_family: Mapping[Code, tuple[Drug, ...]]
    by_word: Mapping[str, tuple[Drug, ...]]
    by_words: Mapping[frozenset[str], tuple[Drug, ...]] = field(default_factory=dict)
    specificity: Mapping[Code, Specificity] = field(default_factory=dict)
    other_uses: tuple[OtherUse, ...] = ()
    _parents: Families = field(init=False, repr=False, compare=False)
    # The names of several words under their longest word, each with its place in by_words.
    _places: Mapping[str, Sequence[tuple[int, frozenset[str]]]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_parents", index_families(self.by_family))
        places: dict[str, list[tuple[int, frozenset[str]]]] = {}
        for place, name in enumerate(self.by_words):
            places.setdefault(max(name, key=len), []).append((place, name))
        object.__setattr__(self, "_places", places)

    def find(self, codes: Sequence[Code]) -> tuple[Drug, ...]:
        """Give the drugs a set of codings of one product means; several for a combination.

        The coding that names the product most closely decides. What only another coding of the
        product says remains true: a brand that is never for depression stays so beside the code of
        its ingredient. Codings that contradict each other on the strength or the dose row leave
        it open. Unknown codes yield nothing.
        """
        known = [(self._specificity(code), self._drugs(code)) for code in codes]
        named = [(closeness, drugs) for closeness, drugs in known if drugs]
        if not named:
            return ()
        if len(named) == 1 and _are_different(named[0][1]):  # as nearly always: nothing to merge
            return named[0][1]
        closest = min(closeness for closeness, _ in named)
        found = _merge(drug for closeness, drugs in named if closeness == closest for drug in drugs)
        restrictions = {
            drug.name: drug.not_for_depression
            for _, drugs in named
            for drug in drugs
            if drug.not_for_depression
        }
        return tuple(
            replace(drug, not_for_depression=restrictions.get(drug.name)) for drug in found
        )

    def find_in_text(self, text: str) -> tuple[Drug, ...]:
        """Give the drugs named in free text by whole words, never by a part of a word.

        Capitals do not matter ("FLUoxetine"). The longest name wins: where "paroxetine CR" is
        named, "paroxetine" alone is not. Text without a known name yields nothing.
        """
        words = [word.replace(_APOSTROPHE, "'") for word in _WORD.findall(text.casefold())]
        present = frozenset(words)
        names = [frozenset({word}) for word in dict.fromkeys(words) if word in self.by_word]
        names += self._of_several_words(present)
        longest = [name for name in names if not any(name < other for other in names)]
        return _merge(drug for name in longest for drug in self._named(name))

    def _of_several_words(self, present: frozenset[str]) -> list[frozenset[str]]:
        """Give the names of several words that are all there, in the order of the table."""
        likely = (self._places[word] for word in present & self._places.keys())
        places = sorted(place for of_word in likely for place in of_word)
        return [name for _, name in places if name <= present]

    def _named(self, name: frozenset[str]) -> tuple[Drug, ...]:
        return self.by_words[name] if name in self.by_words else self.by_word[next(iter(name))]

    def _specificity(self, code: Code) -> Specificity:
        return self.specificity.get(code, Specificity.FAMILY)

    def _drugs(self, code: Code) -> tuple[Drug, ...]:
        if code in self.by_code:
            return self.by_code[code]
        family = closest_family(code, self._parents)
        return () if family is None else self.by_family[family]


def _are_different(drugs: Sequence[Drug]) -> bool:
    return len(drugs) == 1 or len({drug.name for drug in drugs}) == len(drugs)


def _merge(drugs: Iterable[Drug]) -> tuple[Drug, ...]:
    """Give each drug once; what two mentions of it say differently is left open."""
    merged: dict[str, Drug] = {}
    for drug in drugs:
        other = merged.setdefault(drug.name, drug)
        merged[drug.name] = replace(
            drug,
            roles=drug.roles | other.roles,
            dose_row=drug.dose_row if drug.dose_row == other.dose_row else None,
            strength_mg=drug.strength_mg if drug.strength_mg == other.strength_mg else None,
            not_for_depression=drug.not_for_depression or other.not_for_depression,
        )
    return tuple(merged.values())
