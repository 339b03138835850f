"""How far is a case, and may this person save a judgement on it now? No store, no web."""

from dataclasses import dataclass
from enum import Enum

from cds.review.judging import Judgement, Place, needs_adjudication
from cds.review.roles import Account, Permission


class Progress(Enum):
    """How far a case is, for the lead and the adjudicator; never for a blind reviewer."""

    WAITING = "waiting"
    AGREED = "agreed"
    DUE = "due"
    SETTLED = "settled"


class Refusal(Enum):
    """Why a judgement is not taken now, in a sentence for the one who sent it."""

    SETTLED = "The adjudicator has settled this case. Judgements on it can no longer be changed."
    WAITING = "This case is not ready: the two reviewers have not both submitted."
    AGREED = "The two reviewers agree, so there is nothing to settle."
    SUBMITTED = "You have submitted this judgement. Submit a change of it instead of a draft."
    SEES_OTHERS = (
        "You can see figures and exports now, which hold what the other reviewer said. What you "
        "submitted stays as it is."
    )
    CHANGED = "A reviewer has changed a judgement since you opened this page. Look at it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where somebody stands with a case.

    submitted: this person submitted before. settled: the adjudicator did. progress: None for a
    blind reviewer, to whom it would tell what the other one did.
    """

    place: Place
    submitted: bool
    settled: bool
    progress: Progress | None

    def refusal(self, *, submit: bool) -> Refusal | None:
        """Say why this person may not save a draft, or submit, now; None: it may be done."""
        if self.settled:
            return Refusal.SETTLED
        if self.place is Place.ADJUDICATOR:
            waits = {Progress.WAITING: Refusal.WAITING, Progress.AGREED: Refusal.AGREED}
            return waits.get(self.progress) if self.progress else Refusal.WAITING
        return Refusal.SUBMITTED if self.submitted and not submit else None


def progress_of(
    first: Judgement | None, second: Judgement | None, adjudicated: Judgement | None
) -> Progress:
    """Judge how far a case is, from the newest submitted judgement of each; None: there is none."""
    if adjudicated is not None:
        return Progress.SETTLED
    if first is None or second is None:
        return Progress.WAITING
    return Progress.DUE if needs_adjudication(first, second) else Progress.AGREED


def may_judge_blind(account: Account) -> bool:
    """Judge whether somebody can be one of the two blind reviewers of a sample.

    Who sees figures or exports could read the other's verdicts from them, and cannot.
    """
    sees_others = account.may(Permission.SEE_FIGURES) or account.may(Permission.EXPORT)
    return account.may(Permission.JUDGE) and not sees_others


def may_settle(account: Account) -> bool:
    """Judge whether somebody can be the adjudicator of a sample."""
    return account.may(Permission.ADJUDICATE)
