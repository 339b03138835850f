"""Which laboratory codes and symptom scales are read, and what are their units and cut-offs?"""

from decimal import Decimal
from pathlib import Path

import pytest

from rules.codes import LOINC, Code
from rules.knowledge import Knowledge, load_knowledge
from rules.knowledge.model import MarkerCode, MarkerUse


def marker(knowledge: Knowledge, loinc: str) -> MarkerCode:
    return knowledge.markers[Code(LOINC, loinc)]


@pytest.mark.parametrize(
    ("loinc", "name", "use"),
    [
        ("30522-7", "hs_crp", MarkerUse.ANALYTE),
        ("71426-1", "hs_crp", MarkerUse.ANALYTE),
        ("76486-0", "hs_crp", MarkerUse.ANALYTE),
        ("1988-5", "crp", MarkerUse.ANALYTE),
        ("48421-2", "crp", MarkerUse.ANALYTE),
        ("105126-7", "crp", MarkerUse.ANALYTE),
        ("106736-2", "crp", MarkerUse.ANALYTE),
        ("76485-2", "crp", MarkerUse.ANALYTE),
        ("111006-3", "crp", MarkerUse.ANALYTE),
        ("11039-5", "crp", MarkerUse.QUALITATIVE),
        ("14634-0", "crp", MarkerUse.QUALITATIVE),
        ("35648-5", "crp", MarkerUse.QUALITATIVE),
        ("16503-5", "crp", MarkerUse.WRONG_SPECIMEN),
        ("98987-1", "crp", MarkerUse.WRONG_SPECIMEN),
        ("45062-7", "crp", MarkerUse.WRONG_SPECIMEN),
        ("59182-6", "crp", MarkerUse.WRONG_SPECIMEN),
        ("26881-3", "il6", MarkerUse.DISPLAY),
        ("4537-7", "esr", MarkerUse.DISPLAY),
        ("30341-2", "esr", MarkerUse.DISPLAY),
        ("82477-1", "esr", MarkerUse.DISPLAY),
        ("4538-5", "esr", MarkerUse.DISPLAY),
        ("18184-2", "esr_other_method", MarkerUse.DISPLAY),
        ("3236-2", "tnf_alpha", MarkerUse.DISPLAY),
        ("2276-4", "ferritin", MarkerUse.DISPLAY),
        ("3255-7", "fibrinogen", MarkerUse.DISPLAY),
        ("6690-2", "wbc", MarkerUse.DISPLAY),
        ("751-8", "neutrophils", MarkerUse.DISPLAY),
        ("731-0", "lymphocytes", MarkerUse.DISPLAY),
    ],
)
def test_a_laboratory_code_has_one_use(
    knowledge: Knowledge, loinc: str, name: str, use: MarkerUse
) -> None:
    found = marker(knowledge, loinc)
    assert (found.marker, found.use) == (name, use)


@pytest.mark.parametrize("loinc", ["14959-1", "3074-2", "33959-8"])
def test_a_code_that_is_no_marker_is_not_read(knowledge: Knowledge, loinc: str) -> None:
    assert Code(LOINC, loinc) not in knowledge.markers


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("mg/L", "1"),
        ("mg/l", "1"),
        ("MG/L", "1"),
        ("mg/dL", "10"),
        ("mg/dl", "10"),
        ("ug/mL", "1"),
        ("mcg/mL", "1"),
        ("\N{MICRO SIGN}g/mL", "1"),
        ("\N{GREEK SMALL LETTER MU}g/mL", "1"),
        ("ug/L", "0.001"),
        ("ng/mL", "0.001"),
        ("g/L", "1000"),
    ],
)
def test_a_mass_unit_is_worth_so_many_mg_per_l(
    knowledge: Knowledge, unit: str, factor: str
) -> None:
    assert marker(knowledge, "30522-7").to_mg_per_l[unit] == Decimal(factor)


@pytest.mark.parametrize("unit", ["nmol/L", "nmol/l"])
def test_a_molar_value_meets_the_cut_off_within_the_tolerance(
    knowledge: Knowledge, unit: str
) -> None:
    value = Decimal("28.572") * marker(knowledge, "76486-0").to_mg_per_l[unit]
    assert abs(value - knowledge.marker.crp_low_mg_l) <= knowledge.marker.tolerance


