"""How much of a drug does one piece or one millilitre of a product hold?"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from rules.codes import Code
from rules.facts import Drug
from rules.fhir_reader.elements import (
    CodeableConcept,
    CodeableReference,
    Element,
    Quantity,
    Ratio,
    codes_of,
)
from rules.fhir_reader.vocabulary import MG_BY_UNIT, MILLILITRES, PIECES
from rules.knowledge.drugs import DrugTable


class Ingredient(Element, frozen=True):
    item_codeable_concept: CodeableConcept | None = None
    item: CodeableReference | None = None
    strength: Ratio | None = None
    strength_ratio: Ratio | None = None


def mg_of(quantity: Quantity | None, path: str) -> Decimal | None:
    """Give a mass in milligrams; None where there is none or the unit is no mass we know."""
    if quantity is None:
        return None
    number = quantity.number(path)
    unit = (quantity.unit_as_stated or "").strip().lower()
    return number * MG_BY_UNIT[unit] if number is not None and unit in MG_BY_UNIT else None


def codes_of_ingredient(ingredient: Ingredient) -> tuple[Code, ...]:
    """Give the codes of the substance, where R4 or where R5 has it."""
    item = ingredient.item or CodeableReference()
    return codes_of(ingredient.item_codeable_concept, item.concept)


def strengthen(drug: Drug, ingredients: tuple[Ingredient, ...], drugs: DrugTable) -> Drug:
    """Add the strength the Medication states; two that differ are no strength at all."""
    stated = set(_strengths(drug, ingredients, drugs, PIECES))
    if drug.strength_mg is not None:
        stated.add(drug.strength_mg)
    if len(stated) > 1:
        return replace(drug, strength_mg=None)
    if not stated or drug.strength_mg in stated:
        return drug
    return replace(drug, strength_mg=stated.pop())


def concentrations(
    found: Iterable[Drug], ingredients: tuple[Ingredient, ...], drugs: DrugTable
) -> Iterable[tuple[str, Decimal]]:
    """Give the milligrams in a millilitre by the drug's name; nothing where two differ."""
    for drug in found:
        stated = set(_strengths(drug, ingredients, drugs, MILLILITRES))
        if len(stated) == 1:
            yield drug.name, stated.pop()


def _strengths(
    drug: Drug, ingredients: tuple[Ingredient, ...], drugs: DrugTable, per: frozenset[str]
) -> Iterable[Decimal]:
    """Give milligrams for each unit of `per`, from the ingredients that are this drug."""
    for each in ingredients:
        same = any(other.name == drug.name for other in drugs.find(codes_of_ingredient(each)))
        if same or len(ingredients) == 1:
            mg = _mg_per(each.strength or each.strength_ratio, per)
            if mg is not None:
                yield mg


def _mg_per(strength: Ratio | None, units: frozenset[str]) -> Decimal | None:
    if strength is None or strength.denominator is None:
        return None
    mg = mg_of(strength.numerator, "$.ingredient.strength.numerator")
    count = strength.denominator.number("$.ingredient.strength.denominator")
    unit = (strength.denominator.unit_as_stated or "").strip().lower()
    if mg is None or not count or unit not in units:
        return None
    return mg / count
