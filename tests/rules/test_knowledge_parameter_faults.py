"""Does every fault in parameters, scales and markers say where it is?"""

from pathlib import Path

import pytest

from tests.support.knowledge_copy import copy_knowledge, fault, replace_in

# file, old text, new text, and the sentence it leads to
FAULTS = {
    "a missing key of an entry": (
        "parameters/trd.toml",
        'unit = "trials"\n',
        "",
        "parameters/trd.toml, trd.min_failed_trials: the key unit is missing.",
    ),
    "an unknown key of an entry": (
        "parameters/trd.toml",
        'unit = "trials"\n',
        'unit = "trials"\nunits = "trials"\n',
        "parameters/trd.toml, trd.min_failed_trials: the key units is unknown.",
    ),
    "a missing parameter": (
        "parameters/trial_entry.toml",
        "[trial_entry.min_age]",
        "[trial_entry.minimum_age]",
        "parameters/trial_entry.toml, trial_entry: the key min_age is missing.",
    ),
    "a value of the wrong type": (
        "parameters/trial_entry.toml",
        "value = 20",
        'value = "twenty"',
        "parameters/trial_entry.toml, trial_entry: min_age: "
        "Input should be a valid integer, unable to parse string as an integer.",
    ),
    "a key that stands twice": (
        "parameters/trial_entry.toml",
        "value = 20",
        "value = 20\nvalue = 21",
        "parameters/trial_entry.toml: is not valid TOML: "
        "Cannot overwrite a value (at line 5, column 11).",
    ),
    "a table that does not belong": (
        "parameters/trial_entry.toml",
        "[trial_entry.min_age]",
        "[entry]\n[trial_entry.min_age]",
        "parameters/trial_entry.toml: must hold the table trial_entry and nothing else.",
    ),
    "an empty source": (
        "parameters/marker.toml",
        'source = "project decision"',
        'source = ""',
        "parameters/marker.toml, marker.max_days_between: source: "
        "String should have at least 1 character.",
    ),
    "a judgement without review": (
        "parameters/trd.toml",
        'review = "pending"\n',
        "",
        "parameters/trd.toml, trd.max_gaps_per_trial: "
        "what is recalled or judged must carry review pending.",
    ),
    "a rule without version": (
        "parameters/rule.toml",
        'version = "1"\n',
        "",
        "parameters/rule.toml, rule: the key version is missing.",
    ),
    "a value set that is asked for and missing": (
        "parameters/rule.toml",
        '"acute-infection"',
        '"acute-infections"',
        "parameters/rule.toml, acute-infections: there is no value set of this name.",
    ),
    "a value set that nothing asks for": (
        "parameters/rule.toml",
        '  "acute-infection",\n',
        "",
        "value_sets/acute-infection.json: is not named in parameters/rule.toml.",
    ),
    "a rule file without its table": (
        "parameters/rule.toml",
        "[rule]",
        "[rules]",
        "parameters/rule.toml, rule: the key id is missing.",
    ),
    "a value below zero": (
        "parameters/trial_entry.toml",
        "value = 20",
        "value = -20",
        "parameters/trial_entry.toml, trial_entry.min_age: the value is below zero.",
    ),
    "an answer without points": (
        "parameters/answers.toml",
        "points = 0\n",
        "",
        "parameters/answers.toml: the key answers.LA6568-5.points is missing.",
    ),
    "a marker table without its words": (
        "parameters/markers.toml",
        "words = [",
        "word = [",
        "parameters/markers.toml: the key words is missing.",
    ),
    "scale cut-offs out of order": (
        "parameters/scales.toml",
        "moderate = 10",
        "moderate = 3",
        "parameters/scales.toml, phq9: "
        "remission_max and moderate must stand in order inside the range.",
    ),
    "a suicide item that is no item": (
        "parameters/scales.toml",
        'suicide_item = "44260-8"',
        'suicide_item = "44261-6"',
        "parameters/scales.toml, phq9: suicide_item and fatigue_item must be among the items.",
    ),
    "a form that asks one item twice": (
        "parameters/scales.toml",
        '"PHQ.9" = "44260-8"',
        '"PHQ.9" = "44250-9"',
        "parameters/scales.toml, phq9: the links of a form must stand for every item, each once.",
    ),
    "a code in two scales": (
        "parameters/scales.toml",
        'totals = ["89204-2"]',
        'totals = ["44261-6"]',
        "parameters/scales.toml, phq9m: the code 44261-6 stands twice.",
    ),
    "a scale that waits for an unknown value set": (
        "parameters/scales.toml",
        "scale-madrs-total",
        "madrs-total",
        "parameters/scales.toml, madrs-total: there is no value set of this name.",
    ),
    "a kind of unit that is unknown": (
        "parameters/markers.toml",
        'units = ["mass"]',
        'units = ["mg/L"]',
        "parameters/markers.toml, 30522-7: the kind of unit mg/L is unknown.",
    ),
    "a displayed marker without unit": (
        "parameters/markers.toml",
        'units = ["pg/mL", "ng/L"]\n',
        "",
        "parameters/markers.toml, 26881-3: units belong to codes that are compared or shown.",
    ),
    "an alias of an unknown unit": (
        "parameters/markers.toml",
        '"mg/l" = "mg/L"',
        '"mg/l" = "mg/Lit"',
        "parameters/markers.toml, mg/l: the alias stands for the unknown unit mg/Lit.",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "sentence"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_in_one_sentence(
    tmp_path: Path, file: str, old: str, new: str, sentence: str
) -> None:
    copied = copy_knowledge(tmp_path / "knowledge")
    replace_in(copied / file, old, new)
    assert fault(copied) == sentence
