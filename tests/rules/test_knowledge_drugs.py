"""Which drug does a code or a name mean in the shipped tables?"""

import csv
from decimal import Decimal

import pytest

from rules.codes import ATC, ICD_10_CM, RXNORM, Code
from rules.facts import Drug
from rules.knowledge import Knowledge
from rules.knowledge.drugs import OtherUseEffect
from rules.knowledge.loading import PACKAGED


def find(knowledge: Knowledge, *rxcuis: str) -> tuple[Drug, ...]:
    return knowledge.drugs.find([Code(RXNORM, rxcui) for rxcui in rxcuis])


def names_in(knowledge: Knowledge, text: str) -> list[str]:
    return [drug.name for drug in knowledge.drugs.find_in_text(text)]


@pytest.mark.parametrize(
    ("rxcui", "row", "strength_mg"),
    [
        ("312941", "sertraline", "50"),
        ("312938", "sertraline", "100"),
        ("310385", "fluoxetine", "20"),
        ("313995", "fluoxetine weekly", "90"),
        ("993550", "bupropion", "150"),  # hydrobromide 174 mg, as hydrochloride
        ("993567", "bupropion", "300"),
        ("993681", "bupropion", "450"),
        ("1738805", "paroxetine CR", "25"),
        ("1738495", "paroxetine", "20"),
        ("2611260", "dextromethorphan-bupropion", "105"),
        ("856825", "amitriptyline", "25"),  # with perphenazine
        ("856792", "amitriptyline", "25"),  # with chlordiazepoxide
        ("865206", "selegiline transdermal", "6"),  # 0.25 mg in the hour
        ("859193", "selegiline oral", "5"),
        ("2672382", "gepirone ER", "36.3"),
        ("310384", "fluoxetine", "10"),
    ],
)
def test_a_product_means_its_dose_row_and_strength(
    knowledge: Knowledge, rxcui: str, row: str, strength_mg: str
) -> None:
    (drug,) = find(knowledge, rxcui)
    assert (drug.dose_row, drug.strength_mg) == (row, Decimal(strength_mg))


@pytest.mark.parametrize("rxcui", ["72625", "58827", "861064", "1653469"])
def test_an_ingredient_a_brand_a_solution_and_a_pack_have_no_strength(
    knowledge: Knowledge, rxcui: str
) -> None:
    (drug,) = find(knowledge, rxcui)
    assert drug.strength_mg is None


@pytest.mark.parametrize(
    ("rxcui", "why"),
    [
        ("1801289", "smoking-cessation product"),
        ("2532159", "premenstrual product"),
        ("1551468", "weight-management combination"),
        ("1551467", "weight-management combination"),
        ("1551462", "weight-management combination"),
        ("1551469", "weight-management combination"),
        ("1000091", "topical product"),
        ("2049251", "topical product"),
        ("966787", "insomnia product"),
        ("966793", "insomnia product"),
        ("966788", "insomnia product"),
        ("1430122", "hot-flush product"),
        ("1430123", "hot-flush product"),
    ],
)
def test_a_product_for_another_use_says_why_it_never_counts(
    knowledge: Knowledge, rxcui: str, why: str
) -> None:
    assert {drug.not_for_depression for drug in find(knowledge, rxcui)} == {why}


@pytest.mark.parametrize("rxcui", ["2669905", "2121777", "11196", "859193", "9639"])
def test_what_never_counts_is_only_recorded(knowledge: Knowledge, rxcui: str) -> None:
    (drug,) = find(knowledge, rxcui)
    assert drug.roles == {"also_recorded"}


@pytest.mark.parametrize("rxcui", ["2119365", "2119390", "6130"])
def test_esketamine_and_ketamine_support(knowledge: Knowledge, rxcui: str) -> None:
    (drug,) = find(knowledge, rxcui)
    assert drug.roles == {"supporting"}


@pytest.mark.parametrize("rxcui", ["403972", "405343", "611247"])
def test_a_combination_with_an_augmenter_means_two_drugs(knowledge: Knowledge, rxcui: str) -> None:
    found = {drug.name: drug.roles for drug in find(knowledge, rxcui)}
    assert found == {"fluoxetine": {"antidepressant"}, "olanzapine": {"augmentation"}}


def test_a_combination_states_both_strengths(knowledge: Knowledge) -> None:
    assert [drug.strength_mg for drug in find(knowledge, "403972")] == [Decimal(50), Decimal(6)]


