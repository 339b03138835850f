"""How does a vignette ask for its verdict? The site's knowledge, and the assessment it leads to."""

from rules.assessment import assess
from rules.codes import Code, read_code
from rules.findings import Assessment, GradedTrial
from rules.knowledge import Knowledge
from tests.support.as_facts import facts_of
from tests.support.record import STOP_REASONS
from tests.support.variants import with_codes, with_parameters
from tests.support.vignette import Vignette


def knowledge_of_site(vignette: Vignette, shipped: Knowledge) -> Knowledge:
    """Give the knowledge as the vignette's site has set it up."""
    known = with_parameters(shipped, vignette.parameters)
    for value_set, codes in vignette.codes.items():
        known = with_codes(known, value_set, {_site_code(code): "" for code in codes})
    return known


def assess_vignette(vignette: Vignette, shipped: Knowledge) -> Assessment:
    """Give the verdict of the rules on the facts of a vignette."""
    known = knowledge_of_site(vignette, shipped)
    return assess(facts_of(vignette, known), vignette.as_of, known)


def trials_of(assessment: Assessment, drug: str) -> tuple[GradedTrial, ...]:
    return tuple(t for t in assessment.treatment_resistance.trials if t.ingredient == drug)


def caveats_of(assessment: Assessment) -> str:
    """Give every caveat, the patient's and those of the trials, as one text to search."""
    trials = assessment.treatment_resistance.trials
    return "\n".join(
        [*assessment.caveats, *(caveat for trial in trials for caveat in trial.caveats)]
    )


def _site_code(code: str) -> Code:
    read = read_code(STOP_REASONS, code)
    assert read is not None, f"{code!r} is no code"
    return read
