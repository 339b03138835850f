"""How does a decision that was made again differ from what was decided then, and why?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import ndiff
from enum import Enum
from typing import Any

import msgspec

from cds.answer import tell_assessment
from cds.decision import Decision, leave_out_references
from cds.hooks.card import CARD_EXTENSION
from cds.kept_case import SentCard
from cds.order_answer import tell_order_assessment
from cds.replaying import Replayed, cards_by_kind
from rules.findings import Assessment
from rules.knowledge import Knowledge

_DEFAULT = "default"
_ADDRESSES = "settings: the addresses on cards"
_HASH_SIGNS = 12


class Change(Enum):
    """What became of one decision. Its cards are compared whether or not they were sent.

    NEWLY_FIRING, NO_LONGER_FIRING: it had no card and has one, or the reverse. OTHER_CARDS: it has
    cards before and after, of other kinds. TEXT_ONLY: the same cards with other words.
    FINDINGS_ONLY: the same cards to the letter, or none, with another status or another reason.
    """

    NEWLY_FIRING = "newly_firing"
    NO_LONGER_FIRING = "no_longer_firing"
    OTHER_CARDS = "other_cards"
    TEXT_ONLY = "text_only"
    FINDINGS_ONLY = "findings_only"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One status that is another; before, after: empty where there is none."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One decision beside its replay. cards_before, cards_after: kinds, in their order.

    explained_by: what the decision was made by that is another now. Empty for a difference that
    nothing explains: the rules themselves then judge another way, under the same knowledge.
    """

    decision: Decision
    change: Change
    cards_before: tuple[str, ...]
    cards_after: tuple[str, ...]
    moved: tuple[Moved, ...]
    explained_by: tuple[str, ...]

    @property
    def is_unexplained(self) -> bool:
        return self.change is not Change.UNCHANGED and not self.explained_by


def compare(decision: Decision, replayed: Replayed, knowledge: Knowledge) -> Comparison:
    """Hold a decision against its replay. knowledge: what it was replayed under."""
    before, after = replayed.case.cards, sent_cards(replayed)
    told_before, told_after = _told(decision.answer), _told(_tell(replayed))
    change = _change(before, after)
    if change is Change.UNCHANGED and told_before != told_after:
        change = Change.FINDINGS_ONLY
    if change is Change.UNCHANGED:
        explained: tuple[str, ...] = ()
    elif not replayed.same_knowledge:
        explained = tuple(_knowledge_changes(decision, replayed, knowledge))
    else:
        same_words = _without_addresses(before) == _without_addresses(after)
        explained = (_ADDRESSES,) if same_words and told_before == told_after else ()
    return Comparison(
        decision=decision,
        change=change,
        cards_before=tuple(cards_by_kind(before)),
        cards_after=tuple(cards_by_kind(after)),
        moved=tuple(_moved(_statuses(told_before), _statuses(told_after))),
        explained_by=explained,
    )


def sent_cards(replayed: Replayed) -> tuple[SentCard, ...]:
    """Give the cards of a replay as they would be sent."""
    return tuple(card.to_wire() for card in replayed.cards)


def changed_words(replayed: Replayed) -> Iterator[str]:
    """Give the lines of all cards that went ("-") and came ("+"), each behind its kind of card."""
    before, after = cards_by_kind(replayed.case.cards), cards_by_kind(sent_cards(replayed))
    for kind in dict.fromkeys([*before, *after]):
        for line in ndiff(_lines(before.get(kind)), _lines(after.get(kind))):
            if line.startswith(("- ", "+ ")):
                yield f"{kind} {line}"


def _lines(card: SentCard | None) -> list[str]:
    return [] if card is None else [card["summary"], *filter(None, card["detail"].splitlines())]


def _change(before: Iterable[SentCard], after: Iterable[SentCard]) -> Change:
    kinds_before, kinds_after = list(cards_by_kind(before)), list(cards_by_kind(after))
    if kinds_before == kinds_after:
        same = _without_stamp(before) == _without_stamp(after)
        return Change.UNCHANGED if same else Change.TEXT_ONLY
    if not kinds_before:
        return Change.NEWLY_FIRING
    return Change.OTHER_CARDS if kinds_after else Change.NO_LONGER_FIRING


def _without_stamp(cards: Iterable[SentCard]) -> list[dict[str, Any]]:
    """Give cards without the hash of the knowledge, which is told apart."""
    return [{**card, "extension": {**_origin(card), "knowledge": None}} for card in cards]


def _origin(card: SentCard) -> dict[str, Any]:
    origin: dict[str, Any] = card["extension"][CARD_EXTENSION]
    return origin


def _without_addresses(cards: Iterable[SentCard]) -> list[dict[str, Any]]:
    """Give cards also without what the settings put on them."""
    return [
        {**card, "links": None, "source": {**card["source"], "url": None}}
        for card in _without_stamp(cards)
    ]


def _tell(replayed: Replayed) -> Mapping[str, object]:
    assessment = replayed.assessment
    if isinstance(assessment, Assessment):
        return tell_assessment(assessment)
    return tell_order_assessment(assessment)


def _told(answer: Mapping[str, object]) -> dict[str, Any]:
    """Give an answer as the store gives it back, without the version of the knowledge."""
    kept: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(leave_out_references(answer)))
    kept.pop("knowledge", None)
    return kept


def _statuses(told: Mapping[str, Any]) -> dict[str, str]:
    return {
        "treatment resistance": told.get("treatmentResistance", {}).get("status", ""),
        "inflammation": told.get("inflammation", {}).get("status", ""),
        "experimental order": told.get("experimentalOrder", {}).get("verdict", ""),
        "withheld": ", ".join(each["reason"] for each in told.get("withheld", ())),
    }


def _moved(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Moved]:
    for what, was in before.items():
        if was != after[what]:
            yield Moved(what=what, before=was, after=after[what])


def _knowledge_changes(
    decision: Decision, replayed: Replayed, knowledge: Knowledge
) -> Iterator[str]:
    """Name each value of the site that is another, and the version; else the files as a whole."""
    before, after = _values(replayed.case.changed_parameters), _values(knowledge.changed)
    keys = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    for key in keys:
        yield f"{key}: {before.get(key, _DEFAULT)} → {after.get(key, _DEFAULT)}"
    if decision.knowledge_version != knowledge.version:
        yield f"knowledge version: {decision.knowledge_version} → {knowledge.version}"
    elif not keys:
        was, now = decision.knowledge_sha256[:_HASH_SIGNS], knowledge.sha256[:_HASH_SIGNS]
        yield f"knowledge files: {was} → {now}"


def _values(changed: Iterable[str]) -> dict[str, str]:
    """Read the "table.key = value" of changed parameters by their keys."""
    return {key: value for key, _, value in (each.partition(" = ") for each in changed)}
