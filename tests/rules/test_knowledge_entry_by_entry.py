"""Is every entry of the shipped parameters, scales, markers and code sets read as it is written?

The files are read here once more with nothing but the parsers of the standard library.
"""

import hashlib
import json
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rules.codes import ATC, ICD_10_CM, LOINC, RXNORM, Code, read_code
from rules.knowledge import load_knowledge
from rules.knowledge.loading import PACKAGED
from rules.knowledge.model import Reference
from tests.support.knowledge_copy import copy_knowledge, replace_in

Json = dict[str, Any]

LABEL = "https://trd-inflammation-cds.example/StructureDefinition/code-label"
TABLES = (
    *("trd", "marker", "confounder", "trial_entry", "safety"),
    *("cards", "orders", "records", "exclusion_words"),
)


def toml(name: str) -> Json:
    text = (PACKAGED / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)


def value_sets() -> list[Json]:
    return [
        json.loads(file.read_text(encoding="utf-8"))
        for file in sorted((PACKAGED / "value_sets").glob("*.json"))
    ]


def parts(value_set: Json, kind: str) -> list[Json]:
    found: list[Json] = value_set.get("compose", {}).get(kind, [])
    return found


def known(system: str, code: str) -> Code:
    found = read_code(system, code)
    assert found is not None
    return found


def loinc(code: str) -> Code:
    return Code(LOINC, code)


def concepts(part: list[Json]) -> dict[Code, str]:
    return {
        known(include["system"], each["code"]): each.get("display", "")
        for include in part
        for each in include.get("concept", [])
    }


def label(include: Json) -> str:
    stated = (each["valueString"] for each in include["extension"] if each["url"] == LABEL)
    return next(stated, "")


def rules(part: list[Json], operator: str) -> list[tuple[str, str, str]]:
    return [
        (include["system"], each["value"], label(include))
        for include in part
        for each in include.get("filter", [])
        if each["op"] == operator
    ]


def families(part: list[Json]) -> dict[Code, str]:
    return {known(system, code): word for system, code, word in rules(part, "is-a")}


