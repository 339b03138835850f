"""What may a site set differently, and what is it told when it cannot?"""

import shutil
from pathlib import Path

import pytest

from rules.codes import SNOMED_CT, Code
from rules.knowledge import Knowledge, load_knowledge
from rules.knowledge.loading import PACKAGED
from tests.support.knowledge_copy import LACK_OF_EFFECT, fault, replace_in


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for folder in ("parameters", "value_sets"):
        (tmp_path / "site" / folder).mkdir(parents=True)
    return tmp_path / "site"


def write_parameter(site: Path, text: str) -> None:
    (site / "parameters/local.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("[trd.min_days_adequate]\nvalue = 56", "trd.min_days_adequate = 56"),
        ("[marker.crp_low_mg_l]\nvalue = 2.0", "marker.crp_low_mg_l = 2.0"),
        ("[cards.data_gap_card]\nvalue = true", "cards.data_gap_card = true"),
        ('[safety.locale_text]\nvalue = "Call 988."', "safety.locale_text = Call 988."),
        (
            '[records.procedure_used]\nvalue = ["completed"]',
            "records.procedure_used = completed",
        ),
        (
            '[records.procedure_used]\nvalue = ["completed", "stopped"]',
            "records.procedure_used = completed, stopped",
        ),
    ],
)
def test_a_site_value_replaces_the_default_and_is_listed(
    site: Path, text: str, changed: str
) -> None:
    write_parameter(site, text)
    assert load_knowledge(site=site).changed == (changed,)


def test_a_site_value_reaches_the_rule(site: Path) -> None:
    write_parameter(site, "[trd.min_days_adequate]\nvalue = 56")
    assert load_knowledge(site=site).trd.min_days_adequate == 56


def test_a_site_value_equal_to_the_default_is_no_change(site: Path) -> None:
    write_parameter(site, "[trd.min_days_adequate]\nvalue = 42")
    assert load_knowledge(site=site).changed == ()


def test_a_site_file_changes_the_hash(site: Path, knowledge: Knowledge) -> None:
    write_parameter(site, "[trd.min_days_adequate]\nvalue = 42")
    assert load_knowledge(site=site).sha256 != knowledge.sha256


def configure_stop_reason(site: Path) -> None:
    shutil.copy(PACKAGED / LACK_OF_EFFECT, site / LACK_OF_EFFECT)
    replace_in(
        site / LACK_OF_EFFECT,
        '"publisher"',
        """"compose": {"include": [{
          "system": "http://snomed.info/sct",
          "concept": [{"code": "123456", "display": "No effect"}],
          "extension": [{
            "url": "https://trd-inflammation-cds.example/StructureDefinition/code-source",
            "extension": [
              {"url": "source", "valueString": "site terminology"},
              {"url": "verification", "valueString": "primary"}
            ]
          }]
        }]}, "publisher\"""",
    )


def test_a_site_value_set_replaces_an_empty_one_and_is_listed(site: Path) -> None:
    configure_stop_reason(site)
    loaded = load_knowledge(site=site)
    assert loaded.value_sets["stop-lack-of-effect"].contains(Code(SNOMED_CT, "123456"))
    assert loaded.changed == ("value_sets.stop-lack-of-effect = 1 entries",)


def test_a_site_value_set_is_listed_with_its_codes_families_and_patterns(site: Path) -> None:
    shutil.copy(PACKAGED / "value_sets/psychosis.json", site / "value_sets/psychosis.json")
    replace_in(site / "value_sets/psychosis.json", '"F2[0-9].*"', '"F2[1-9].*"')
    loaded = load_knowledge(site=site)
    held = loaded.value_sets["psychosis"]
    of_systems = sum(len(each) for each in held.patterns.values())
    count = len(held.codes) + len(held.families) + of_systems
    assert loaded.changed == (f"value_sets.psychosis = {count} entries",)


def test_a_site_value_set_gives_a_scale_its_codes(site: Path) -> None:
    configure_stop_reason(site)
    target = site / "value_sets/scale-madrs-total.json"
    (site / LACK_OF_EFFECT).rename(target)
    target.write_text(
        target.read_text(encoding="utf-8").replace("stop-lack-of-effect", "scale-madrs-total"),
        encoding="utf-8",
    )
    scale = load_knowledge(site=site).scale_of(Code(SNOMED_CT, "123456"))
    assert scale is not None
    assert scale.key == "madrs"


def test_an_unchanged_site_value_set_is_no_change(site: Path) -> None:
    shutil.copy(PACKAGED / LACK_OF_EFFECT, site / LACK_OF_EFFECT)
    assert load_knowledge(site=site).changed == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "[trd.min_day_adequate]\nvalue = 56",
            "site/parameters/local.toml, trd.min_day_adequate: there is no parameter of this name.",
        ),
        (
            "trd = 1",
            "parameters/local.toml, trd: is not a table of parameters.",
        ),
        (
            "[trd.min_days_adequate]\nvalue = 56\nunit = 'weeks'",
            "site/parameters/local.toml, trd.min_days_adequate: the key unit is unknown.",
        ),
        (
            "[trd.min_days_adequate]\nvalue = true",
            "site/parameters/local.toml, trd.min_days_adequate: "
            "a yes-or-no value must be true or false, and only that.",
        ),
        (
            "[trd.min_days_adequate]\nvalue = -1",
            "site/parameters/local.toml, trd.min_days_adequate: the value is below zero.",
        ),
        (
            "[trd.min_days_adequate]\nvalue = 14",
            "site/parameters/local.toml, trd: near_adequate_days lies above min_days_adequate.",
        ),
        (
            "[trd.partial_fraction]\nvalue = 0.9",
            "site/parameters/local.toml, trd: partial_fraction lies above response_fraction.",
        ),
        (
            "[marker.crp_low_mg_l]\nvalue = 11",
            "site/parameters/local.toml, marker: crp_low_mg_l lies above crp_acute_above_mg_l.",
        ),
        (
            "[marker.min_days_between]\nvalue = 366",
            "site/parameters/local.toml, marker: min_days_between lies above max_days_between.",
        ),
    ],
)
def test_a_faulty_site_value_says_where_it_is(site: Path, text: str, sentence: str) -> None:
    write_parameter(site, text)
    assert fault(None, site) == sentence


def test_a_site_value_set_that_replaces_none_says_so(site: Path) -> None:
    target = site / "value_sets/my-own.json"
    shutil.copy(PACKAGED / LACK_OF_EFFECT, target)
    replace_in(target, '"id": "stop-lack-of-effect"', '"id": "my-own"')
    replace_in(target, "ValueSet/stop-lack-of-effect", "ValueSet/my-own")
    assert fault(None, site) == "site/value_sets/my-own.json: replaces no value set."


def test_the_sentences_of_a_card_state_the_cut_off_in_force(site: Path) -> None:
    write_parameter(site, "[marker.crp_low_mg_l]\nvalue = 1.0")
    summary = load_knowledge(site=site).evidence.statements["summary_met_persistent"]
    assert "repeated CRP ≥1 mg/L" in summary
