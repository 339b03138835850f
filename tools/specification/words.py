"""How do statuses, grades, notes and cards read to a clinician?"""

from collections.abc import Iterable, Mapping

from rules.plain_words import listed

CLASSES: Mapping[str, str] = {
    "met": "treatment resistance: met",
    "possible": "treatment resistance: possible",
    "not_met": "treatment resistance: not met",
    "insufficient_data": "treatment resistance: cannot be told (insufficient data)",
    "out_of_scope": "treatment resistance: out of scope",
}
MARKERS: Mapping[str, str] = {
    "raised_persistent": "marker: raised repeatedly",
    "raised_once": "marker: raised once",
    "possible_acute": "marker: possibly acute",
    "normal": "marker: not raised",
    "stale": "marker: too old",
    "unknown": "marker: cannot be told",
}
GRADES: Mapping[str, str] = {
    "adequate_failed": "adequate and failed",
    "indeterminate": "may count",
    "not_counted": "not counted",
    "unplaceable": "cannot be placed in time",
}
SUPPORTING: Mapping[str, str] = {
    "adequate_failed": "counts as a failed trial, as this site has set it",
    "indeterminate": "supports",
    "not_counted": "not counted",
    "unplaceable": "cannot be placed in time",
}
CARDS: Mapping[str, str] = {
    "evidence": "evidence card",
    "safety": "safety card",
    "marker_note": "marker note",
    "data_gap": "data-gap card",
    "experimental_order": "card on a draft order",
}
# What the exchange standard calls the kinds of entry; the answers of the service name them so too.
RESOURCES: Mapping[str, str] = {
    "Patient": "the patient's own data (Patient)",
    "Condition": "diagnoses (Condition)",
    "Observation": "laboratory results, measurements and scores (Observation)",
    "QuestionnaireResponse": "questionnaires (QuestionnaireResponse)",
    "MedicationRequest": "orders (MedicationRequest)",
    "MedicationDispense": "supplies (MedicationDispense)",
    "MedicationStatement": "reports of what was taken (MedicationStatement)",
    "MedicationAdministration": "given doses (MedicationAdministration)",
    "Procedure": "procedures (Procedure)",
    "Encounter": "contacts (Encounter)",
    "AllergyIntolerance": "intolerances (AllergyIntolerance)",
}
NOTES: Mapping[str, str] = {
    "too_close": "the other raised result is too close in time",
    "fluctuating": "a result below the cut-off lies between raised ones",
    "sustained_high": "in the acute range over at least two weeks, which needs medical assessment",
    "confounded": "raised near an acute illness or its treatment",
    "upper_bound_unknown": "only a lower bound is reported",
    "reporting_limit": "only a reporting limit is known, which leaves raised or normal open",
    "il6_blockade": "an IL-6 blocker makes CRP unreadable",
    "no_unit": "no unit is stated, or one that does not fit the test",
    "qualitative": "a qualitative result",
    "wrong_specimen": "not from blood, serum or plasma",
    "not_final": "the result is not final",
    "no_value": "the result holds no value",
    "future_date": "dated after the day of evaluation",
    "date_from_issued": "dated by the day of the report, not of the sample",
    "status_unknown": "the status of the result is unknown",
    "month_precision": "dated to the month only",
    "within_lab_range": "above the research cut-off, within this laboratory's own range",
    "may_be_lowered": "a drug may have lowered it",
    "obesity": "high body-mass index",
}


# Confounders and circumstances whose names in the answer are no words of a clinician.
_KINDS: Mapping[str, str] = {
    "active_infection": "active serious infection",
    "acute_injury": "injury, operation, heart attack or stroke",
    "airway_disease": "chronic airway disease",
    "antibacterial_systemic": "course of antibiotics",
    "antiviral_systemic": "course of antivirals",
    "autoimmune_inflammatory": "autoimmune or inflammatory disease",
    "biologic": "biologic or other immunosuppressant",
    "chronic_infection": "HIV, tuberculosis or viral hepatitis",
    "deceased": "the patient has died",
    "dmard": "antirheumatic drug",
    "il6_blocker": "IL-6 blocker",
    "immunosuppressant_biologic": "biologic or other immunosuppressant",
    "nsaid": "anti-inflammatory drug (NSAID)",
    "postpartum": "after delivery",
    "suicidality": "suicide signal",
}


def cards_in_words(kinds: Iterable[str]) -> str:
    """Give the cards that are due, or that there is none."""
    return listed([CARDS[kind] for kind in kinds]) or "no card"


def words_of(name: str) -> str:
    """Give the words of a name of the code: "depression_due_to_another_cause"."""
    return _KINDS.get(name.replace("-", "_")) or name.replace("_", " ").replace("-", " ")
