"""How does the service behave: how often does it speak, to whom again, and what is said to it?

docs/figures.md has every definition. There is no rate of acceptance: `accepted` feedback needs a
suggestion, and no card makes one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from cds.review.proportion import Proportion

FIRED = frozenset({"shown", "silent"})
SHOWN, NEAR_MISS, COULD_NOT_TELL = "shown", "near_miss", "could_not_tell"
SWITCHED_OFF, UNCLASSIFIED = "switched_off", "unclassified"
OVERRIDDEN = "overridden"

NO_REASON = "no reason given"
OTHER_REASON = "a reason of the site's own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One decision, as far as figures ask. patient: the pseudonym, which is one client's own.

    open_criteria: keys of what stayed open. evidence: the same for the same patient with the same
    evidence; None where no card was due that could rest.
    """

    at: datetime
    client: str
    patient: str
    review_class: str
    rule_version: str
    open_criteria: tuple[str, ...] = ()
    evidence: str | None = None

    @property
    def fired(self) -> bool:
        """Whether a card was due, shown or only recorded."""
        return self.review_class in FIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCard:
    """One card that was sent, with the first feedback on it. outcome: None where none came.

    reason: code of the reason; answered_at: when the client says it was given, else when it came.
    """

    sent_at: datetime
    rule_version: str
    outcome: str | None = None
    reason: str | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """How often a card was due. Whatever was switched off or has no class is left out, and counted.

    views: evaluations. per_view: decisions with a card, of all. per_patient: patients with at least
    one, of all. repeats, repeats_shown: those that the same patient had before in this period on
    the same evidence, of all with evidence that can repeat.
    """

    views: int
    patients: int
    per_view: Proportion
    per_patient: Proportion
    repeats: Proportion
    repeats_shown: Proportion
    near_misses: Proportion
    could_not_tell: Proportion
    switched_off: int
    unclassified: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long until feedback, in seconds: median, and the medians of the halves around it.

    None for no feedback. before_card: clocks that disagree, left out here.
    """

    n: int
    lower: float | None = None
    middle: float | None = None
    upper: float | None = None
    before_card: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back on the cards that were shown; a lower bound, for not every client sends it.

    overridden: of all cards shown; overridden_of_answered: of those with feedback. reasons: each
    with its share of the overrides.
    """

    cards: int
    with_feedback: Proportion
    without_feedback: Proportion
    overridden: Proportion
    overridden_of_answered: Proportion
    reasons: tuple[tuple[str, Proportion], ...]
    times: Times


@dataclass(frozen=True, slots=True, kw_only=True)
class OfVersion:
    """The same for one version of the rule."""

    rule_version: str
    firing: Firing
    response: Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """Everything about one period."""

    firing: Firing
    response: Response
    by_version: tuple[OfVersion, ...]
    missing: tuple[tuple[str, Proportion], ...] = field(default=())


def describe_behaviour(
    seen: Sequence[Seen], cards: Sequence[ShownCard], reasons: Mapping[str, str]
) -> Behaviour:
    """Describe a period. seen: oldest first. reasons: our own words by the code of a reason."""
    versions = {each.rule_version for each in seen} | {each.rule_version for each in cards}
    return Behaviour(
        firing=describe_firing(seen),
        response=describe_response(cards, reasons),
        by_version=tuple(
            OfVersion(
                rule_version=version,
                firing=describe_firing([each for each in seen if each.rule_version == version]),
                response=describe_response(
                    [each for each in cards if each.rule_version == version], reasons
                ),
            )
            for version in sorted(versions)
        ),
        missing=count_missing(seen),
    )


def describe_firing(seen: Sequence[Seen]) -> Firing:
    """Count how often a card was due. seen: oldest first."""
    classes = Counter(each.review_class for each in seen)
    views = evaluated(seen)
    patients = {(each.client, each.patient) for each in views}
    fired = [each for each in views if each.fired]
    return Firing(
        views=len(views),
        patients=len(patients),
        per_view=Proportion(len(fired), len(views)),
        per_patient=Proportion(len({(e.client, e.patient) for e in fired}), len(patients)),
        repeats=count_repeats(fired),
        repeats_shown=count_repeats([each for each in fired if each.review_class == SHOWN]),
        near_misses=Proportion(classes[NEAR_MISS], len(views)),
        could_not_tell=Proportion(classes[COULD_NOT_TELL], len(views)),
        switched_off=classes[SWITCHED_OFF],
        unclassified=classes[UNCLASSIFIED],
    )


def evaluated(seen: Iterable[Seen]) -> list[Seen]:
    """Leave out what was switched off, and what was written before decisions had a class."""
    return [each for each in seen if each.review_class not in {SWITCHED_OFF, UNCLASSIFIED}]


def count_repeats(fired: Iterable[Seen]) -> Proportion:
    """Count the fires that say what an earlier one of them said already. fired: oldest first."""
    keys = [(each.client, each.patient, each.evidence) for each in fired if each.evidence]
    return Proportion(len(keys) - len(set(keys)), len(keys))


def count_missing(seen: Iterable[Seen]) -> tuple[tuple[str, Proportion], ...]:
    """Rank what stayed open, of the evaluations in which the answer depended on it."""
    open_ones = [each for each in seen if each.review_class == COULD_NOT_TELL]
    counts = Counter(key for each in open_ones for key in dict.fromkeys(each.open_criteria))
    return _ranked(counts, len(open_ones))


def describe_response(cards: Sequence[ShownCard], reasons: Mapping[str, str]) -> Response:
    """Describe what came back. reasons: our own words by code; a client's own are not repeated."""
    answered = [each for each in cards if each.outcome is not None]
    overridden = [each for each in answered if each.outcome == OVERRIDDEN]
    counts = Counter(_word_for(each.reason, reasons) for each in overridden)
    return Response(
        cards=len(cards),
        with_feedback=Proportion(len(answered), len(cards)),
        without_feedback=Proportion(len(cards) - len(answered), len(cards)),
        overridden=Proportion(len(overridden), len(cards)),
        overridden_of_answered=Proportion(len(overridden), len(answered)),
        reasons=_ranked(counts, len(overridden)),
        times=measure_times(answered),
    )


def _word_for(reason: str | None, reasons: Mapping[str, str]) -> str:
    return NO_REASON if not reason else reasons.get(reason, OTHER_REASON)


def _ranked(counts: Counter[str], of: int) -> tuple[tuple[str, Proportion], ...]:
    ranked = sorted(counts.items(), key=lambda found: (-found[1], found[0]))
    return tuple((name, Proportion(count, of)) for name, count in ranked)


def measure_times(answered: Iterable[ShownCard]) -> Times:
    """Measure how long feedback took; a middle value belongs to both halves."""
    waits = [
        (each.answered_at - each.sent_at).total_seconds()
        for each in answered
        if each.answered_at is not None
    ]
    told = sorted(wait for wait in waits if wait >= 0)
    before = len(waits) - len(told)
    if not told:
        return Times(n=0, before_card=before)
    half = (len(told) + 1) // 2
    lower, upper = told[:half], told[-half:]
    return Times(
        n=len(told),
        lower=median(lower),
        middle=median(told),
        upper=median(upper),
        before_card=before,
    )
