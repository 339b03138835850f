"""How many cards would be due if a number of the rule were another? Tried on facts that are kept.

Nothing of a running service changes: each value makes a knowledge of its own, and the same facts
are assessed again as of the day of their decision. Snoozes and an overdue review of the evidence
are left out of account: what is compared is the rule.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from pydantic import BaseModel

from cds.decision import Decision
from cds.kept_case import OrderCase, UnreadableCaseError, read_case
from cds.review.proportion import Proportion
from cds.review.yardstick import Alternative, Choice, Yardstick
from rules.assessment import assess
from rules.facts import Facts
from rules.findings import CardKind
from rules.knowledge import Knowledge

_TABLES = ("trd", "marker", "confounder", "trial_entry", "safety", "cards")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of one combination, over the same cases.

    words: the values, by parameter. in_force: they are those of the knowledge in force. fires,
    evidence: cases with any card, and with an evidence card. more, fewer: cases that get a card, or
    lose it, against the knowledge in force. note: what must be known to read the row.
    """

    words: Mapping[str, str]
    in_force: bool
    fires: Proportion
    evidence: Proportion
    more: int
    fewer: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternatives:
    """All combinations. cases: kept in the period; tried: those that could be assessed again.

    unreadable: kept by another version of the facts, or damaged. of_orders: draft orders, which do
    not ask for the marker. beyond: more than were asked for.
    """

    cases: int
    tried: int
    unreadable: int
    of_orders: int
    beyond: int
    in_force: Proportion
    rows: tuple[Tried, ...]


@dataclass(frozen=True, slots=True)
class _Variant:
    words: Mapping[str, str]
    knowledge: Knowledge
    in_force: bool


@dataclass(slots=True)
class _Count:
    fires: int = 0
    evidence: int = 0
    more: int = 0
    fewer: int = 0


def try_alternatives(
    decisions: Iterable[Decision], kept: int, knowledge: Knowledge, yardstick: Yardstick
) -> Alternatives:
    """Assess every kept case again under each combination.

    decisions: with their facts, as many as are to be tried. kept: how many there are in all.
    """
    variants = _variants(knowledge, yardstick)
    counts = [_Count() for _ in variants]
    due = unreadable = of_orders = tried = 0
    for decision in decisions:
        try:
            case = read_case(decision.facts or b"")
        except UnreadableCaseError:
            unreadable += 1
            continue
        if isinstance(case, OrderCase):
            of_orders += 1
            continue
        tried += 1
        due += _add(counts, variants, case.facts, decision.as_of, knowledge)
    return Alternatives(
        cases=kept,
        tried=tried,
        unreadable=unreadable,
        of_orders=of_orders,
        beyond=max(0, kept - tried - unreadable - of_orders),
        in_force=Proportion(due, tried),
        rows=tuple(
            _tell(variant, count, tried) for variant, count in zip(variants, counts, strict=True)
        ),
    )


def with_parameters(knowledge: Knowledge, settings: Mapping[str, object]) -> Knowledge:
    """Give the knowledge with other numbers. settings: values by "table.key".

    Errors: KeyError for a table or key there is none of; pydantic's ValidationError for a value
    the table does not allow.
    """
    changed: dict[str, BaseModel] = {}
    for name, value in settings.items():
        table, _, key = name.partition(".")
        if table not in _TABLES or key not in type(getattr(knowledge, table)).model_fields:
            raise KeyError(name)
        parameters: BaseModel = changed.get(table, getattr(knowledge, table))
        changed[table] = type(parameters).model_validate({**parameters.model_dump(), key: value})
    return replace(knowledge, **changed)  # type: ignore[arg-type]


def _variants(knowledge: Knowledge, yardstick: Yardstick) -> tuple[_Variant, ...]:
    return tuple(_variant(knowledge, each) for each in yardstick.combinations())


def _variant(knowledge: Knowledge, chosen: tuple[tuple[Alternative, Choice], ...]) -> _Variant:
    settings = {alternative.parameter: choice.value for alternative, choice in chosen}
    other = with_parameters(knowledge, settings)
    return _Variant(
        words={alternative.parameter: choice.words for alternative, choice in chosen},
        knowledge=other,
        in_force=all(getattr(other, table) == getattr(knowledge, table) for table in _TABLES),
    )


def _add(
    counts: list[_Count],
    variants: tuple[_Variant, ...],
    facts: Facts,
    as_of: date,
    knowledge: Knowledge,
) -> bool:
    """Count one case under each combination; say whether a card is due under the one in force."""
    given = assess(facts, as_of, knowledge)
    for count, variant in zip(counts, variants, strict=True):
        other = given if variant.in_force else assess(facts, as_of, variant.knowledge)
        count.fires += bool(other.cards_due)
        count.evidence += CardKind.EVIDENCE in other.cards_due
        count.more += bool(other.cards_due) and not given.cards_due
        count.fewer += bool(given.cards_due) and not other.cards_due
    return bool(given.cards_due)


def _tell(variant: _Variant, count: _Count, tried: int) -> Tried:
    return Tried(
        words=variant.words,
        in_force=variant.in_force,
        fires=Proportion(count.fires, tried),
        evidence=Proportion(count.evidence, tried),
        more=count.more,
        fewer=count.fewer,
        note=_note(variant.knowledge),
    )


def _note(knowledge: Knowledge) -> str:
    """Say where a combination leaves hardly any result raised."""
    low, acute = knowledge.marker.crp_low_mg_l, knowledge.marker.crp_acute_above_mg_l
    if low < acute:
        return ""
    return (
        f"The acute range begins above {acute.normalize():f} mg/L, so only a result of exactly "
        "that counts as raised, and higher ones as possibly acute."
    )
