"""Do the rules come to the verdict each vignette claims?

A vignette is read straight into facts here, without FHIR. The same vignettes go over HTTP in
tests/cds/test_vignettes_over_http.py.
"""

import pytest

from rules.findings import Assessment
from rules.knowledge import Knowledge
from tests.support.products import products
from tests.support.variants import with_parameters
from tests.support.verdict import assess_vignette, caveats_of, trials_of
from tests.support.vignette import Vignette, vignettes

ALL = vignettes()
TRIALS = [(vignette, drug) for vignette in ALL for drug in vignette.expect.trials]


@pytest.fixture(scope="module")
def verdicts(knowledge: Knowledge) -> dict[str, Assessment]:
    """The assessments by vignette id; each is made once, when it is first asked for."""

    class Verdicts(dict[str, Assessment]):
        def __missing__(self, vignette_id: str) -> Assessment:
            vignette = next(each for each in ALL if each.id == vignette_id)
            self[vignette_id] = assess_vignette(vignette, knowledge)
            return self[vignette_id]

    return Verdicts()


@pytest.mark.parametrize("vignette", [v for v in ALL if v.expect.resistance], ids=lambda v: v.id)
def test_treatment_resistance_is_as_claimed(
    vignette: Vignette, verdicts: dict[str, Assessment]
) -> None:
    told = verdicts[vignette.id].treatment_resistance
    assert told.status.value == vignette.expect.resistance, told.finding.because


@pytest.mark.parametrize("vignette", [v for v in ALL if v.expect.because], ids=lambda v: v.id)
def test_the_sentence_says_what_a_clinician_would_check(
    vignette: Vignette, verdicts: dict[str, Assessment]
) -> None:
    because = verdicts[vignette.id].treatment_resistance.finding.because
    assert [words for words in vignette.expect.because if words not in because] == [], because


@pytest.mark.parametrize(("vignette", "drug"), TRIALS, ids=lambda each: getattr(each, "id", each))
def test_each_drug_is_one_trial_graded_as_claimed(
    vignette: Vignette, drug: str, verdicts: dict[str, Assessment]
) -> None:
    expected = vignette.expect.trials[drug]
    (trial,) = trials_of(verdicts[vignette.id], drug)
    because = trial.finding.because
    assert trial.grade.value == expected.grade, because
    if expected.gaps is not None:
        assert {gap.value for gap in trial.gaps} == set(expected.gaps), because
    if expected.days is not None:
        assert trial.covered_days == expected.days, because
    assert [words for words in expected.says if words not in because] == [], because


@pytest.mark.parametrize("vignette", [v for v in ALL if v.expect.inflammation], ids=lambda v: v.id)
def test_the_marker_is_read_as_claimed(vignette: Vignette, verdicts: dict[str, Assessment]) -> None:
    told = verdicts[vignette.id].inflammation
    assert (told.status.value, set(told.notes)) == (
        vignette.expect.inflammation,
        set(vignette.expect.notes),
    ), told.finding.because


@pytest.mark.parametrize("vignette", ALL, ids=lambda v: v.id)
def test_exactly_the_claimed_cards_are_due(
    vignette: Vignette, verdicts: dict[str, Assessment]
) -> None:
    due = tuple(kind.value for kind in verdicts[vignette.id].cards_due)
    assert due == vignette.expect.cards


@pytest.mark.parametrize("vignette", ALL, ids=lambda v: v.id)
def test_an_evidence_card_is_withheld_only_for_the_claimed_reasons(
    vignette: Vignette, verdicts: dict[str, Assessment]
) -> None:
    reasons = tuple(withheld.reason for withheld in verdicts[vignette.id].withheld)
    assert reasons == vignette.expect.withheld


@pytest.mark.parametrize("vignette", ALL, ids=lambda v: v.id)
def test_what_else_stands_beside_the_verdict_is_named(
    vignette: Vignette, verdicts: dict[str, Assessment]
) -> None:
    told, expected = verdicts[vignette.id], vignette.expect
    assert set(expected.confounders) <= {confounder.kind for confounder in told.confounders}
    supporting = {each.treatment for each in told.treatment_resistance.supporting}
    assert set(expected.supporting) <= supporting
    assert [words for words in expected.caveats if words not in caveats_of(told)] == []
    left_out = "\n".join(each.because for each in told.not_used)
    assert [words for words in expected.not_used if words not in left_out] == [], left_out


@pytest.mark.parametrize("name", products())
def test_the_drug_tables_know_every_product_of_a_vignette(name: str, knowledge: Knowledge) -> None:
    product = products()[name]
    (drug,) = knowledge.drugs.find([product.code])
    if drug.roles & {"antidepressant", "augmentation", "supporting"}:
        assert (drug.name, drug.strength_mg) == (product.drug, product.mg)
    else:
        assert drug.roles, "the rules know the drug's group"


def test_a_parameter_that_does_not_exist_is_refused(knowledge: Knowledge) -> None:
    with pytest.raises(ValueError, match="min_failed_trails"):
        with_parameters(knowledge, {"trd.min_failed_trails": 3})
