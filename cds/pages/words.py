"""Which words does a person read for a value that is an identifier in JSON?"""

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

from rules.findings import InflammationStatus, ResistanceStatus, ResultLabel, TrialGrade

RESISTANCE: Mapping[ResistanceStatus, str] = {
    ResistanceStatus.MET: "Criteria met",
    ResistanceStatus.POSSIBLE: "Possible, not settled",
    ResistanceStatus.NOT_MET: "Criteria not met",
    ResistanceStatus.INSUFFICIENT_DATA: "Cannot tell: too little data",
    ResistanceStatus.OUT_OF_SCOPE: "Out of scope",
}
INFLAMMATION: Mapping[InflammationStatus, str] = {
    InflammationStatus.RAISED_PERSISTENT: "Raised, repeatedly",
    InflammationStatus.RAISED_ONCE: "Raised once, not repeated",
    InflammationStatus.POSSIBLE_ACUTE: "Cannot be read: possible acute cause",
    InflammationStatus.NORMAL: "Below the cut-off",
    InflammationStatus.STALE: "Cannot tell: results too old",
    InflammationStatus.UNKNOWN: "Cannot tell: no readable result",
}
GRADES: Mapping[TrialGrade, str] = {
    TrialGrade.ADEQUATE_FAILED: "Adequate, not enough response",
    TrialGrade.INDETERMINATE: "Not settled",
    TrialGrade.NOT_COUNTED: "Not counted",
    TrialGrade.UNPLACEABLE: "Cannot be placed in time",
}
LABELS: Mapping[ResultLabel, str] = {
    ResultLabel.NORMAL: "Below the cut-off",
    ResultLabel.RAISED: "Raised",
    ResultLabel.ACUTE_RANGE: "Acute range",
    ResultLabel.CENSORED: "Reporting limit that cannot be read against the cut-off",
    ResultLabel.CENSORED_HIGH: "Raised, upper bound not known",
    ResultLabel.CONFOUNDED: "Raised, near a possible acute cause",
    ResultLabel.DISPLAY_ONLY: "Shown only, no cut-off",
}
# What a study says to the question whether blocking inflammation helps in depression.
DIRECTIONS: Mapping[str, str] = {
    "contrary": "speaks against",
    "supporting": "speaks for",
    "null": "no benefit shown on the main outcome",
    "mixed": "points both ways",
    "pending": "no result read yet",
}
# What stands as a heading over the studies of one direction, in the order in which they are shown.
DIRECTION_HEADINGS: Mapping[str, str] = {
    "contrary": "Studies that speak against",
    "null": "No benefit shown on the main outcome",
    "mixed": "Studies that point both ways",
    "supporting": "Studies that speak for",
}
KINDS: Mapping[str, str] = {
    "trial": "trial",
    "observational": "not randomised",
    "meta_analysis": "pooled trials",
    "review": "review",
    "survey": "survey",
    "genetic": "genetic study",
}
PILOT_PARTS: Mapping[str, str] = {
    "studied": "What was studied",
    "whom": "In whom",
    "found": "What was found",
    "not_found": "What was not found",
    "sure": "How sure is it",
}
OUTCOME_ROLES: Mapping[str, str] = {
    "main": "main outcome",
    "secondary": "secondary outcome",
    "subgroup": "subgroup only",
    "pooled": "pooled",
}
MEASURES: Mapping[str, tuple[str, str]] = {
    "percentage_points": (
        "People who responded or remitted",
        "Difference between the groups in percentage points. 0 is no difference.",
    ),
    "score_points": (
        "Depression scores",
        "Difference in points. Each study has a scale of its own: compare directions, not lengths.",
    ),
    "standardised_difference": (
        "Symptoms, made comparable",
        "Difference in standard deviations. 0 is no difference; about 0.2 is called small, 0.5 "
        "moderate.",
    ),
    "risk_ratio": (
        "Response and remission, pooled",
        "Ratio of the shares of people, on a scale of doublings. 1 is no difference.",
    ),
}
ARTICLE_VERDICTS: Mapping[str, str] = {
    "agrees": "Agrees",
    "overstated": "Says more than is known",
    "incomplete": "Leaves out what matters",
    "mixed": "The evidence is mixed",
    "not_checked": "Not checked",
}
VERIFICATIONS: Mapping[str, str] = {
    "primary": "read in the source itself",
    "secondary": "read in somebody else's account of it",
    "computed": "worked out by us from published numbers",
    "recalled": "common knowledge, not checked again",
    "judgement": "decided by this project",
}
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def sentence(because: str) -> Markup:
    """Write the sentence of a finding as a page shows it: a capital, and no break inside a day.

    "hs-CRP" and the like keep their own first letter.
    """
    first = because.partition(" ")[0]
    own = any(each.isupper() for each in first)
    whole = because if own else because[:1].upper() + because[1:]
    return Markup(_DAY.sub(r'<span class="day">\g<0></span>', str(escape(whole))))  # noqa: S704 - escaped
