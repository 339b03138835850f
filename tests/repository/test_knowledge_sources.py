"""Does every number, code, drug and sentence say where it comes from, and may it be shipped?"""

import csv
import json
import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.valueset import ValueSet

from rules.codes import LOINC, RXNORM
from rules.knowledge.loading import PACKAGED

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
WHO_ICD_10 = "http://hl7.org/fhir/sid/icd-10"
VALUE_SETS = sorted((PACKAGED / "value_sets").glob("*.json"))
TABLES = sorted((PACKAGED / "drugs").glob("*.csv"))
PRODUCTS = ["antidepressant_products.csv", "augmenter_products.csv", "confounder_products.csv"]
PARAMETERS = ("trd", "marker", "confounder", "trial_entry", "safety", "cards", "orders", "records")
SMALLEST = {
    "antidepressants.csv": 52,
    "augmenters.csv": 13,
    "antidepressant_products.csv": 590,
    "augmenter_products.csv": 440,
    "confounder_products.csv": 1900,
    "atc.csv": 110,
    "names.csv": 380,
    "other_uses.csv": 40,
    "experimental.csv": 5,
}

shared_terminology = pytest.mark.skipif(
    not (SHARED / "terminology").is_dir(),
    reason="the terminology sources do not stand beside this checkout",
)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def toml_of(name: str) -> dict[str, Any]:
    return tomllib.loads((PACKAGED / name).read_text(encoding="utf-8"))


def json_of(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


@cache
def source_displays() -> dict[tuple[str, str], set[str]]:
    """Give every display of every code in the terminology sources."""
    found: dict[tuple[str, str], set[str]] = {}
    for path in (SHARED / "terminology").glob("*.csv"):
        for row in rows_of(path):
            if "code" in row:
                found.setdefault((row["system"], row["code"]), set()).add(row["display"])
    return found


def value_set_concepts(system: str) -> Iterator[tuple[str, str]]:
    for path in VALUE_SETS:
        for include in json_of(path).get("compose", {}).get("include", []):
            if include["system"] == system:
                yield from ((item["code"], item["display"]) for item in include.get("concept", []))


@pytest.mark.parametrize("path", VALUE_SETS, ids=lambda path: path.stem)
def test_a_value_set_is_a_valid_fhir_r4_resource(path: Path) -> None:
    assert ValueSet.model_validate(json_of(path)).id == path.stem


@pytest.mark.parametrize("path", VALUE_SETS, ids=lambda path: path.stem)
def test_a_value_set_says_which_part_of_the_rule_asks_for_it(path: Path) -> None:
    assert re.search(
        r"Source: ((rule|drugs)\.md section|interfaces\.md \(order-)", json_of(path)["description"]
    )


@pytest.mark.parametrize("path", VALUE_SETS, ids=lambda path: path.stem)
def test_a_value_set_carries_the_notices_of_its_systems(path: Path) -> None:
    content = json_of(path)
    compose = content.get("compose", {})
    systems = {part["system"] for group in compose.values() for part in group}
    words = {"http://snomed.info/sct": "SNOMED CT", LOINC: "LOINC", WHO_ICD_10: "World Health"}
    missing = [
        word
        for system, word in words.items()
        if system in systems and word not in content.get("copyright", "")
    ]
    assert missing == []


@pytest.mark.parametrize("table", PARAMETERS)
def test_every_parameter_states_source_and_verification(table: str) -> None:
    entries = toml_of(f"parameters/{table}.toml")[table]
    assert [key for key, entry in entries.items() if not entry["source"]] == []
    assert [key for key, entry in entries.items() if not entry["verification"]] == []


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_row_of_a_drug_table_states_source_and_verification(path: Path) -> None:
    unsourced = [row for row in rows_of(path) if not row["source"] or not row["verification"]]
    assert unsourced == []


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_drug_table_is_not_cut_short(path: Path) -> None:
    assert len(rows_of(path)) >= SMALLEST[path.name]


def test_no_ddd_figure_is_reproduced() -> None:
    cited = [row["source"] for path in TABLES for row in rows_of(path)]
    assert [text for text in cited if re.search(r"\bDDD (2026|Index 2026) \d", text)] == []


def test_no_code_of_a_system_that_may_not_be_shipped_is_here() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (*VALUE_SETS, *TABLES)]
    assert [
        text for text in texts if re.search(r"ama-assn\.org/go/cpt|read\.info|dmd\.nhs", text)
    ] == []