@pytest.mark.parametrize(
    ("loinc", "unit"),
    [
        ("30522-7", "nmol/L"),
        ("1988-5", "nmol/l"),
        ("76485-2", "mg/L"),
        ("76486-0", "mg/dl"),
        ("30522-7", "pg/mL"),
        ("30522-7", ""),
        ("26881-3", "pg/mL"),
        ("11039-5", "mg/L"),
    ],
)
def test_a_unit_that_does_not_fit_the_code_is_refused(
    knowledge: Knowledge, loinc: str, unit: str
) -> None:
    assert unit not in marker(knowledge, loinc).to_mg_per_l


@pytest.mark.parametrize("unit", ["mg/L", "nmol/L"])
def test_the_code_without_property_takes_both_kinds_of_unit(
    knowledge: Knowledge, unit: str
) -> None:
    assert unit in marker(knowledge, "111006-3").to_mg_per_l


@pytest.mark.parametrize(
    ("loinc", "units"),
    [("26881-3", {"pg/mL", "ng/L", "pg/ml"}), ("4537-7", {"mm/h", "mm/hr"}), ("30522-7", set())],
)
def test_a_marker_without_cut_off_is_shown_in_its_own_units(
    knowledge: Knowledge, loinc: str, units: set[str]
) -> None:
    shown = marker(knowledge, loinc).display_units
    assert units <= shown
    assert bool(units) == bool(shown)


def test_the_molar_factor_follows_the_parameter(tmp_path: Path) -> None:
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters/local.toml").write_text("[marker.crp_nmol_per_mg_l]\nvalue = 8")
    assert marker(load_knowledge(site=tmp_path), "76485-2").to_mg_per_l["nmol/L"] == Decimal(
        "0.125"
    )


# --- scales


@pytest.mark.parametrize(
    ("key", "limits"),
    [
        ("phq9", (27, 10, 4, 10)),
        ("phq9m", (27, 10, 4, 10)),
        ("qids_sr16", (27, 11, 5, 11)),
        ("madrs", (60, 20, 10, 20)),
        ("hamd17", (52, 17, 7, 17)),
        ("bdi2", (63, 20, 9, 20)),
    ],
)
def test_a_scale_has_its_limits(
    knowledge: Knowledge, key: str, limits: tuple[int, int, int, int]
) -> None:
    scale = knowledge.scales[key]
    found = (scale.maximum, scale.moderate, scale.remission_max, scale.min_baseline)
    assert found == limits


@pytest.mark.parametrize(
    ("loinc", "key"),
    [
        ("44261-6", "phq9"),
        ("44260-8", "phq9"),
        ("44254-1", "phq9"),
        ("44249-1", "phq9"),
        ("55758-7", "phq9"),
        ("89204-2", "phq9m"),
        ("89209-1", "bdi2"),
    ],
)
def test_a_code_leads_to_its_scale(knowledge: Knowledge, loinc: str, key: str) -> None:
    scale = knowledge.scale_of(Code(LOINC, loinc))
    assert scale is not None
    assert scale.key == key


@pytest.mark.parametrize("loinc", ["44249-1", "44260-8", "55758-7", "55757-9"])
def test_a_code_misused_as_a_total_is_no_total(knowledge: Knowledge, loinc: str) -> None:
    assert Code(LOINC, loinc) not in knowledge.scales["phq9"].totals


def test_the_nine_items_hold_the_suicide_and_the_fatigue_item(knowledge: Knowledge) -> None:
    scale = knowledge.scales["phq9"]
    assert len(scale.items) == 9
    assert {scale.suicide_item, scale.fatigue_item} == {
        Code(LOINC, "44260-8"),
        Code(LOINC, "44254-1"),
    }


def test_an_anxiety_scale_is_context_and_never_severity(knowledge: Knowledge) -> None:
    assert set(knowledge.context_scales) == {"gad7"}
    assert knowledge.scale_of(Code(LOINC, "70274-6")) is None


@pytest.mark.parametrize("key", ["madrs", "hamd17", "qids_sr16"])
def test_a_scale_without_known_codes_waits_for_the_site(knowledge: Knowledge, key: str) -> None:
    assert knowledge.scales[key].totals == frozenset()