def patterns(part: list[Json]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for system, pattern, word in rules(part, "regex"):
        found.setdefault(system, []).append((pattern.replace(r"\.", r"\.?"), word))
    return found


def test_the_rule_is_named_as_its_file_names_it() -> None:
    stated, loaded = toml("parameters/rule")["rule"], load_knowledge()
    assert (loaded.rule_id, loaded.rule_version, loaded.version) == (
        stated["id"],
        stated["version"],
        stated["knowledge_version"],
    )


@pytest.mark.parametrize("table", TABLES)
def test_a_parameter_has_the_value_its_file_gives_it(table: str) -> None:
    loaded = getattr(load_knowledge(), table)
    stated = {key: entry["value"] for key, entry in toml(f"parameters/{table}")[table].items()}
    assert {key: getattr(loaded, key) for key in stated} == {
        key: frozenset(value) if isinstance(value, list) else value for key, value in stated.items()
    }


def test_an_entry_keeps_the_meaning_and_the_source_its_file_gives_it() -> None:
    assert {
        key: (each.meaning, each.source, each.unit)
        for key, each in load_knowledge().parameters.items()
    } == {
        f"{table}.{key}": (entry["meaning"], entry["source"], entry["unit"])
        for table in TABLES
        for key, entry in toml(f"parameters/{table}")[table].items()
    }


def test_a_value_set_has_the_title_of_its_file() -> None:
    assert {each.name: each.title for each in load_knowledge().value_sets.values()} == {
        each["id"]: each["title"] for each in value_sets()
    }


def test_a_value_set_holds_the_codes_of_its_file() -> None:
    loaded = load_knowledge().value_sets
    assert {name: each.codes for name, each in loaded.items()} == {
        each["id"]: concepts(parts(each, "include")) for each in value_sets()
    }


def test_a_value_set_holds_the_families_of_its_file() -> None:
    loaded = load_knowledge().value_sets
    assert {name: each.families for name, each in loaded.items()} == {
        each["id"]: families(parts(each, "include")) for each in value_sets()
    }


def test_a_value_set_holds_the_patterns_of_its_file() -> None:
    loaded = load_knowledge().value_sets
    assert {
        name: {
            system: [(pattern.pattern, word) for pattern, word in of_system]
            for system, of_system in each.patterns.items()
        }
        for name, each in loaded.items()
    } == {each["id"]: patterns(parts(each, "include")) for each in value_sets()}


def test_a_value_set_leaves_out_the_exceptions_of_its_file() -> None:
    loaded = load_knowledge().value_sets
    assert {
        name: (each.excluded_codes, each.excluded_families) for name, each in loaded.items()
    } == {
        each["id"]: (
            concepts(parts(each, "exclude")).keys(),
            families(parts(each, "exclude")).keys(),
        )
        for each in value_sets()
    }


def test_a_pattern_means_the_digits_of_codes_and_no_others(tmp_path: Path) -> None:
    copied = copy_knowledge(tmp_path / "knowledge")
    replace_in(copied / "value_sets/psychosis.json", '"F2[0-9].*"', r'"F2\\d.*"')
    held = load_knowledge(copied).value_sets["psychosis"]
    assert not held.contains(Code(ICD_10_CM, "F2\N{ARABIC-INDIC DIGIT THREE}"))


def test_a_scale_holds_its_entry() -> None:
    loaded = load_knowledge()
    assert {
        key: (
            each.key,
            each.name,
            each.items,
            each.suicide_item,
            each.fatigue_item,
            each.not_totals,
            (each.minimum, each.maximum, each.item_maximum),
            (each.moderate, each.remission_max, each.min_baseline),
        )
        for key, each in {**loaded.scales, **loaded.context_scales}.items()
    } == {
        key: (
            key,
            entry["name"],
            tuple(loinc(code) for code in entry.get("items", [])),
            loinc(entry["suicide_item"]) if "suicide_item" in entry else None,
            loinc(entry["fatigue_item"]) if "fatigue_item" in entry else None,
            {loinc(code): why for code, why in entry.get("not_totals", {}).items()},
            (entry["minimum"], entry["maximum"], entry["item_maximum"]),
            (entry["moderate"], entry["remission_max"], entry["min_baseline"]),
        )
        for key, entry in toml("parameters/scales").items()
    }


def test_a_scale_has_the_totals_of_its_entry_and_those_of_its_site() -> None:
    loaded = load_knowledge()
    site = {each["id"]: concepts(parts(each, "include")) for each in value_sets()}
    assert {
        key: each.totals for key, each in {**loaded.scales, **loaded.context_scales}.items()
    } == {
        key: {*map(loinc, entry.get("totals", [])), *site.get(entry.get("site_totals", ""), {})}
        for key, entry in toml("parameters/scales").items()
    }


@pytest.mark.parametrize(
    ("table", "purpose"), [("scales", "severity"), ("context_scales", "context")]
)
def test_a_scale_stands_among_those_of_its_purpose(table: str, purpose: str) -> None:
    assert set(getattr(load_knowledge(), table)) == {
        key for key, entry in toml("parameters/scales").items() if entry["purpose"] == purpose
    }


def test_a_form_of_a_scale_holds_its_entry() -> None:
    loaded = load_knowledge()
    assert {
        key: (each.form.known_by.pattern, each.form.unless.pattern, each.form.links)
        for key, each in {**loaded.scales, **loaded.context_scales}.items()
        if each.form is not None
    } == {
        key: (
            entry["form"]["known_by"],
            entry["form"]["unless"],
            {link: loinc(code) for link, code in entry["form"]["links"].items()},
        )
        for key, entry in toml("parameters/scales").items()
        if "form" in entry
    }


def test_a_coded_answer_is_worth_the_points_of_its_entry() -> None:
    assert load_knowledge().answer_points == {
        loinc(code): entry["points"]
        for code, entry in toml("parameters/answers")["answers"].items()
    }


def test_a_laboratory_code_holds_its_entry() -> None:
    assert {
        code: (each.code, each.marker, each.name, each.use.value)
        for code, each in load_knowledge().markers.items()
    } == {
        loinc(code): (loinc(code), entry["marker"], entry["name"], entry["use"])
        for code, entry in toml("parameters/markers")["codes"].items()
    }


def factors() -> dict[str, dict[str, Decimal]]:
    """Give what each unit of a kind is worth in mg/L, in every spelling."""
    table = toml("parameters/markers")
    nmol_per_mg = toml("parameters/marker")["marker"]["crp_nmol_per_mg_l"]["value"]
    kinds = {
        "mass": {unit: Decimal(worth) for unit, worth in table["mass_units"].items()},
        "molar": dict.fromkeys(table["molar_units"], 1 / nmol_per_mg),
    }
    return {
        kind: {
            **units,
            **{alias: units[unit] for alias, unit in table["aliases"].items() if unit in units},
        }
        for kind, units in kinds.items()
    }


def test_a_compared_code_knows_every_spelling_of_its_units() -> None:
    worth = factors()
    assert {code: each.to_mg_per_l for code, each in load_knowledge().markers.items()} == {
        loinc(code): {
            unit: factor
            for kind in (entry["units"] if entry["use"] == "analyte" else [])
            for unit, factor in worth[kind].items()
        }
        for code, entry in toml("parameters/markers")["codes"].items()
    }


def test_a_compared_code_is_printed_in_the_usual_units_of_its_kind() -> None:
    worth, table = factors(), toml("parameters/markers")
    assert {code: each.reported_in for code, each in load_knowledge().markers.items()} == {
        loinc(code): tuple(
            unit
            for unit in table["usual_units"]
            if entry["use"] == "analyte" and any(unit in worth[kind] for kind in entry["units"])
        )
        for code, entry in table["codes"].items()
    }


def test_a_shown_code_knows_every_spelling_of_its_units() -> None:
    table = toml("parameters/markers")
    assert {code: each.display_units for code, each in load_knowledge().markers.items()} == {
        loinc(code): {
            spelling
            for unit in (entry["units"] if entry["use"] == "display" else [])
            for spelling in (unit, *(a for a, u in table["aliases"].items() if u == unit))
        }
        for code, entry in table["codes"].items()
    }


def test_the_words_of_a_marker_are_read_in_small_letters() -> None:
    words = load_knowledge().marker_words
    assert {frozenset({"crp"}), frozenset({"c", "reactive", "protein"})} <= words


def test_the_hash_is_of_the_names_the_lengths_and_the_bytes(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "parameters").mkdir(parents=True)
    (site / "parameters/local.toml").write_bytes(b"[trd.min_days_adequate]\nvalue = 56\n")
    total = hashlib.sha256()
    for prefix, root in (("", PACKAGED), ("site/", site)):
        for folder in ("drugs", "evidence", "parameters", "value_sets"):
            for file in sorted((root / folder).glob("*.*")):
                content = file.read_bytes()
                total.update(f"{prefix}{folder}/{file.name}\0{len(content)}\0".encode())
                total.update(content)
    assert load_knowledge(site=site).sha256 == total.hexdigest()


@pytest.mark.parametrize(
    ("text", "roles", "restriction"),
    [
        ("selegiline (Emsam)", {"also_recorded", "antidepressant"}, None),
        ("paroxetine, as Brisdelle", {"antidepressant"}, "hot-flush product"),
        ("Brisdelle (paroxetine)", {"antidepressant"}, "hot-flush product"),
    ],
)
def test_two_names_of_one_drug_say_what_both_say(
    text: str, roles: set[str], restriction: str | None
) -> None:
    (drug,) = load_knowledge().drugs.find_in_text(text)
    assert (drug.roles, drug.not_for_depression) == (roles, restriction)


def test_two_codes_of_one_drug_give_it_the_roles_of_both() -> None:
    codes = [Code(RXNORM, "859193"), Code(RXNORM, "865206")]  # oral, and the patch
    (drug,) = load_knowledge().drugs.find(codes)
    assert drug.roles == {"also_recorded", "antidepressant"}


def test_a_child_of_an_atc_family_means_the_drug_of_the_family() -> None:
    (drug,) = load_knowledge().drugs.find([Code(ATC, "A10BA0299")])
    assert drug.name == "metformin"


def test_a_citation_ends_in_one_full_stop() -> None:
    cited = Reference(key="x", text="Trial of vitamin X.", verification="primary").cite()
    assert cited == "Trial of vitamin X."
