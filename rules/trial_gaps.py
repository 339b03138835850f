"""What can keep a trial from counting in full, and how is it told to a clinician?"""

from enum import Enum


class TrialGap(Enum):
    """What keeps a trial from counting in full, rule.md section 1.1."""

    DOSE_UNKNOWN = "dose_unknown"
    DOSE_RANGE_SPANS = "dose_range_spans"
    DOSE_GREY = "dose_grey"
    DURATION_NEAR = "duration_near"
    NO_RESPONSE_EVIDENCE = "no_response_evidence"
    DISTINCTNESS = "distinctness"
    CONCURRENT_START = "concurrent_start"
    ADHERENCE_DOUBT = "adherence_doubt"
    INDICATION_UNCLEAR = "indication_unclear"
    CODE_FREE_TEXT = "code_free_text"
    DURATION_UNKNOWN = "duration_unknown"
    EPISODE_UNCLEAR = "episode_unclear"
    STATUS_UNCLEAR = "status_unclear"
    SUPPORTING_TREATMENT = "supporting_treatment"


_NOTES = {
    TrialGap.DOSE_UNKNOWN: "the dose is not recorded",
    TrialGap.DOSE_RANGE_SPANS: "the recorded dose range reaches below an adequate dose",
    TrialGap.DOSE_GREY: "the dose lies in a band on which sources disagree",
    TrialGap.DURATION_NEAR: "it was shorter than an adequate trial, but not by much",
    TrialGap.NO_RESPONSE_EVIDENCE: "lack of response is not shown",
    TrialGap.DISTINCTNESS: "it is closely related to another counted drug",
    TrialGap.CONCURRENT_START: "it was begun together with another antidepressant",
    TrialGap.ADHERENCE_DOUBT: "the recorded supply is less than was meant to be taken",
    TrialGap.INDICATION_UNCLEAR: "it may have been given for another diagnosis",
    TrialGap.CODE_FREE_TEXT: "the drug is known from free text only",
    TrialGap.DURATION_UNKNOWN: "how long it was taken is not recorded",
    TrialGap.EPISODE_UNCLEAR: "it may belong to an earlier episode",
    TrialGap.STATUS_UNCLEAR: "the status of the record is unclear",
    TrialGap.SUPPORTING_TREATMENT: "it is a supporting treatment, not a trial of its own",
}


def describe_gap(gap: TrialGap) -> str:
    """Give our words for a gap, as the end of a sentence about one trial."""
    return _NOTES[gap]
