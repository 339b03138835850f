"""Which drug does a medication resource mean, and how strong is its product?"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

import msgspec

from rules.codes import Code
from rules.facts import Drug
from rules.fhir_reader.bounds import MAX_INGREDIENTS
from rules.fhir_reader.decoding import UnreadableError, decode
from rules.fhir_reader.elements import (
    CodeableConcept,
    CodeableReference,
    Element,
    Quantity,
    Ratio,
    codes_of,
    texts_of,
)
from rules.fhir_reader.linking import ResourceIndex
from rules.fhir_reader.resources import Reference
from rules.fhir_reader.vocabulary import MG_BY_UNIT, MILLILITRES, PIECES
from rules.knowledge.drugs import DrugTable


class _Ingredient(Element, frozen=True):
    item_codeable_concept: CodeableConcept | None = None
    item: CodeableReference | None = None
    strength: Ratio | None = None
    strength_ratio: Ratio | None = None


class _Medication(Element, frozen=True):
    code: CodeableConcept | None = None
    ingredient: list[_Ingredient] | None = None


class _Contained(Element, frozen=True):
    resource_type: str | None = None
    id: str | None = None


class MedicationChoice(Element, frozen=True):
    """The members in which a resource may name its medication: R4's two forms and R5's one."""

    medication_codeable_concept: CodeableConcept | None = None
    medication_reference: Reference | None = None
    medication: CodeableReference | None = None
    contained: list[msgspec.Raw] | None = None


_MEDICATION = msgspec.json.Decoder(_Medication)
_CONTAINED = msgspec.json.Decoder(_Contained)


@dataclass(frozen=True, slots=True)
class Product:
    """The drugs of one product, with its concentration where it is a liquid.

    drugs: empty for a product the drug tables do not know. mg_per_ml: by the drug's name.
    unresolved: why the product is not known at all, where a reference leads nowhere.
    """

    drugs: tuple[Drug, ...] = ()
    from_text: bool = False
    mg_per_ml: tuple[tuple[str, Decimal], ...] = ()
    unresolved: str | None = None


@dataclass(frozen=True, slots=True)
class _Named:
    """What a resource or its Medication says about the product."""

    codes: tuple[Code, ...]
    texts: tuple[str, ...]
    ingredients: tuple[_Ingredient, ...] = ()


def read_product(choice: MedicationChoice, index: ResourceIndex, drugs: DrugTable) -> Product:
    """Read medication[x]: the codes first, then the ingredients, and words only at the last.

    Source: rule.md section 4.2. Unknown input: a reference that leads nowhere and says nothing
    that names a drug, or no medication at all, is `unresolved`.
    Errors: UnreadableError for a Medication that is not as FHIR says.
    """
    named = _name(choice, index)
    if isinstance(named, str):
        found = _in_texts(_words_beside(choice), drugs)
        return Product(found, from_text=True) if found else Product(unresolved=named)
    found = drugs.find(named.codes) or _in_ingredients(named.ingredients, drugs)
    if not found:
        return Product(_in_texts(named.texts, drugs), from_text=True)
    strong = tuple(_strengthen(drug, named.ingredients, drugs) for drug in found)
    return Product(strong, mg_per_ml=tuple(_concentrations(strong, named.ingredients, drugs)))


def mg_of(quantity: Quantity | None, path: str) -> Decimal | None:
    """Give a mass in milligrams; None where there is none or the unit is no mass we know."""
    if quantity is None:
        return None
    number = quantity.number(path)
    unit = (quantity.unit_as_stated or "").strip().lower()
    return number * MG_BY_UNIT[unit] if number is not None and unit in MG_BY_UNIT else None


def _name(choice: MedicationChoice, index: ResourceIndex) -> _Named | str:
    """Give what names the product, or the reason why nothing does."""
    either = choice.medication or CodeableReference()
    concept = choice.medication_codeable_concept or either.concept
    reference = choice.medication_reference or either.reference
    if concept is not None:
        return _Named(codes_of(concept), texts_of(concept))
    if reference is None:
        return "it names no medication"
    medication = _find_medication(reference, choice.contained or [], index)
    if medication is None:
        return "its reference to a Medication leads nowhere"
    if len(medication.ingredient or ()) > MAX_INGREDIENTS:
        raise UnreadableError(f"a Medication should have at most {MAX_INGREDIENTS} ingredients")
    codes = codes_of(medication.code)
    words = (*texts_of(medication.code), *([reference.display] if reference.display else []))
    return _Named(codes, words, tuple(medication.ingredient or ()))


def _find_medication(
    reference: Reference, contained: Iterable[msgspec.Raw], index: ResourceIndex
) -> _Medication | None:
    literal = reference.reference or ""
    if literal.startswith("#"):
        for raw in contained:
            inner = decode(_CONTAINED, raw)
            if inner.resource_type == "Medication" and inner.id == literal.removeprefix("#"):
                return decode(_MEDICATION, raw)
        return None
    item = index.find(reference)
    if item is None or item.resource_type != "Medication":
        return None
    return index.read_once(item, _MEDICATION)


def _words_beside(choice: MedicationChoice) -> tuple[str, ...]:
    references = (choice.medication_reference, (choice.medication or CodeableReference()).reference)
    return tuple(each.display for each in references if each is not None and each.display)


def _in_texts(texts: Iterable[str], drugs: DrugTable) -> tuple[Drug, ...]:
    return next((found for found in map(drugs.find_in_text, texts) if found), ())


def _in_ingredients(ingredients: Iterable[_Ingredient], drugs: DrugTable) -> tuple[Drug, ...]:
    found = (drug for each in ingredients for drug in drugs.find(_codes(each)))
    return tuple(dict.fromkeys(found))


def _codes(ingredient: _Ingredient) -> tuple[Code, ...]:
    item = ingredient.item or CodeableReference()
    return codes_of(ingredient.item_codeable_concept, item.concept)


def _strengthen(drug: Drug, ingredients: tuple[_Ingredient, ...], drugs: DrugTable) -> Drug:
    """Add the strength the Medication states; two that differ are no strength at all."""
    stated = set(_strengths(drug, ingredients, drugs, PIECES))
    if drug.strength_mg is not None:
        stated.add(drug.strength_mg)
    if len(stated) > 1:
        return replace(drug, strength_mg=None)
    return replace(drug, strength_mg=stated.pop()) if stated else drug


def _concentrations(
    found: Iterable[Drug], ingredients: tuple[_Ingredient, ...], drugs: DrugTable
) -> Iterable[tuple[str, Decimal]]:
    for drug in found:
        stated = set(_strengths(drug, ingredients, drugs, MILLILITRES))
        if len(stated) == 1:
            yield drug.name, stated.pop()


def _strengths(
    drug: Drug, ingredients: tuple[_Ingredient, ...], drugs: DrugTable, per: frozenset[str]
) -> Iterable[Decimal]:
    """Give milligrams for each unit of `per`, from the ingredients that are this drug."""
    for each in ingredients:
        same = any(other.name == drug.name for other in drugs.find(_codes(each)))
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
