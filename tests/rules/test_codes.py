"""Does a code set hold what it should, and nothing that merely looks like it?"""

import re

import pytest

from rules.codes import (
    ICD_10_CM,
    LOINC,
    RXNORM,
    SNOMED_CT,
    Code,
    ValueSet,
    closest_family,
    index_families,
    read_code,
)

SET = ValueSet(
    name="test",
    title="A test set",
    codes={Code(SNOMED_CT, "1"): "one", Code(SNOMED_CT, "2"): ""},
    families={Code(ICD_10_CM, "F32"): "episode", Code(ICD_10_CM, "F33"): ""},
    excluded_codes=frozenset({Code(ICD_10_CM, "F3281")}),
    excluded_families=frozenset({Code(ICD_10_CM, "F323")}),
    patterns={ICD_10_CM: ((re.compile(r"T4\d"), "poisoning"), (re.compile(r"T5\d"), ""))},
)


@pytest.mark.parametrize(
    ("system", "code"), [(None, "F33"), ("", "F33"), (ICD_10_CM, None), (ICD_10_CM, " . ")]
)
def test_a_coding_without_system_or_code_is_no_code(system: str | None, code: str | None) -> None:
    assert read_code(system, code) is None


@pytest.mark.parametrize(
    ("system", "text", "code"),
    [
        ("urn:oid:2.16.840.1.113883.6.90", "f33.1", Code(ICD_10_CM, "F331")),
        (" http://hl7.org/fhir/sid/icd-10-cm ", "F33.1 ", Code(ICD_10_CM, "F331")),
        ("http://snomed.info/sct/", "1", Code(SNOMED_CT, "1")),
        ("http://snomed.info/sct/731000124108/version/20230301", "1", Code(SNOMED_CT, "1")),
        ("https://snomed.info/sct/900000000000207008", "1", Code(SNOMED_CT, "1")),
        ("http://snomed.info/sctx", "1", Code("http://snomed.info/sctx", "1")),
        ("SNOMED-CT", "1", Code(SNOMED_CT, "1")),
        ("https://loinc.org", "1-8", Code(LOINC, "1-8")),
        ("http://loinc.org/", "1-8", Code(LOINC, "1-8")),
        ("Loinc", "1-8", Code(LOINC, "1-8")),
        ("2.16.840.1.113883.6.1", "1-8", Code(LOINC, "1-8")),
        ("2.16.840.1.113883.6.88", "1", Code(RXNORM, "1")),
        ("2.16.840.1.113883.6.90", "f33.1", Code(ICD_10_CM, "F331")),
        ("ICD-10-CM", "f33.1", Code(ICD_10_CM, "F331")),
        ("https://example.org/a", "a.b", Code("https://example.org/a", "a.b")),
    ],
)
def test_one_code_has_one_spelling(system: str, text: str, code: Code) -> None:
    assert read_code(system, text) == code


@pytest.mark.parametrize("system", ["ICD-10", "icd10", "ICD-9", "LN", "SCT", "NDC"])
def test_a_name_that_may_mean_two_systems_stays_as_it_is(system: str) -> None:
    assert read_code(system, "F33.1") == Code(system, "F33.1")


@pytest.mark.parametrize(
    ("code", "held"),
    [
        (Code(SNOMED_CT, "1"), True),
        (Code(SNOMED_CT, "11"), False),
        (Code(ICD_10_CM, "F32"), True),
        (Code(ICD_10_CM, "F329"), True),
        (Code(ICD_10_CM, "F3"), False),
        (Code(ICD_10_CM, "F3281"), False),
        (Code(ICD_10_CM, "F323"), False),
        (Code(ICD_10_CM, "F3235"), False),
        (Code(ICD_10_CM, "T41"), True),
        (Code(ICD_10_CM, "T412"), False),
        (Code("https://example.org", "F32"), False),
    ],
)
def test_a_set_holds_codes_families_and_patterns_but_no_exception(code: Code, held: bool) -> None:
    assert SET.contains(code) is held


@pytest.mark.parametrize(
    ("code", "label"),
    [
        (Code(SNOMED_CT, "1"), "one"),
        (Code(SNOMED_CT, "2"), "A test set"),
        (Code(ICD_10_CM, "F321"), "episode"),
        (Code(ICD_10_CM, "F331"), "A test set"),
        (Code(ICD_10_CM, "T41"), "poisoning"),
        (Code(ICD_10_CM, "T51"), "A test set"),
    ],
)
def test_a_label_is_ours_and_falls_back_to_the_title(code: Code, label: str) -> None:
    assert SET.label(code) == label


def test_the_first_code_that_the_set_holds_is_found() -> None:
    codes = [Code(SNOMED_CT, "9"), Code(ICD_10_CM, "F331"), Code(SNOMED_CT, "1")]
    assert SET.find(codes) == codes[1]


def test_the_closest_family_wins() -> None:
    families = index_families([Code(ICD_10_CM, "F"), Code(ICD_10_CM, "F32")])
    assert closest_family(Code(ICD_10_CM, "F321"), families) == Code(ICD_10_CM, "F32")


def test_a_code_of_a_system_without_prefixes_has_no_children() -> None:
    assert index_families([Code(SNOMED_CT, "1")]) == {}