def test_the_list_of_snomed_codes_is_short() -> None:
    assert len({code for code, _ in value_set_concepts("http://snomed.info/sct")}) < 150


def test_the_notice_names_every_licensed_source() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for word in ("LOINC", "RxNorm", "2025-10-06", "SNOMED", "ICD-10-CM", "World Health", "WHOCC"):
        assert word in notice


@shared_terminology
@pytest.mark.parametrize("name", PRODUCTS)
def test_every_rxnorm_code_has_the_display_of_its_source(name: str) -> None:
    sources = source_displays()
    wrong = [
        row["rxcui"]
        for row in rows_of(PACKAGED / "drugs" / name)
        if row["display"] not in sources.get((RXNORM, row["rxcui"]), set())
    ]
    assert wrong == []


@shared_terminology
def test_every_loinc_code_of_a_marker_has_the_display_of_its_source() -> None:
    sources = source_displays()
    codes = toml_of("parameters/markers.toml")["codes"]
    wrong = [
        code
        for code, entry in codes.items()
        if entry["display"] not in sources.get((LOINC, code), set())
    ]
    assert wrong == []


@shared_terminology
def test_every_loinc_code_of_a_value_set_has_the_display_of_its_source() -> None:
    sources = source_displays()
    wrong = [
        code
        for code, display in value_set_concepts(LOINC)
        if display not in sources.get((LOINC, code), set())
    ]
    assert wrong == []


@shared_terminology
def test_every_loinc_code_of_a_scale_is_in_a_source() -> None:
    sources = source_displays()
    scales = toml_of("parameters/scales.toml").values()
    codes = {
        code
        for scale in scales
        for key in ("totals", "items", "not_totals")
        for code in scale.get(key, [])
    }
    assert {code for code in codes if (LOINC, code) not in sources} == set()


@shared_terminology
def test_every_antidepressant_product_of_the_source_is_shipped() -> None:
    source = rows_of(SHARED / "terminology/antidepressants_rxnorm.csv")
    shipped = {row["rxcui"] for row in rows_of(PACKAGED / "drugs/antidepressant_products.csv")}
    assert {row["code"] for row in source} - shipped == set()


@shared_terminology
def test_no_title_of_who_icd_10_is_reproduced() -> None:
    titles = {
        display.lower()
        for (system, _), displays in source_displays().items()
        for display in displays
        if system == WHO_ICD_10 and len(display.split()) > 3
    }
    labels = {
        part["valueString"].lower()
        for path in VALUE_SETS
        for include in json_of(path).get("compose", {}).get("include", [])
        for part in include["extension"]
        if "valueString" in part
    }
    assert titles & labels == set()


@pytest.mark.skipif(
    not (SHARED / "clinical").is_dir(),
    reason="the clinical sources do not stand beside this checkout",
)
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("minimum_mg", "minimum_mg_per_day"),
        ("grey_low_mg", "grey_low"),
        ("strict_mg", "strict_mg_per_day"),
        ("max_plausible_mg", "max_plausible_mg_per_day"),
        ("equivalence_group", "equivalence_group"),
        ("counts_as_trial", "counts_as_trial"),
        ("verification", "verification"),
    ],
)
def test_the_dose_table_agrees_with_the_clinical_source(ours: str, theirs: str) -> None:
    shipped = {row["row"]: row for row in rows_of(PACKAGED / "drugs/antidepressants.csv")}
    source = rows_of(SHARED / "clinical/antidepressants.csv")
    assert {row["ingredient"]: shipped[row["ingredient"]][ours] for row in source} == {
        row["ingredient"]: row[theirs] for row in source
    }


def test_a_weekly_capsule_is_adequate_at_one_a_week() -> None:
    rows = {row["row"]: row for row in rows_of(PACKAGED / "drugs/antidepressants.csv")}
    assert Decimal(90) / 7 >= Decimal(rows["fluoxetine weekly"]["minimum_mg"])
