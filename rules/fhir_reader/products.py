"""Which drug does a medication resource mean?"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from rules.codes import ATC, RXNORM, Code
from rules.facts import Drug
from rules.fhir_reader.bounds import MAX_INGREDIENTS, MAX_WORDS
from rules.fhir_reader.decoding import UnreadableError, decode
from rules.fhir_reader.elements import (
    CodeableConcept,
    CodeableReference,
    Element,
    codes_of,
    says_none_known,
    texts_of,
    without_absences,
)
from rules.fhir_reader.linking import ResourceIndex
from rules.fhir_reader.product_strength import (
    Ingredient,
    codes_of_ingredient,
    concentrations,
    strengthen,
)
from rules.fhir_reader.resources import Reference
from rules.knowledge.drugs import DrugTable


class _Medication(Element, frozen=True):
    code: CodeableConcept | None = None
    ingredient: list[Ingredient] | None = None


class _Contained(Element, frozen=True):
    resource_type: str | None = None
    id: str | None = None


class MedicationChoice(Element, frozen=True):
    """The members in which a resource may name its medication: R4's two forms and R5's one."""

    medication_codeable_concept: CodeableConcept | None = None
    medication_reference: Reference | None = None
    medication: CodeableReference | None = None
    contained: list[msgspec.Raw] | None = None


# The systems whose codes the drug tables hold: what these lack of them is another drug.
_LOOKED_UP = frozenset({RXNORM, ATC})
_MEDICATION = msgspec.json.Decoder(_Medication)
_CONTAINED = msgspec.json.Decoder(_Contained)


@dataclass(frozen=True, slots=True)
class Product:
    """The drugs of one product, with its concentration where it is a liquid.

    drugs: empty for a product the drug tables do not know. mg_per_ml: by the drug's name.
    unresolved: why the product is not known at all, where a reference leads nowhere. no_drug:
    whether the resource says that there is no drug to name.
    """

    drugs: tuple[Drug, ...] = ()
    from_text: bool = False
    mg_per_ml: tuple[tuple[str, Decimal], ...] = ()
    unresolved: str | None = None
    no_drug: bool = False


@dataclass(frozen=True, slots=True)
class _Named:
    """What a resource or its Medication says about the product."""

    codes: tuple[Code, ...]
    texts: tuple[str, ...]
    ingredients: tuple[Ingredient, ...] = ()


def read_product(choice: MedicationChoice, index: ResourceIndex, drugs: DrugTable) -> Product:
    """Read medication[x]: the codes first, then the ingredients, and words only at the last.

    Source: rule.md section 4.2. Unknown input: a reference that leads nowhere and says nothing
    that names a drug, no medication at all, or one that only a code of a system names which no
    table holds, is `unresolved`. A code the tables lack of a system they hold is another drug.
    Errors: UnreadableError for a Medication that is not as FHIR says.
    """
    named = _name(choice, index)
    if isinstance(named, str):
        found = _in_texts(_words_beside(choice), drugs)
        return Product(found, from_text=True) if found else Product(unresolved=named)
    found = drugs.find(named.codes) or _in_ingredients(named.ingredients, drugs)
    if not found:
        return _in_words(named, drugs)
    strong = tuple(strengthen(drug, named.ingredients, drugs) for drug in found)
    return Product(strong, mg_per_ml=tuple(concentrations(strong, named.ingredients, drugs)))


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
    ingredients = tuple(medication.ingredient or ())
    words = (*texts_of(medication.code), reference.display or "", _words_of(ingredients))
    texts = tuple(each[:MAX_WORDS] for each in words if each)
    return _Named(codes_of(medication.code), texts, ingredients)


def _in_words(named: _Named, drugs: DrugTable) -> Product:
    """Read a product no code of which is known; words that name no drug of ours name another."""
    found = _in_texts(named.texts, drugs)
    if found:
        return Product(found, from_text=True)
    if says_none_known(named.codes):
        return Product(no_drug=True)
    return Product(unresolved=_why_unknown(named))


def _why_unknown(named: _Named) -> str | None:
    """Say why nothing could be looked up; None where something could: then it is another drug."""
    codes = (
        *named.codes,
        *(code for each in named.ingredients for code in codes_of_ingredient(each)),
    )
    told = without_absences(codes)
    if codes and not told:
        return "it says that its drug is not known"
    if named.texts or any(code.system in _LOOKED_UP for code in told):
        return None
    if told:
        return "its code is of a system the drug tables do not hold, and no words stand beside it"
    return "it names no medication"


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


def _in_ingredients(ingredients: Iterable[Ingredient], drugs: DrugTable) -> tuple[Drug, ...]:
    found = (drug for each in ingredients for drug in drugs.find(codes_of_ingredient(each)))
    return tuple(dict.fromkeys(found))


def _words_of(ingredients: Iterable[Ingredient]) -> str:
    """Give the words of all ingredients as one text, because together they name the product."""
    items = (
        each.item_codeable_concept or (each.item or CodeableReference()).concept
        for each in ingredients
    )
    return ", ".join(text for item in items for text in texts_of(item))
