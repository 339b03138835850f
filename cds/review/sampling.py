"""Which decisions are drawn for review? By chance that can be repeated, and never without controls.

What was drawn follows from the seed and the ids alone: the ids of a stratum are put in the order of
SHA-256("<seed>:<id>"), and the first ones are taken. Anybody can check a draw with any tool.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

# A card was due in the first two. In the others none was: only they can show what the rule misses.
FIRED = ("shown", "silent")
CONTROLS = ("near_miss", "could_not_tell", "nothing_to_say")
CLASSES = FIRED + CONTROLS
_FIRED_STRATUM, _CONTROL_STRATUM = "fired", "not_fired"


class Method(Enum):
    """How a sample is drawn.

    random: so many of all decisions, each as likely as any other; told apart afterwards by whether
    a card was due. stratified: a number of each review class.
    """

    RANDOM = "random"
    STRATIFIED = "stratified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """A part of the decisions. held: how many there were. drawn: how many of them are judged.

    A figure is weighted back with held / drawn.
    """

    name: str
    held: int
    drawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A decision that was drawn, and the stratum it stands for."""

    decision: str
    stratum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What came of a draw. Every stratum that held anything is named, also if none was drawn."""

    picks: tuple[Pick, ...]
    strata: tuple[Stratum, ...]


class CannotDrawError(ValueError):
    """Why nothing was drawn, in one sentence for the one who asked."""


def draw_random(ids_by_class: Mapping[str, Collection[str]], wanted: int, seed: int) -> Draw:
    """Draw so many of all decisions.

    Errors: CannotDrawError where there are fewer, or where chance drew no control.
    """
    classes = {
        each: class_of for class_of, ids in _known(ids_by_class).items() for each in set(ids)
    }
    strata = {each: _stratum_of(class_of) for each, class_of in classes.items()}
    drawn = _take(strata, wanted, seed, "decisions")
    picks = tuple(Pick(decision=each, stratum=strata[each]) for each in drawn)
    return _checked(picks, Counter(strata.values()), {_CONTROL_STRATUM})


def draw_stratified(
    ids_by_class: Mapping[str, Collection[str]], wanted: Mapping[str, int], seed: int
) -> Draw:
    """Draw a number of each class; a class that is not wanted gives none.

    Errors: CannotDrawError where a class holds fewer, or where no control is wanted.
    """
    known = _known(ids_by_class)
    picks = tuple(
        Pick(decision=each, stratum=name)
        for name in CLASSES
        for each in _take(known.get(name, ()), wanted.get(name, 0), seed, f"of {name}")
    )
    held = Counter({name: len(set(ids)) for name, ids in known.items()})
    return _checked(picks, held, set(CONTROLS))


def _known(ids_by_class: Mapping[str, Collection[str]]) -> dict[str, Collection[str]]:
    """Leave out what was switched off, or was written before decisions had a class."""
    return {name: ids_by_class[name] for name in CLASSES if ids_by_class.get(name)}


def _stratum_of(class_of: str) -> str:
    return _FIRED_STRATUM if class_of in FIRED else _CONTROL_STRATUM


def _take(ids: Collection[str], wanted: int, seed: int, what: str) -> Sequence[str]:
    unique = set(ids)
    if wanted < 0:
        raise CannotDrawError("a number of decisions cannot be below 0")
    if wanted > len(unique):
        raise CannotDrawError(f"{wanted} {what} were asked for, and there are {len(unique)}")
    return sorted(unique, key=lambda each: sha256(f"{seed}:{each}".encode()).digest())[:wanted]


def _checked(picks: tuple[Pick, ...], held: Counter[str], controls: set[str]) -> Draw:
    drawn = Counter(pick.stratum for pick in picks)
    if not controls & drawn.keys():
        raise CannotDrawError(
            "the sample has no decision in which no card was due: without such controls nobody "
            "can say what the rule misses"
        )
    strata = tuple(Stratum(name=name, held=held[name], drawn=drawn[name]) for name in held)
    return Draw(picks=picks, strata=strata)
