"""Which codes do the shipped value sets hold, and which not?"""

import pytest

from rules.codes import (
    ICD_9_CM,
    ICD_10,
    ICD_10_CM,
    ICD_10_PCS,
    LOINC,
    SNOMED_CT,
    Code,
    read_code,
)
from rules.knowledge import Knowledge

CM, WHO, OLD, SCT, PCS = ICD_10_CM, ICD_10, ICD_9_CM, SNOMED_CT, ICD_10_PCS

HELD = [
    ("depression-mdd", CM, "F32.1 F33.1 F331 f33.9 F32.0"),
    ("depression-mdd", WHO, "F32 F33.2"),
    ("depression-mdd", OLD, "296.20 296.33"),
    ("depression-mdd", SCT, "370143000 66344007"),
    ("depression-nonspecific", CM, "F32.9 F32.A F32A F32.89 F33.8"),
    ("depression-nonspecific", WHO, "F32.9"),
    ("depression-nonspecific", SCT, "35489007"),
    ("depression-remission", CM, "F32.4 F32.5 F33.40 F33.41 F33.42"),
    ("depression-remission", WHO, "F33.4"),
    ("depression-full-remission", CM, "F32.5 F33.42"),
    ("depression-psychotic", CM, "F32.3 F33.3"),
    ("depression-psychotic", OLD, "296.34"),
    ("depression-other-cause", CM, "F06.31 F10.14 F19.94"),
    ("depression-perinatal", CM, "O99.345 F53.0"),
    ("depression-not-mdd", CM, "F34.1 F43.21 F53.0 F32.81"),
    ("depression-treatment-resistant", SCT, "1153570009"),
    ("bipolar", CM, "F30.9 F31.81 F34.0"),
    ("bipolar", OLD, "296.00 296.7 296.89 301.13"),
    ("bipolar", SCT, "13746004 231494001 81319007 67002003 191632009 191634005 765176007"),
    ("psychosis", CM, "F20.0 F25.1 F29"),
    ("psychosis", SCT, "58214004 68890003 69322001 84760002 231485007"),
    ("dementia", CM, "F01.518 F03.90 G30.9 G31.83"),
    ("delirium", WHO, "F05.9"),
    ("palliative", CM, "Z51.5"),
    ("pregnancy", CM, "O26.9 O9A.11 Z34.00 Z3A.20 Z33.1"),
    ("pregnancy", SCT, "77386006"),
    ("delivery", CM, "O80 O82 Z37.0 Z39.2"),
    ("breastfeeding", CM, "Z39.1"),
    ("personality-disorder", CM, "F60.3 F61"),
    ("eating-disorder", CM, "F50.2"),
    ("substance-use-disorder", CM, "F10.20 F19.10"),
    ("nicotine-dependence", CM, "F17.210"),
    ("suicide-attempt", CM, "T14.91XA T1491XD X78.0XXA T39.012A T39012A T65.222D R45.88"),
    ("suicide-attempt", WHO, "X60 X84.9"),
    ("suicide-attempt", OLD, "E950.0 E958.9"),
    ("suicide-attempt", SCT, "82313006"),
    ("suicidal-ideation", CM, "R45.851"),
    ("suicidal-ideation", SCT, "6471006"),
    ("suicide-history", CM, "Z91.51 Z91.52 T14.91XS"),
    ("suicide-history", OLD, "E959"),
    ("acute-infection", CM, "A41.9 B00.1 J18.9 J22 N39.0 K57.32 K57.20 U07.1 R65.21 L03.115"),
    ("acute-infection", WHO, "J00 K57.2"),
    ("acute-infection", SCT, "233604007 68566005 91302008"),
    ("acute-injury", CM, "S72.001A T07 T31.0 T79.4XXA I21.4 I63.9"),
    ("autoimmune-inflammatory", CM, "M05.9 M14.8 M32.10 M45.0 K50.90 L40.0 E06.3 G35 I01.1"),
    ("rheumatic-disease", CM, "M06.9 M45.9"),
    ("rheumatic-disease", SCT, "69896004 200936003"),
    ("cancer", CM, "C50.911 C7A.1 D39.1 D47.Z9"),
    ("chronic-infection", CM, "B20 A15.0 Z22.7 B18.2"),
    ("kidney-disease", CM, "N18.30"),
    ("liver-disease", CM, "K70.30 K77"),
    ("cardiometabolic", CM, "E08.9 E11.42 E13.9 I25.10 G47.33"),
    ("airway-disease", CM, "J41.0 J45.909"),
    ("periodontal-disease", CM, "K05.6"),
    ("obesity", CM, "E66.9 Z68.35"),
    ("hypothyroidism", CM, "E03.9"),
    ("ect", PCS, "GZB0ZZZ"),
    ("ect", SCT, "23835007"),
    ("labelled-il6-indication", CM, "M05.79 M06.1 M06.9 M08.3 M31.4 M31.5 M31.6 M34.81 M35.3"),
    ("labelled-il6-indication", CM, "D47.Z2 G36.0"),
    ("labelled-il6-indication", WHO, "M05.9 M08.2 M31.6 M34.9 G36.0"),
    ("labelled-il6-indication", OLD, "714.0 446.5 725 710.1 341.0"),
    ("labelled-il6-indication", SCT, "69896004 65323003"),
    ("labelled-il6-acute-indication", CM, "U07.1 J12.82 D89.831 D89.839"),
    ("labelled-il6-acute-indication", WHO, "U07.1 U07.2"),
    ("labelled-infliximab-indication", CM, "M06.9 K50.90 K51.00 M45.9 L40.0 L40.52"),
    ("labelled-infliximab-indication", SCT, "34000006 64766004"),
    ("indication-depression", CM, "F32.1 F33.9"),
    ("indication-smoking", CM, "F17.210 Z72.0 Z87.891 Z71.6"),
    ("indication-pain", CM, "G43.709 G50.0 G63 G89.4 M79.7 K58.9 N39.44 R32"),
    ("indication-insomnia", CM, "G47.00 F51.01"),
    ("indication-hot-flushes", CM, "N95.1"),
    ("indication-ocd", CM, "F42.2"),
    ("indication-anxiety", CM, "F40.10 F41.1 F43.10 F50.2"),
    ("indication-pmdd", CM, "F32.81"),
    ("indication-duloxetine-other", CM, "E11.42 E11.40 G62.9 M79.7 N39.3"),
    ("indication-antipsychotic", CM, "F20.9 F31.9 F05 R11.0 G47.00"),
    ("body-mass-index", LOINC, "39156-5 89270-3"),
    ("body-temperature", LOINC, "8310-5"),
    ("pregnancy-status", LOINC, "82810-3"),
    ("pregnancy-status-pregnant", LOINC, "LA15173-0"),
    ("smoking-status", LOINC, "72166-2"),
    ("smoking-status-current", SCT, "449868002 428041000124106"),
    ("estimated-delivery-date", LOINC, "11778-8"),
    ("surgical-procedure", SCT, "387713003"),
]

