"""Does every fault in the drug tables and the evidence say where it is?"""

from pathlib import Path

import pytest

from tests.support.knowledge_copy import copy_knowledge, fault, replace_in

# file, old text, new text, and the sentence it leads to
FAULTS = {
    "another column": (
        "drugs/augmenters.csv",
        "name,atc",
        "drug,atc",
        "drugs/augmenters.csv, line 1: the columns must be name, atc, rxcui_ingredient, "
        "minimum_per_day, unit, grey, role, min_overlap_days, not_counted_when, source, "
        "verification, review.",
    ),
    "a row with a cell too many": (
        "drugs/augmenters.csv",
        "aripiprazole,",
        "aripiprazole,,",
        "drugs/augmenters.csv, line 2: has 13 cells where 12 are expected.",
    ),
    "a cell that is no number": (
        "drugs/antidepressants.csv",
        "2556,20,",
        "2556,twenty,",
        "drugs/antidepressants.csv, line 2: minimum_mg: Input should be a valid decimal.",
    ),
    "an open quotation mark": (
        "drugs/augmenters.csv",
        "aripiprazole,",
        '"aripiprazole" x,',
        "drugs/augmenters.csv, line 2: bad CSV: ',' expected after '\"'.",
    ),
    "a dose row that stands twice": (
        "drugs/antidepressants.csv",
        "escitalopram,escitalopram",
        "citalopram,escitalopram",
        "drugs/antidepressants.csv, citalopram: the row stands twice.",
    ),
    "a grey band above the minimum": (
        "drugs/antidepressants.csv",
        "42355,100,50,",
        "42355,100,150,",
        "drugs/antidepressants.csv, line 6: grey_low_mg must lie below minimum_mg.",
    ),
    "a strict dose below the minimum": (
        "drugs/antidepressants.csv",
        "42355,100,50,99,100,",
        "42355,100,50,99,90,",
        "drugs/antidepressants.csv, line 6: "
        "strict_mg and max_plausible_mg must not lie below minimum_mg.",
    ),
    "a minimum dose in no unit of mass": (
        "drugs/augmenters.csv",
        "89013,2,mg",
        "89013,2,mmol/L",
        "drugs/augmenters.csv, line 2: a minimum dose needs the unit mg or ug.",
    ),
    "a product that stands twice": (
        "drugs/augmenter_products.csv",
        "\n1602163,",
        "\n312941,",
        "drugs/augmenter_products.csv, 312941: the product stands twice.",
    ),
    "a product of an unknown dose row": (
        "drugs/antidepressant_products.csv",
        "IN,amoxapine,amoxapine",
        "IN,amoxapine,amoxapin",
        "drugs/antidepressant_products.csv, 722: there is no antidepressant row amoxapin.",
    ),
    "a second strength that is none": (
        "drugs/antidepressant_products.csv",
        "olanzapine=12",
        "olanzapine=twelve",
        "drugs/antidepressant_products.csv, 403970: twelve is no strength in mg.",
    ),
    "a product of an unknown augmenter": (
        "drugs/augmenters.csv",
        "\nlumateperone,",
        "\nlumateperon,",
        "drugs/augmenter_products.csv, 2275602: there is no augmenter row lumateperone.",
    ),
    "another use with an unknown value set": (
        "drugs/other_uses.csv",
        "indication-pain",
        "indication-ache",
        "drugs/other_uses.csv, indication-ache: there is no value set of this name.",
    ),
    "another use of an unknown drug": (
        "drugs/other_uses.csv",
        "milnacipran,",
        "milnaciprane,",
        "drugs/other_uses.csv, milnaciprane: is neither an antidepressant nor an augmenter.",
    ),
    "an experimental drug that stands twice": (
        "drugs/experimental.csv",
        "drug,minocycline,",
        "drug,celecoxib,",
        "drugs/experimental.csv, celecoxib: the drug stands twice.",
    ),
    "an experimental drug that no table knows": (
        "drugs/experimental.csv",
        "drug,minocycline,",
        "drug,minociclin,",
        "drugs/experimental.csv, minociclin: no drug table knows this drug.",
    ),
    "an experimental drug of a role that no table knows": (
        "drugs/experimental.csv",
        "role,il6_blocker,",
        "role,il7_blocker,",
        "drugs/experimental.csv, il7_blocker: no drug table knows this role.",
    ),
    "an experimental drug with a study the ledger lacks": (
        "drugs/experimental.csv",
        "raison-2013 ",
        "raison-2014 ",
        "drugs/experimental.csv, raison-2014: there is no study of this name.",
    ),
    "an experimental drug with a risk no statement tells": (
        "drugs/experimental.csv",
        ",order_risk_label,",
        ",order_risk,",
        "drugs/experimental.csv, order_risk: there is no statement of this name.",
    ),
    "an experimental drug with a value set there is not": (
        "drugs/experimental.csv",
        ",labelled-infliximab-indication,",
        ",labelled-infliximab,",
        "drugs/experimental.csv, labelled-infliximab: there is no value set of this name.",
    ),
    "an augmenter that stands twice": (
        "drugs/augmenters.csv",
        "\nbrexpiprazole,",
        "\naripiprazole,",
        "drugs/augmenters.csv, aripiprazole: the name stands twice.",
    ),
    "an ATC family that stands twice": (
        "drugs/atc.csv",
        "\nA10BA02,",
        "\nA07EC,",
        "drugs/atc.csv, A07EC: the prefix stands twice.",
    ),
    "an antidepressant product that stands twice": (
        "drugs/antidepressant_products.csv",
        "\n856706,",
        "\n704,",
        "drugs/antidepressant_products.csv, 704: the product stands twice.",
    ),
    "a product of a confounder that stands twice": (
        "drugs/confounder_products.csv",
        "\n1925256,",
        "\n1925254,",
        "drugs/confounder_products.csv, 1925254: the product stands twice.",
    ),
    "an augmenter product of an unknown dose row": (
        "drugs/augmenter_products.csv",
        "89013,aripiprazole,IN,aripiprazole,augmentation,,",
        "89013,aripiprazole,IN,aripiprazole,augmentation,aripiprazole,",
        "drugs/augmenter_products.csv, 89013: there is no antidepressant row aripiprazole.",
    ),
    "an ATC family of an unknown dose row": (
        "drugs/atc.csv",
        "A10BA02,metformin,metformin,,",
        "A10BA02,metformin,metformin,metformin,",
        "drugs/atc.csv, A10BA02: there is no antidepressant row metformin.",
    ),
    "a name of an unknown dose row": (
        "drugs/names.csv",
        "citalopram,citalopram,antidepressant,citalopram,",
        "citalopram,citalopram,antidepressant,citalopran,",
        "drugs/names.csv, citalopram: there is no antidepressant row citalopran.",
    ),
    "a second strength with two points": (
        "drugs/antidepressant_products.csv",
        "olanzapine=12",
        "olanzapine=1.2.3",
        "drugs/antidepressant_products.csv, 403970: 1.2.3 is no strength in mg.",
    ),
    "a key point of a reference that does not exist": (
        "evidence/ledger.toml",
        'references = ["insight-2026", "insight-protocol"]',
        'references = ["insight-2025", "insight-protocol"]',
        "evidence/ledger.toml, key_points: there is no reference insight-2025.",
    ),
    "a study of a reference that does not exist": (
        "evidence/ledger.toml",
        'references = ["sirukumab-mdd"]',
        'references = ["sirukumab"]',
        "evidence/ledger.toml, sirukumab-mdd: there is no reference sirukumab.",
    ),
    "a statement of a reference that does not exist": (
        "evidence/statements.toml",
        "[summary_met_persistent]",
        '[spare]\ntext = "x"\nreferences = ["insight"]\n\n[summary_met_persistent]',
        "evidence/statements.toml, spare: there is no reference insight.",
    ),
    "a reference that does not exist": (
        "evidence/exclusions.toml",
        'references = ["insight-protocol"]',
        'references = ["insight"]',
        "evidence/exclusions.toml, suicidality: there is no reference insight.",
    ),
    "a parameter that cites what does not exist": (
        "parameters/trd.toml",
        'references = ["fabbri-2021"]',
        'references = ["fabri-2021"]',
        "parameters/trd.toml, trd.min_days_adequate: there is no reference fabri-2021.",
    ),
    "a reference that nothing rests on": (
        "evidence/references.toml",
        "[nice-ng222]",
        '[nice-ng22]\ntext = "x"\nverification = "primary"\n\n[nice-ng222]',
        "evidence/references.toml, nice-ng22: nothing rests on it.",
    ),
    "a DOI that was not read": (
        "evidence/references.toml",
        'verification = "primary"\ndoi',
        'verification = "secondary"\ndoi',
        "evidence/references.toml, insight-protocol: "
        "a DOI stands only where the source itself was read.",
    ),
    "a study that stands twice": (
        "evidence/ledger.toml",
        'key = "husain-2020"',
        'key = "husain-2017"',
        "evidence/ledger.toml, husain-2017: the study stands twice.",
    ),
    "a review date that has no distance": (
        "evidence/ledger.toml",
        "review_by = 2027",
        "review_by = 2025",
        "evidence/ledger.toml: review_by must lie after last_reviewed.",
    ),
    "a banned phrase that is no pattern": (
        "evidence/banned_phrases.toml",
        r"'\bcandidates?\b'",
        "'(candidate'",
        "evidence/banned_phrases.toml: phrases.2.pattern: "
        "Input should be a valid regular expression.",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "sentence"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_in_one_sentence(
    tmp_path: Path, file: str, old: str, new: str, sentence: str
) -> None:
    copied = copy_knowledge(tmp_path / "knowledge")
    replace_in(copied / file, old, new)
    assert fault(copied) == sentence
