"""Which cards did a decision lead to, as a client system shows them, and what was said of them?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from cds.decision import CardRecord, Decision
from cds.hooks.card import Link
from cds.kept_case import SentCard
from cds.pages.card_html import ShownCard, render_detail
from cds.store.feedback import KeptFeedback

_SENT = "As the client system was sent it"
_SILENT = "Would have been shown: recorded, and not sent, because the service ran in silent mode"
_RESTED = (
    "Would have been shown: recorded, and not sent, because the same evidence was shown before"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCard:
    """One card of a case.

    fate: whether it was sent, in words. whole: None where only its first line is kept. said: the
    feedback on it, the oldest first.
    """

    summary: str
    kind: str
    fate: str
    whole: ShownCard | None
    said: tuple[KeptFeedback, ...]


def case_cards(
    decision: Decision,
    kept: Iterable[SentCard],
    said: Mapping[str, Sequence[KeptFeedback]],
) -> tuple[CaseCard, ...]:
    """Give the cards of a decision in their order, word for word as they were written then.

    kept: the cards of the case, none where no case is kept. said: feedback by the id of its card.
    """
    whole = {str(card["uuid"]): card for card in kept}
    return tuple(
        CaseCard(
            summary=record.summary or record.kind,
            kind=record.kind,
            fate=_fate(record, decision),
            whole=_whole(whole[record.uuid]) if record.uuid in whole else None,
            said=tuple(said.get(record.uuid, ())),
        )
        for record in decision.cards
    )


def _fate(record: CardRecord, decision: Decision) -> str:
    if record.shown:
        return _SENT
    return _RESTED if decision.mode == "live" else _SILENT


def _whole(card: SentCard) -> ShownCard:
    """Read a card as it was written; another version may have done so, so only text is taken."""
    source: Mapping[str, Any] = card.get("source", {})
    return ShownCard(
        summary=str(card.get("summary", "")),
        detail=render_detail(str(card.get("detail", ""))) or Markup(""),
        indicator=str(card.get("indicator", "")),
        source_label=str(source.get("label", "")),
        source_url=_web_address(source.get("url")),
        links=tuple(_links(card.get("links") or ())),
        override_reasons=tuple(
            str(reason.get("display", "")) for reason in card.get("overrideReasons") or ()
        ),
    )


def _links(links: Iterable[Mapping[str, Any]]) -> Iterable[Link]:
    for link in links:
        url = _web_address(link.get("url"))
        if url and link.get("label"):
            yield Link(label=str(link["label"]), url=url)


def _web_address(url: object) -> str:
    return url if isinstance(url, str) and url.startswith(("https://", "http://")) else ""