NOT_HELD = [
    ("depression-mdd", CM, "F32.3 F33.3 F32.81 F32.9 F32.A F32.4 F32.5 F33.42 F34.1 F31.9"),
    ("depression-mdd", OLD, "296.24 296.26 296.7"),
    ("depression-mdd", SCT, "35489007 84760002 81319007"),
    ("depression-nonspecific", CM, "F32.81 F32.1"),
    ("depression-full-remission", CM, "F32.4 F33.41"),
    ("depression-other-cause", CM, "F10.20"),
    ("bipolar", CM, "F32.1 F34.1"),
    ("psychosis", CM, "F32.3"),
    ("dementia", CM, "G31.84 F05"),
    ("pregnancy", CM, "O80 O82 O94 Z33.2"),
    ("delivery", CM, "Z39.1"),
    ("substance-use-disorder", CM, "F17.210 F10.21 F10.11"),
    ("suicide-attempt", CM, "T39.011A T39.012S X78.0XXS T14.91XS R45.851 T36.0X1A T66.X2A"),
    ("suicide-attempt", OLD, "E959"),
    ("suicidal-ideation", CM, "R45.850"),
    ("acute-infection", CM, "A15.0 B18.2 B20 B90.9 K57.30 J30.9 J44.9"),
    ("acute-injury", CM, "S72.001S T36.0X2A T40.2X5A"),
    ("cancer", CM, "D3A.0 D12.6"),
    ("labelled-il6-indication", CM, "M31.30 M32.10 M35.00 D47.1 G35 K50.90 U07.1 F33.1 R79.82"),
    ("labelled-il6-acute-indication", CM, "D89.84 U09.9 Z86.16 J12.9"),
    ("labelled-infliximab-indication", CM, "M31.6 M35.3 K52.9 F33.1"),
    ("indication-depression", CM, "F32.81"),
    ("indication-duloxetine-other", CM, "E11.9"),
    ("indication-pain", CM, "F33.1"),
]