@pytest.mark.parametrize(
    ("rxcui", "role"),
    [
        ("612865", "il6_blocker"),
        ("1923319", "il6_blocker"),
        ("1535218", "il6_blocker"),
        ("2391541", "il6_blocker"),
        ("8640", "corticosteroid"),
        ("5640", "nsaid"),
        ("1191", "aspirin"),
        ("83367", "statin"),
        ("6851", "dmard"),
        ("2683", "colchicine"),
        ("327361", "biologic"),
        ("1357536", "immunosuppressant_biologic"),
        ("4083", "oestrogen"),
        ("89013", "augmentation"),
        ("28439", "augmentation_list_only"),
    ],
)
def test_a_drug_has_its_role(knowledge: Knowledge, rxcui: str, role: str) -> None:
    (drug,) = find(knowledge, rxcui)
    assert role in drug.roles


@pytest.mark.parametrize("rxcui", ["5492", "10759", "1514", "196488", "152819", "5492000"])
def test_a_code_of_mostly_local_use_or_of_no_drug_of_ours_means_nothing(
    knowledge: Knowledge, rxcui: str
) -> None:
    assert find(knowledge, rxcui) == ()


def test_the_product_decides_over_its_ingredient(knowledge: Knowledge) -> None:
    (drug,) = find(knowledge, "36437", "312941")
    assert drug.strength_mg == Decimal(50)


def test_two_products_that_contradict_each_other_leave_the_strength_open(
    knowledge: Knowledge,
) -> None:
    (drug,) = find(knowledge, "312941", "312938")
    assert drug.strength_mg is None


def test_two_products_of_different_formulation_leave_the_dose_row_open(
    knowledge: Knowledge,
) -> None:
    (drug,) = find(knowledge, "1738495", "1738805")
    assert drug.dose_row is None


def test_a_brand_that_is_never_for_depression_stays_so_beside_its_ingredient(
    knowledge: Knowledge,
) -> None:
    (drug,) = find(knowledge, "42347", "1551469")
    assert drug.not_for_depression == "weight-management combination"


def test_components_of_a_combination_are_all_found(knowledge: Knowledge) -> None:
    assert {drug.name for drug in find(knowledge, "334800", "312938")} == {"sertraline"}
    assert {drug.name for drug in find(knowledge, "331559", "330341")} == {"fluoxetine"}


def test_the_product_decides_over_the_atc_family(knowledge: Knowledge) -> None:
    (drug,) = knowledge.drugs.find([Code(ATC, "N06AB06"), Code(RXNORM, "312941")])
    assert drug.strength_mg == Decimal(50)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("N06AB06", "sertraline"),
        ("N06AA05", "opipramol"),
        ("N06AA99", "unspecified tricyclic antidepressant"),
        ("N06AX27", "esketamine"),
        ("N06CA03", "fluoxetine"),
        ("L04AC07", "tocilizumab"),
        ("L04AC05", "interleukin inhibitor"),
        ("J01CA04", "systemic antibacterial"),
        ("J05AH02", "systemic antiviral"),
        ("J05AR03", "chronic antiviral"),
        ("N07BA03", "smoking-cessation drug"),
    ],
)
def test_an_atc_code_means_its_closest_family(knowledge: Knowledge, code: str, name: str) -> None:
    assert [drug.name for drug in knowledge.drugs.find([Code(ATC, code)])] == [name]


@pytest.mark.parametrize("code", [Code(ATC, "A02BC01"), Code(ICD_10_CM, "N06AB06")])
def test_a_code_outside_the_tables_means_nothing(knowledge: Knowledge, code: Code) -> None:
    assert knowledge.drugs.find([code]) == ()


def test_no_code_means_nothing(knowledge: Knowledge) -> None:
    assert knowledge.drugs.find([]) == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("FLUoxetine 20 mg capsule", ["fluoxetine"]),
        ("PROzac", ["fluoxetine"]),
        ("sertraline HCl 50mg", ["sertraline"]),
        ("(escitalopram)", ["escitalopram"]),
        ("Dothiepin 75", ["dosulepin"]),
        ("Symbyax 6-25", ["fluoxetine", "olanzapine"]),
        ("olanzapine/fluoxetine", ["olanzapine", "fluoxetine"]),
        ("bupropion-dextromethorphan", ["dextromethorphan-bupropion"]),
        ("St. John's wort", ["St John's wort"]),
        ("St John\N{RIGHT SINGLE QUOTATION MARK}s Wort", ["St John's wort"]),
        ("diclofenac 50 mg tablet", ["diclofenac"]),
        ("nicotine 21 mg patch", ["nicotine replacement"]),
        ("prednisone", ["prednisone"]),
    ],
)
def test_free_text_names_drugs_by_whole_words(
    knowledge: Knowledge, text: str, names: list[str]
) -> None:
    assert names_in(knowledge, text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Fluticasone",
        "isoFLUrane",
        "same as before",
        "diclofenac 1 % gel",
        "azithromycin eye drops",
        "metronidazole 0.75 % gel",
        "Lopinavir / ritonavir",  # against HIV, no acute infection
        "prednisolone eye drops",
        "naltrexone",
        "hydrocortisone cream",
        "",
    ],
)
def test_text_that_only_resembles_a_name_means_nothing(knowledge: Knowledge, text: str) -> None:
    assert names_in(knowledge, text) == []


