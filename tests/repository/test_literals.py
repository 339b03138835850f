"""Is every clinical number, code and drug name in the data, and none in Python?"""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repository.tree import name_of, repository_files

# What a module may state because it is no clinical number, with the reason.
ALLOWED_NUMBERS: dict[str, frozenset[int | float]] = {
    # months, ISO dates by their length, and how many days are remembered
    "rules/clinical_time.py": frozenset({4, 7, 10, 12, 31, 4096}),
    # no chart holds an older date or a longer number: bounds on hostile input
    "rules/fhir_reader/dates.py": frozenset({150, 1024}),
    "rules/fhir_reader/decoding.py": frozenset({40, 4096}),
    # how many readings are remembered
    "rules/fhir_reader/timing.py": frozenset({1024}),
    # half of the resources
    "rules/fhir_reader/versions.py": frozenset({2}),
    "rules/fhir_reader/bounds.py": frozenset({50, 100, 200, 1000, 20_000}),
    # how often a day, in English words
    "rules/fhir_reader/dosage_text.py": frozenset({2, 3}),
    # an order of preference
    "rules/knowledge/drugs.py": frozenset({2, 3, 4, 5}),
    # per cent
    "rules/plain_words.py": frozenset({100}),
    # pairs
    "rules/adequacy.py": frozenset({2}),
    "rules/sequence.py": frozenset({2}),
}
FREE_NUMBERS = frozenset({0, 1})

# Units and schedules as FHIR itself spells them: days in a week, milligrams in a gram.
WIRE_WORDS = "rules/fhir_reader/vocabulary.py"
# The parameter classes name the keys of the TOML files, such as min_sessions_esketamine.
NAMES_PARAMETERS = "rules/knowledge/parameters.py"
# SAMe, an antidepressant supplement, is also a common English word.
ENGLISH_WORDS = frozenset({"same"})

# LOINC, RxNorm or SNOMED CT, and ICD-10 or ICD-9, as whole words.
CLINICAL_CODE = re.compile(
    r"\b\d{4,5}-\d\b|\b\d{5,}\b|\b[A-TV-Z]\d{2}(?:\.\d{1,4})\b|\b[A-TV-Z]\d{2,6}\b(?!:)|\b[23]\d\d\.\d{1,2}\b"
)
NO_CLINICAL_CODE = frozenset({"S256"})  # a method of RFC 7636, which looks like one of ICD-10
OID = re.compile(r"\d+(?:\.\d+){3,}")

RULES = [file for file in repository_files("rules/*.py") if name_of(file) != WIRE_WORDS]
RULES_AND_SERVICE = (*RULES, *repository_files("cds/*.py"))


def constants(source: str) -> Iterator[ast.Constant]:
    """Yield the constants of a module, without docstrings and places in a sequence."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    indices = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        for part in ast.walk(node.slice)
        if isinstance(part, ast.Constant) and isinstance(part.value, int)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings | indices:
            yield node


def numbers(source: str, allowed: frozenset[int | float] = frozenset()) -> list[str]:
    return [
        f"line {node.lineno}: {node.value}"
        for node in constants(source)
        if isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
        and node.value not in FREE_NUMBERS | allowed
    ]


def clinical_codes(source: str) -> list[str]:
    texts = (node.value for node in constants(source) if isinstance(node.value, str))
    suspects = (text for text in texts if text not in NO_CLINICAL_CODE)
    return [text for text in suspects if CLINICAL_CODE.search(OID.sub("", text))]


def drug_names(source: str, drugs: frozenset[str]) -> list[str]:
    """Name the drugs that stand in strings or in names of the code, as whole words."""
    value_sets = {file.stem for file in repository_files("rules/value_sets/*.json")}
    strings = (node.value for node in constants(source) if isinstance(node.value, str))
    code = [text for text in strings if text not in value_sets]
    code += [node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)]
    words = {word for text in code for word in re.split(r"[^a-z]+", text.lower())}
    return sorted(words & drugs)


def shipped_drugs() -> frozenset[str]:
    """Give the single-word drug names of the tables; roles such as "nsaid" are no drugs."""
    names: set[str] = set()
    roles: set[str] = set()
    for table in repository_files("rules/drugs/*.csv"):
        with table.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                names |= {row[key].lower() for key in ("name", "drug") if row.get(key)}
                roles |= set(re.split(r"[ _]", row.get("roles") or ""))
    return frozenset(name for name in names - roles if name.isalpha()) - ENGLISH_WORDS


@pytest.mark.parametrize("module", RULES, ids=name_of)
def test_no_clinical_number_stands_in_a_rule(module: Path) -> None:
    allowed = ALLOWED_NUMBERS.get(name_of(module), frozenset())
    assert numbers(module.read_text(encoding="utf-8"), allowed) == []


@pytest.mark.parametrize("module", RULES_AND_SERVICE, ids=name_of)
def test_no_clinical_code_stands_in_python(module: Path) -> None:
    assert clinical_codes(module.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "module", [file for file in RULES_AND_SERVICE if name_of(file) != NAMES_PARAMETERS], ids=name_of
)
def test_no_drug_name_stands_in_python(module: Path) -> None:
    assert drug_names(module.read_text(encoding="utf-8"), shipped_drugs()) == []


def test_the_drug_tables_name_the_drugs_that_are_looked_for() -> None:
    assert {"sertraline", "tocilizumab", "lithium"} <= shipped_drugs()


@pytest.mark.parametrize("code", ["30522-7", "321988", "F32.1", "F33", "R45851", "296.35"])
def test_a_planted_code_is_found(code: str) -> None:
    assert clinical_codes(f'"""Codes such as {code}."""\nCRP = "{code}"') == [code]


def test_a_planted_number_is_found() -> None:
    assert numbers("DAYS = 42\nFIRST = 1\n") == ["line 1: 42"]


def test_a_planted_drug_name_is_found() -> None:
    planted = 'if name == "Sertraline 50":\n    lithium = 1\n'
    assert drug_names(planted, shipped_drugs()) == ["lithium", "sertraline"]
