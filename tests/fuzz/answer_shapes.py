"""Which members does each answer have, and of which type? What docs/http.md promises, as types.

Written by hand from the page and not taken from the models that write the answers.
"""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec

Text = Annotated[str, msgspec.Meta(min_length=1)]
Sources = list[Text]


class _Shape(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    pass


class Details(_Shape):
    text: Text


class OutcomeIssue(_Shape):
    severity: Literal["error", "fatal"]
    code: Literal[
        "structure", "invalid", "required", "not-found", "not-supported", "incomplete", "too-long",
        "multiple-matches", "invariant", "exception",
    ]  # fmt: skip
    details: Details
    diagnostics: Annotated[str, msgspec.Meta(pattern=r"^correlation id [0-9a-f-]{36}$")]
    expression: Annotated[list[Text], msgspec.Meta(min_length=1)] | msgspec.UnsetType = (
        msgspec.UNSET
    )


class OperationOutcome(_Shape):
    resource_type: Literal["OperationOutcome"]
    issue: Annotated[list[OutcomeIssue], msgspec.Meta(min_length=1, max_length=1)]


class Because(_Shape):
    because: Text


class KnowledgeVersion(_Shape):
    version: Text
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]


class Trial(Because):
    ingredient: Text
    grade: Literal["adequate_failed", "indeterminate", "not_counted", "unplaceable"]
    covered_days: Annotated[int, msgspec.Meta(ge=0)]
    start: date | None = None
    end: date | None = None
    daily_dose_mg: Annotated[float, msgspec.Meta(ge=0)] | None = None
    sources: Sources = []


class SupportingTreatment(Because):
    treatment: Text
    kind: Text
    sources: Sources = []


class TreatmentResistance(Because):
    status: Literal["met", "possible", "not_met", "insufficient_data", "out_of_scope"]
    trials: list[Trial] = []
    supporting_treatments: list[SupportingTreatment] = []
    would_change: list[Text] = []


class Result(_Shape):
    marker: Text
    date: date
    shown: Text
    label: Text
    value_mg_per_l: Annotated[float, msgspec.Meta(ge=0)] | None = None
    comparator: Literal["<", "<=", ">", ">="] | None = None
    notes: list[Text] = []
    sources: Sources = []


class Inflammation(Because):
    status: Literal[
        "raised_persistent", "raised_once", "possible_acute", "normal", "stale", "unknown"
    ]
    notes: list[Text] = []
    results: list[Result] = []
    would_change: list[Text] = []


class Confounder(Because):
    kind: Text
    sources: Sources = []


class Withheld(Because):
    reason: Text


class Gap(Because):
    what: Text


class NotUsed(Because):
    source: Text


class Assessment(_Shape):
    as_of: date
    knowledge: KnowledgeVersion
    treatment_resistance: TreatmentResistance
    inflammation: Inflammation
    confounders: list[Confounder] = []
    withheld: list[Withheld] = []
    gaps: list[Gap] = []
    not_used: list[NotUsed] = []


class ValidationIssue(_Shape):
    source: Text
    expression: Text
    problem: Text
    help: Text | None = None


class Validation(_Shape):
    checked: Annotated[int, msgspec.Meta(ge=0)]
    issues: list[ValidationIssue]
    not_checked: int = 0
    issues_left_out: int = 0


class FeedbackAnswer(_Shape):
    """Nothing: the standard wants an acknowledgement, and no more is told."""


class HookAnswer(_Shape):
    """Cards are checked by the model of a card, which is as strict as the standard and stricter."""

    cards: list[dict[str, Any]]


class EvaluateAnswer(HookAnswer):
    assessment: Assessment
    validation: Validation | None = None
