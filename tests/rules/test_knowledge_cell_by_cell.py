"""Is every cell of the shipped drug tables read, into its own place?

The tables are read here once more with nothing but `csv`, so that a column that is dropped, or
lands in another's place, shows.
"""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from rules.codes import ATC, RXNORM, Code
from rules.facts import Drug
from rules.knowledge import load_knowledge
from rules.knowledge.drugs import Antidepressant, Augmenter, OtherUse, OtherUseEffect, Specificity
from rules.knowledge.loading import PACKAGED
from tests.support.knowledge_copy import copy_knowledge, replace_in

Row = dict[str, str]

ROLE_BY_TRIAL = {
    "yes": "antidepressant",
    "supporting": "supporting",
    "never": "also_recorded",
    "": "antidepressant",  # a product without a dose row
}
CLOSENESS = {
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


def rows(table: str) -> list[Row]:
    with (PACKAGED / "drugs" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(cell: str) -> Decimal | None:
    return Decimal(cell) if cell else None


def roles(cell: str) -> frozenset[str]:
    return frozenset(cell.split())


def antidepressant(row: Row) -> tuple[Drug, ...]:
    trial = {each["row"]: each["counts_as_trial"] for each in rows("antidepressants")}
    first = Drug(
        row["drug"],
        frozenset({ROLE_BY_TRIAL[trial.get(row["dose_row"], "")]}),
        row["dose_row"] or None,
        number(row["strength_mg"]),
        row["restriction"] or None,
    )
    if not row["with_augmenter"]:
        return (first,)
    name, _, strength = row["with_augmenter"].partition("=")
    return (first, Drug(name, frozenset({"augmentation"}), None, number(strength)))


def named(row: Row) -> tuple[Drug, ...]:
    if not row["drug"]:
        return ()
    dose_row, restriction = row["dose_row"] or None, row["restriction"] or None
    return (Drug(row["drug"], roles(row["roles"]), dose_row, None, restriction),)


def test_an_antidepressant_row_holds_its_cells() -> None:
    assert load_knowledge().drugs.antidepressants == {
        row["row"]: Antidepressant(
            row=row["row"],
            name=row["name"],
            drug_class=row["drug_class"],
            minimum_mg=number(row["minimum_mg"]),
            grey_low_mg=number(row["grey_low_mg"]),
            strict_mg=number(row["strict_mg"]),
            max_plausible_mg=number(row["max_plausible_mg"]),
            equivalence_group=row["equivalence_group"],
            schedule=row["schedule"],
            counts_as_trial=row["counts_as_trial"],
            source=row["source"],
            verification=row["verification"],
        )
        for row in rows("antidepressants")
    }


def test_an_augmenter_row_holds_its_cells() -> None:
    assert load_knowledge().drugs.augmenters == {
        row["name"]: Augmenter(
            name=row["name"],
            minimum_per_day=number(row["minimum_per_day"]),
            unit=row["unit"],
            role=row["role"],
            min_overlap_days=int(row["min_overlap_days"]) if row["min_overlap_days"] else None,
            source=row["source"],
            verification=row["verification"],
        )
        for row in rows("augmenters")
    }


def test_a_product_code_means_the_drugs_of_its_row() -> None:
    stated = {row["rxcui"]: antidepressant(row) for row in rows("antidepressant_products")}
    stated |= {
        row["rxcui"]: (
            Drug(
                row["drug"],
                frozenset({row["role"]}),
                row["dose_row"] or None,
                number(row["strength_mg"]),
            ),
        )
        for row in rows("augmenter_products")
    }
    stated |= {
        row["rxcui"]: (Drug(row["drug"], roles(row["roles"])),)
        for row in rows("confounder_products")
    }
    assert load_knowledge().drugs.by_code == {
        Code(RXNORM, rxcui): drugs for rxcui, drugs in stated.items()
    }


def test_a_second_strength_may_have_a_point(tmp_path: Path) -> None:
    copied = copy_knowledge(tmp_path / "knowledge")
    replace_in(copied / "drugs/antidepressant_products.csv", "olanzapine=12", "olanzapine=12.5")
    found = load_knowledge(copied).drugs.find([Code(RXNORM, "403970")])
    assert found[1].strength_mg == Decimal("12.5")


def test_a_product_code_is_as_close_as_its_term_type() -> None:
    tables = ("antidepressant_products", "augmenter_products", "confounder_products")
    assert load_knowledge().drugs.specificity == {
        Code(RXNORM, row["rxcui"]): CLOSENESS[row["tty"]] for table in tables for row in rows(table)
    }


def test_an_atc_family_means_the_drug_of_its_row() -> None:
    assert load_knowledge().drugs.by_family == {
        Code(ATC, row["prefix"]): (Drug(row["drug"], roles(row["roles"]), row["dose_row"] or None),)
        for row in rows("atc")
    }


def test_a_name_of_one_word_means_the_drugs_of_its_rows() -> None:
    stated: dict[str, tuple[Drug, ...]] = {}
    for row in rows("names"):
        if len(row["words"].split()) == 1:
            stated[row["words"]] = (*stated.get(row["words"], ()), *named(row))
    assert load_knowledge().drugs.by_word == stated


def test_a_name_of_several_words_means_the_drugs_of_its_rows() -> None:
    stated: dict[frozenset[str], tuple[Drug, ...]] = {}
    for row in rows("names"):
        words = frozenset(row["words"].split())
        if len(words) > 1:
            stated[words] = (*stated.get(words, ()), *named(row))
    assert load_knowledge().drugs.by_words == stated


def test_another_use_holds_its_cells() -> None:
    assert load_knowledge().drugs.other_uses == tuple(
        OtherUse(
            drug=row["drug"],
            value_set=row["value_set"],
            where=row["where"],
            effect=OtherUseEffect(row["effect"]),
            source=row["source"],
            verification=row["verification"],
        )
        for row in rows("other_uses")
    )


def test_an_experimental_drug_holds_its_cells() -> None:
    read = [
        (
            each.match,
            each.name,
            each.fires.value,
            each.labelled,
            each.labelled_acute,
            each.studies,
            each.risk,
        )
        for each in load_knowledge().experimental_uses
    ]
    assert read == [
        (
            row["match"],
            row["name"],
            row["fires"],
            tuple(row["labelled"].split()),
            tuple(row["labelled_acute"].split()),
            tuple(row["studies"].split()),
            row["risk"],
        )
        for row in rows("experimental")
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("paroxetine CR 25 mg", ["paroxetine"]),
        ("St. John's wort", ["St John's wort"]),
        ("diclofenac gel", []),
    ],
)
def test_a_name_of_several_words_is_found_by_all_of_them(text: str, names: list[str]) -> None:
    found = load_knowledge().drugs.find_in_text(text)
    assert [drug.name for drug in found] == names
