"""Which kinds of record did not reach the rules, or not all of them?"""

from collections.abc import Iterable, Mapping

from rules.facts import Completeness, Facts, Incomplete
from rules.findings import Gap

ORDER_OR_SUPPLY = ("MedicationRequest", "MedicationDispense")
MEDICATION_TYPES = (
    "MedicationRequest",
    "MedicationDispense",
    "MedicationStatement",
    "MedicationAdministration",
)
# What makes a recorded drug a trial of this episode that failed, or counts beside the drugs.
GROUNDS_OF_TRIALS = (
    "Condition",
    "Encounter",
    "Observation",
    "Procedure",
    "QuestionnaireResponse",
)
# Those of them that can hold support beside the drugs, such as ECT or a coded treatment resistance.
GROUNDS_OF_SUPPORT = frozenset({"Condition", "Observation", "Procedure"})


def incomplete_types(facts: Facts) -> Mapping[str, Incomplete]:
    """Give, for each resource type that is incomplete, the worst that was said about it."""
    worst = [Completeness.PARTLY_READ, Completeness.TRUNCATED, Completeness.NOT_OBTAINED]
    by_type: dict[str, Incomplete] = {}
    for each in facts.incomplete:
        known = by_type.get(each.resource_type)
        if known is None or worst.index(each.completeness) > worst.index(known.completeness):
            by_type[each.resource_type] = each
    return by_type


def no_order_source(facts: Facts) -> tuple[Incomplete, ...]:
    """Give the gaps where neither orders nor supplies could be had in full, else nothing.

    Source: rule.md section 1.2 row 3a. Single unreadable resources do not make a source fail.
    """
    by_type = incomplete_types(facts)
    failed = [
        by_type[each]
        for each in ORDER_OR_SUPPLY
        if each in by_type and by_type[each].completeness is not Completeness.PARTLY_READ
    ]
    return tuple(failed) if len(failed) == len(ORDER_OR_SUPPLY) else ()


def unread_medications(facts: Facts) -> tuple[Incomplete, ...]:
    """Give what is missing of any medication source, in the order of the sources."""
    by_type = incomplete_types(facts)
    return tuple(by_type[each] for each in MEDICATION_TYPES if each in by_type)


def unread_grounds(facts: Facts) -> tuple[Incomplete, ...]:
    """Give what is missing of the types that place, bridge or support a trial without being one."""
    by_type = incomplete_types(facts)
    return tuple(by_type[each] for each in GROUNDS_OF_TRIALS if each in by_type)


def unread_scores(facts: Facts) -> Incomplete | None:
    """Give what is missing of the types that hold symptom scores, the first of them."""
    return unread(facts, "Observation") or unread(facts, "QuestionnaireResponse")


def unread(facts: Facts, resource_type: str) -> Incomplete | None:
    """Give what is missing of one resource type, or None where all of it was read."""
    return incomplete_types(facts).get(resource_type)


def gaps_of(incomplete: Iterable[Incomplete]) -> tuple[Gap, ...]:
    """Name incomplete types the way the answer does: "medicationDispense"."""
    return tuple(
        Gap(each.resource_type[:1].lower() + each.resource_type[1:], each.because)
        for each in incomplete
    )
