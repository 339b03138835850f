"""Which decisions are there to look at? The queue, its filters and its pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request, url_for

from cds.pages.page import send_page
from cds.review.audit import Audit
from cds.review.guard import signed_in
from cds.review.queue_filter import (
    ME,
    REVIEWED,
    SAID,
    Asked,
    read_question,
    sees_others,
)
from cds.review.queue_words import (
    CLASSES,
    CLASSES_TELL,
    INFLAMMATION_WORDS,
    OPEN_WORDS,
    RESISTANCE_WORDS,
    inflammation_words,
    label_of,
    moment,
    resistance_words,
)
from cds.review.roles import Account
from cds.store.queue import Queue, QueueChoices, QueuePage

_KNOWLEDGE_SIGNS = 12
_WRONG = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One filter of the form. options: value and words; none where a day is written."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""


def offer_queue(routes: Blueprint, queue: Queue, audit: Audit) -> None:
    """Add the page of the queue. That somebody looked at it is written down before it is sent."""

    @routes.get("/decisions")
    def show_queue() -> Response:
        account = signed_in()
        asked = read_question(request.args, account)
        page = _page(queue, asked, account)
        audit.note("view_queue", details={"filters": sorted(asked.written)})
        choices = _choices(queue.choices(), account)
        return send_page(
            "review/queue.html",
            _WRONG if asked.faults else 200,
            asked=asked,
            page=page,
            counts=queue.counts(asked.question),
            choices=choices,
            chosen=_chosen(asked, choices),
            newer_url=_beside(asked, page, "before") if page.has_newer else "",
            older_url=_beside(asked, page, "behind") if page.has_older else "",
            classes=CLASSES,
            tells=CLASSES_TELL,
            open_words=OPEN_WORDS,
            label_of=label_of,
            moment=moment,
            resistance_words=resistance_words,
            inflammation_words=inflammation_words,
        )


def _page(queue: Queue, asked: Asked, account: Account) -> QueuePage:
    """Give the page an address asks for; the newest where its place is not there any more."""
    question, mine = asked.question, account.id
    behind = queue.place_of(request.args.get("behind", ""))
    if behind is not None:
        return queue.older(question, mine, behind)
    before = queue.place_of(request.args.get("before", ""))
    found = None if before is None else queue.newer(question, mine, before)
    return found if found and found.rows else queue.first(question, mine)


def _beside(asked: Asked, page: QueuePage, side: str) -> str:
    if not page.rows:
        return ""
    row = page.rows[0] if side == "before" else page.rows[-1]
    return url_for("review.show_queue", **dict[str, Any](asked.written, **{side: row.id}))


def _choices(found: QueueChoices, account: Account) -> tuple[Choice, ...]:
    """Give the filters in the order of the form; a list with nothing in it is left out."""
    reviewers = [(ME, "Mine")]
    if sees_others(account):
        reviewers += [(key, name) for key, name in found.reviewers.items() if key != account.id]
    knowledge = [(each, f"Rule version {each}") for each in found.rule_versions]
    knowledge += [(each, f"Knowledge {each[:_KNOWLEDGE_SIGNS]}") for each in found.knowledge]
    listed = (
        Choice(name="client", label="Client", options=_same(found.clients)),
        Choice(name="service", label="Service", options=_same(found.services)),
        Choice(name="knowledge", label="Rule or knowledge", options=tuple(knowledge)),
        Choice(name="from", label="First day", hint="In UTC"),
        Choice(name="until", label="Last day", hint="In UTC, included"),
        Choice(name="resistance", label="Treatment resistance", options=_pairs(RESISTANCE_WORDS)),
        Choice(name="inflammation", label="CRP", options=_pairs(INFLAMMATION_WORDS)),
        Choice(name="open", label="Could not be told", options=_pairs(OPEN_WORDS)),
        Choice(name="said", label="Feedback on a card", options=_pairs(SAID)),
        Choice(name="reviewer", label="Whose cases", options=tuple(reviewers)),
        Choice(name="reviewed", label="Judged or not", options=_pairs(REVIEWED)),
    )
    return tuple(each for each in listed if each.options or each.hint)


def _same(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in names)


def _pairs(words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(words.items())


def _chosen(asked: Asked, choices: tuple[Choice, ...]) -> tuple[tuple[str, str, str], ...]:
    """Give each filter in use: its label, its value in words, and the address without it."""
    chosen = []
    for choice in choices:
        value = asked.written.get(choice.name)
        if value is not None:
            rest = {name: text for name, text in asked.written.items() if name != choice.name}
            words = dict(choice.options).get(value, value)
            chosen.append(
                (choice.label, words, url_for("review.show_queue", **dict[str, Any](rest)))
            )
    return tuple(chosen)