@pytest.mark.parametrize(
    ("text", "row", "why"),
    [
        ("Paxil CR 25", "paroxetine CR", None),
        ("Prozac Weekly", "fluoxetine weekly", None),
        ("selegiline 6 mg/24 h patch", "selegiline transdermal", None),
        ("Doxepin 5 % cream", "doxepin", "topical product"),
        ("naltrexone / bupropion", "bupropion", "weight-management combination"),
        ("Zyban", "bupropion", "smoking-cessation product"),
    ],
)
def test_the_longest_name_in_a_text_decides(
    knowledge: Knowledge, text: str, row: str, why: str | None
) -> None:
    (drug,) = knowledge.drugs.find_in_text(text)
    assert (drug.dose_row, drug.not_for_depression) == (row, why)


def test_every_dose_row_is_reached_by_a_code_or_a_name(knowledge: Knowledge) -> None:
    drugs = knowledge.drugs
    groups = (drugs.by_code, drugs.by_family, drugs.by_word, drugs.by_words)
    reached = {drug.dose_row for group in groups for found in group.values() for drug in found}
    assert set(drugs.antidepressants) - reached == set()


def test_every_ingredient_of_one_word_is_known_by_its_name(knowledge: Knowledge) -> None:
    rows = knowledge.drugs.antidepressants.values()
    names = {row.name.lower() for row in rows if row.name.isalpha() and row.name != "SAMe"}
    assert names - set(knowledge.drugs.by_word) == set()


def test_the_strength_of_a_plain_product_stands_in_its_display() -> None:
    path = PACKAGED / "drugs/antidepressant_products.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["tty"] in ("SCD", "SBD", "SCDC")]
    wrong = [
        row["display"]
        for row in rows
        if row["strength_mg"]
        and f"{row['strength_mg']} MG" not in row["display"]
        and "hydrobromide" not in row["display"]
        and "MG/HR" not in row["display"]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "minimum_mg"), [("aripiprazole", "2"), ("liothyronine", "0.025"), ("lithium", "0")]
)
def test_the_minimum_of_an_augmenter_is_given_in_mg(
    knowledge: Knowledge, name: str, minimum_mg: str
) -> None:
    assert knowledge.drugs.augmenters[name].minimum_in_mg == Decimal(minimum_mg)


@pytest.mark.parametrize(
    ("drug", "value_set", "where", "effect"),
    [
        ("amitriptyline", "indication-pain", "reason", OtherUseEffect.REMOVE),
        ("bupropion", "indication-smoking", "reason", OtherUseEffect.REMOVE),
        ("duloxetine", "indication-duloxetine-other", "diagnosis", OtherUseEffect.UNCLEAR),
        ("clomipramine", "indication-ocd", "reason", OtherUseEffect.REMOVE),
        ("sertraline", "indication-anxiety", "reason", OtherUseEffect.COUNTS),
        ("ketamine", "indication-depression", "reason", OtherUseEffect.NEEDS_REASON),
        ("milnacipran", "indication-depression", "reason", OtherUseEffect.NEEDS_REASON),
        ("quetiapine", "indication-antipsychotic", "either", OtherUseEffect.REMOVE),
        ("lithium", "bipolar", "either", OtherUseEffect.REMOVE),
    ],
)
def test_another_use_of_a_drug_is_known(
    knowledge: Knowledge, drug: str, value_set: str, where: str, effect: OtherUseEffect
) -> None:
    uses = {(use.drug, use.value_set, use.where, use.effect) for use in knowledge.drugs.other_uses}
    assert (drug, value_set, where, effect) in uses


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Azithromycin 250mg capsule (product)", "azithromycin", "antibacterial_systemic"),
        ("Levofloxacin 500 MG Oral Tablet", "levofloxacin", "antibacterial_systemic"),
        ("co-amoxiclav 625", "systemic antibacterial", "antibacterial_systemic"),
        ("Penicillin V Potassium 500 MG", "penicillin", "antibacterial_systemic"),
        ("Acyclovir 400 MG Oral Tablet", "aciclovir", "antiviral_systemic"),
        ("Paxlovid", "systemic antiviral", "antiviral_systemic"),
    ],
)
def test_a_course_against_an_infection_is_known_by_name(
    text: str, name: str, role: str, knowledge: Knowledge
) -> None:
    assert [(each.name, each.roles) for each in knowledge.drugs.find_in_text(text)] == [
        (name, frozenset({role}))
    ]
