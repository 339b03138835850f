"""Which rows make up the drug tables? Read from CSV, checked against each other."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from rules.codes import ATC, RXNORM, Code, ValueSet
from rules.facts import Drug
from rules.knowledge.drug_rows import (
    AntidepressantProduct,
    AntidepressantRow,
    AtcFamily,
    AugmenterProduct,
    AugmenterRow,
    ConfounderProduct,
    NameRow,
    OtherUseRow,
)
from rules.knowledge.drugs import (
    Antidepressant,
    Augmenter,
    DrugTable,
    OtherUse,
    Specificity,
)
from rules.knowledge.files import KnowledgeError, KnowledgeFile, parse_csv
from rules.knowledge.value_sets import require

SPECIFICITY: Mapping[str, Specificity] = {
    "SCD": Specificity.PRODUCT,
    "SBD": Specificity.PRODUCT,
    "GPCK": Specificity.PRODUCT,
    "BPCK": Specificity.PRODUCT,
    "SCDC": Specificity.COMPONENT,
    "MIN": Specificity.COMBINATION_OR_SALT,
    "PIN": Specificity.COMBINATION_OR_SALT,
    "IN": Specificity.INGREDIENT,
    "BN": Specificity.BRAND,
}
ROLE_OF_TRIAL: Mapping[str, str] = {
    "yes": "antidepressant",
    "supporting": "supporting",
    "never": "also_recorded",
}


class _Products(NamedTuple):
    drugs: dict[Code, tuple[Drug, ...]]
    specificity: dict[Code, Specificity]

    def add(self, file: str, rxcui: str, tty: str, drugs: tuple[Drug, ...]) -> None:
        code = Code(RXNORM, rxcui)
        if code in self.drugs:
            raise KnowledgeError(file, rxcui, "the product stands twice")
        self.drugs[code] = drugs
        self.specificity[code] = SPECIFICITY[tty]


def read_drug_table(
    files: Mapping[str, KnowledgeFile], value_sets: Mapping[str, ValueSet]
) -> DrugTable:
    """Read all drug tables.

    Errors: KnowledgeError for a bad cell, a code or a row that stands twice, a dose row, an
    augmenter or a value set that does not exist.
    """
    dose_file = files["drugs/antidepressants.csv"]
    dose_rows = _by("row", parse_csv(dose_file, AntidepressantRow), dose_file.name)
    augmenter_file = files["drugs/augmenters.csv"]
    augmenters = _by("name", parse_csv(augmenter_file, AugmenterRow), augmenter_file.name)
    products = _Products({}, {})
    _add_antidepressants(files["drugs/antidepressant_products.csv"], products, dose_rows)
    _add_augmenters(files["drugs/augmenter_products.csv"], products, dose_rows, augmenters)
    _add_confounders(files["drugs/confounder_products.csv"], products)
    single, several = _names(files["drugs/names.csv"], dose_rows)
    return DrugTable(
        antidepressants={row: _antidepressant(entry) for row, entry in dose_rows.items()},
        augmenters={name: _augmenter(entry) for name, entry in augmenters.items()},
        by_code=products.drugs,
        by_family=_families(files["drugs/atc.csv"], dose_rows),
        by_word=single,
        by_words=several,
        specificity=products.specificity,
        other_uses=_other_uses(
            files["drugs/other_uses.csv"],
            value_sets,
            {*augmenters, *(row.name for row in dose_rows.values())},
        ),
    )


def _by(column: str, rows: Iterable[Any], file: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        key = getattr(row, column)
        if key in found:
            raise KnowledgeError(file, key, f"the {column} stands twice")
        found[key] = row
    return found


def _dose_row(file: str, entry: str, row: str, dose_rows: Mapping[str, Any]) -> str | None:
    if row and row not in dose_rows:
        raise KnowledgeError(file, entry, f"there is no antidepressant row {row}")
    return row or None


def _add_antidepressants(
    file: KnowledgeFile, products: _Products, dose_rows: Mapping[str, AntidepressantRow]
) -> None:
    for row in parse_csv(file, AntidepressantProduct):
        dose_row = _dose_row(file.name, row.rxcui, row.dose_row, dose_rows)
        trial = dose_rows[dose_row].counts_as_trial if dose_row else "yes"
        drug = Drug(
            name=row.drug,
            roles=frozenset({ROLE_OF_TRIAL[trial]}),
            dose_row=dose_row,
            strength_mg=row.strength_mg,
            not_for_depression=row.restriction or None,
        )
        second = _second_drug(file.name, row)
        products.add(file.name, row.rxcui, row.tty, (drug, *second))


def _second_drug(file: str, row: AntidepressantProduct) -> tuple[Drug, ...]:
    if not row.with_augmenter:
        return ()
    name, _, strength = row.with_augmenter.partition("=")
    if strength and not strength.replace(".", "", 1).isdecimal():
        raise KnowledgeError(file, row.rxcui, f"{strength} is no strength in mg")
    return (Drug(name, frozenset({"augmentation"}), None, Decimal(strength) if strength else None),)


def _add_augmenters(
    file: KnowledgeFile,
    products: _Products,
    dose_rows: Mapping[str, AntidepressantRow],
    augmenters: Mapping[str, AugmenterRow],
) -> None:
    for row in parse_csv(file, AugmenterProduct):
        if row.role == "augmentation" and row.drug not in augmenters:
            raise KnowledgeError(file.name, row.rxcui, f"there is no augmenter row {row.drug}")
        drug = Drug(
            name=row.drug,
            roles=frozenset({row.role}),
            dose_row=_dose_row(file.name, row.rxcui, row.dose_row, dose_rows),
            strength_mg=row.strength_mg,
        )
        products.add(file.name, row.rxcui, row.tty, (drug,))


def _add_confounders(file: KnowledgeFile, products: _Products) -> None:
    for row in parse_csv(file, ConfounderProduct):
        products.add(file.name, row.rxcui, row.tty, (Drug(row.drug, row.roles),))


def _families(
    file: KnowledgeFile, dose_rows: Mapping[str, AntidepressantRow]
) -> dict[Code, tuple[Drug, ...]]:
    rows = _by("prefix", parse_csv(file, AtcFamily), file.name)
    return {
        Code(ATC, prefix): (
            Drug(row.drug, row.roles, _dose_row(file.name, prefix, row.dose_row, dose_rows)),
        )
        for prefix, row in rows.items()
    }


def _names(
    file: KnowledgeFile, dose_rows: Mapping[str, AntidepressantRow]
) -> tuple[dict[str, tuple[Drug, ...]], dict[frozenset[str], tuple[Drug, ...]]]:
    single: dict[str, tuple[Drug, ...]] = {}
    several: dict[frozenset[str], tuple[Drug, ...]] = {}
    for row in parse_csv(file, NameRow):
        drugs: tuple[Drug, ...] = ()
        if row.drug:
            dose_row = _dose_row(file.name, row.words, row.dose_row, dose_rows)
            drugs = (Drug(row.drug, row.roles, dose_row, None, row.restriction or None),)
        words = frozenset(row.words.split())
        if len(words) == 1:
            single[row.words] = (*single.get(row.words, ()), *drugs)
        else:
            several[words] = (*several.get(words, ()), *drugs)
    return single, several


def _other_uses(
    file: KnowledgeFile, value_sets: Mapping[str, ValueSet], drugs: Collection[str]
) -> tuple[OtherUse, ...]:
    rows = parse_csv(file, OtherUseRow)
    for row in rows:
        if row.drug not in drugs:
            raise KnowledgeError(
                file.name, row.drug, "is neither an antidepressant nor an augmenter"
            )
    require(value_sets, (row.value_set for row in rows), file.name)
    return tuple(
        OtherUse(
            drug=row.drug,
            value_set=row.value_set,
            where=row.where,
            effect=row.effect,
            source=row.source,
            verification=row.verification,
        )
        for row in rows
    )


def _antidepressant(row: AntidepressantRow) -> Antidepressant:
    return Antidepressant(
        row=row.row,
        name=row.name,
        drug_class=row.drug_class,
        minimum_mg=row.minimum_mg,
        grey_low_mg=row.grey_low_mg,
        strict_mg=row.strict_mg,
        max_plausible_mg=row.max_plausible_mg,
        equivalence_group=row.equivalence_group,
        schedule=row.schedule,
        counts_as_trial=row.counts_as_trial,
        source=row.source,
        verification=row.verification,
    )


def _augmenter(row: AugmenterRow) -> Augmenter:
    return Augmenter(
        name=row.name,
        minimum_per_day=row.minimum_per_day,
        unit=row.unit,
        role=row.role,
        min_overlap_days=row.min_overlap_days,
        source=row.source,
        verification=row.verification,
    )
