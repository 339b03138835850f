"""Which words does a person read for a value that is an identifier in JSON?"""

from collections.abc import Mapping

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
VERIFICATIONS: Mapping[str, str] = {
    "primary": "read in the source itself",
    "secondary": "read in somebody else's account of it",
    "computed": "worked out by us from published numbers",
    "recalled": "common knowledge, not checked again",
    "judgement": "decided by this project",
}