def single_codes(rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [(name, system, code) for name, system, codes in rows for code in codes.split()]


def holds(knowledge: Knowledge, name: str, system: str, text: str) -> bool:
    code = read_code(system, text)
    assert code is not None
    return knowledge.value_sets[name].contains(code)


@pytest.mark.parametrize(("name", "system", "code"), single_codes(HELD))
def test_a_code_is_in_the_set(knowledge: Knowledge, name: str, system: str, code: str) -> None:
    assert holds(knowledge, name, system, code)


@pytest.mark.parametrize(("name", "system", "code"), single_codes(NOT_HELD))
def test_a_code_is_not_in_the_set(knowledge: Knowledge, name: str, system: str, code: str) -> None:
    assert not holds(knowledge, name, system, code)


@pytest.mark.parametrize(
    ("name", "system", "text", "label"),
    [
        ("suicide-attempt", CM, "T39.012A", "intentional self-poisoning"),
        ("acute-infection", CM, "J18.9", "respiratory infection"),
        ("bipolar", CM, "F31.81", "bipolar disorder"),
        ("suicidal-ideation", SCT, "6471006", "Suicidal thoughts"),
        ("dementia", SCT, "1", "Dementia"),
    ],
)
def test_a_code_is_shown_in_our_words(
    knowledge: Knowledge, name: str, system: str, text: str, label: str
) -> None:
    code = read_code(system, text)
    assert code is not None
    assert knowledge.value_sets[name].label(code) == label


def test_exclusions_and_accepted_depression_do_not_overlap(knowledge: Knowledge) -> None:
    accepted = [knowledge.value_sets[name] for name in ("depression-mdd", "depression-nonspecific")]
    excluded = [knowledge.value_sets[name] for name in ("bipolar", "psychosis", "dementia")]
    shared = {code for group in excluded for code in group.codes} & {
        code for group in accepted for code in group.codes
    }
    assert shared == set()


@pytest.mark.parametrize(
    "name",
    [
        "stop-lack-of-effect",
        "rtms",
        "serum-lithium",
        "glomerular-filtration-rate",
        "scale-madrs-total",
        "scale-hamd17-total",
        "scale-qids-sr16-total",
    ],
)
def test_a_set_without_verified_codes_is_empty_until_a_site_configures_it(
    knowledge: Knowledge, name: str
) -> None:
    value_set = knowledge.value_sets[name]
    assert (value_set.codes, value_set.families, value_set.patterns) == ({}, {}, {})


def test_only_the_sets_that_wait_for_a_site_are_empty(knowledge: Knowledge) -> None:
    empty = {
        name
        for name, value_set in knowledge.value_sets.items()
        if not (value_set.codes or value_set.families or value_set.patterns)
    }
    assert len(empty) == 7


def test_the_trap_of_public_crp_lists_is_nowhere(knowledge: Knowledge) -> None:
    trap = Code(LOINC, "14959-1")
    assert trap not in knowledge.markers
    assert not any(value_set.contains(trap) for value_set in knowledge.value_sets.values())
