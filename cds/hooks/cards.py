"""Which words does a finding get? From an assessment to the cards that are due, and nothing else.

The words stand in templates/cards/*.md.j2 and rules/evidence/*.toml; what goes into their slots is
our own labels, numbers and dates, escaped. Nothing of the record's free text reaches a card.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict

from cds.hooks.card import Card, CardExtension, CardOrigin, Coding, Link, Source, Topic
from cds.hooks.markdown import plain
from cds.settings import Settings
from rules.findings import (
    Assessment,
    CardKind,
    ResistanceStatus,
    ResultLabel,
    TrialGrade,
)
from rules.knowledge import Knowledge
from rules.plain_words import dose, kind_of_record, number

_KNOWLEDGE_SIGNS = 12
_BLANK_LINES = re.compile(r"\n{3,}")
_BETWEEN_ITEMS = re.compile(r"(?m)(^- .*)\n{2,}(?=- )")


class _TopicWords(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    display: str


class CardWords(BaseModel):
    """cards.toml: what stands on every card besides its text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source_label: str
    topic_system: str
    evidence_link_label: str
    topics: dict[str, _TopicWords]
    override_reasons: tuple[Coding, ...]


def read_card_words() -> CardWords:
    """Read cards.toml. Errors: pydantic's ValidationError for a file that was spoilt."""
    text = files("cds.hooks").joinpath("cards.toml").read_text(encoding="utf-8")
    return CardWords.model_validate(tomllib.loads(text))


class CardWriter:
    """Writes the cards an assessment asks for. Made once at start; holds no patient."""

    def __init__(
        self,
        knowledge: Knowledge,
        settings: Settings,
        new_uuid: Callable[[], UUID],
        now: Callable[[], datetime],
    ) -> None:
        self._knowledge = knowledge
        self._evidence_page = settings.evidence_page
        self._links = tuple(Link(label=link.label, url=link.url) for link in settings.links)
        self._new_uuid = new_uuid
        self.now = now
        self._words = read_card_words()
        self._templates = _card_templates(_fixed_sentences(knowledge))

    def write_cards(
        self, assessment: Assessment, decision: str, at: datetime | None = None
    ) -> tuple[Card, ...]:
        """Write the cards of `assessment.cards_due`, in that order; none where none is due.

        decision: the id under which this evaluation is remembered. at: the moment they are written;
        the present one unless given.

        Errors: jinja2's UndefinedError for a statement the evidence files lack, pydantic's
        ValidationError for a summary that is too long. Both are faults of ours and answered 500.
        """
        values = self._values(assessment, at or self.now())
        sha256 = assessment.knowledge_sha256
        return tuple(
            self.write(kind, f"{kind.value}.md.j2", values, decision, sha256)
            for kind in assessment.cards_due
        )

    def write(
        self, kind: CardKind, words: str, values: dict[str, Any], decision: str, sha256: str
    ) -> Card:
        """Write one card from a template of templates/cards and what its slots are filled from.

        sha256: of the knowledge that led to the card.
        """
        template = self._templates.get_template(words)
        context = template.new_context(values)
        summary = " ".join("".join(template.blocks["summary"](context)).split())
        detail = _tidy("".join(template.blocks["detail"](context)))
        topic = self._words.topics[kind.value]
        origin = CardOrigin(
            kind=kind.value,
            decision=decision,
            knowledge=sha256[:_KNOWLEDGE_SIGNS],
        )
        return Card(
            uuid=self._new_uuid(),
            summary=summary,
            detail=detail,
            source=Source(
                label=self._words.source_label,
                url=self._evidence_page,
                topic=Topic(
                    code=topic.code, system=self._words.topic_system, display=topic.display
                ),
            ),
            override_reasons=self._words.override_reasons,
            links=self._links_of(kind) or None,
            extension=CardExtension(card=origin),
        )

    def _links_of(self, kind: CardKind) -> tuple[Link, ...]:
        """The links of the settings; the ledger too, save on a card that carries no research."""
        ledger = Link(label=self._words.evidence_link_label, url=self._evidence_page)
        return self._links if kind is CardKind.SAFETY else (ledger, *self._links)

    def _values(self, assessment: Assessment, at: datetime) -> dict[str, Any]:
        known = self._knowledge
        trials = assessment.treatment_resistance.trials
        results = assessment.inflammation.results
        return {
            "assessment": assessment,
            "resistance": assessment.treatment_resistance,
            "inflammation": assessment.inflammation,
            "met": assessment.treatment_resistance.status is ResistanceStatus.MET,
            "counted": [trial for trial in trials if trial.grade in _COUNTED],
            "unplaceable": [trial for trial in trials if trial.grade is TrialGrade.UNPLACEABLE],
            "not_counted": [trial for trial in trials if trial.grade is TrialGrade.NOT_COUNTED],
            "judged": [each for each in results if each.label is not ResultLabel.DISPLAY_ONLY],
            "only_shown": [each for each in results if each.label is ResultLabel.DISPLAY_ONLY],
            "raised_before": sum(each.label in _ABOVE for each in results) > 1,
            "evidence_withheld": any(each.reason == "suicidality" for each in assessment.withheld),
            "generated_at": at,
            "nothing_missing": not _has_doubts(assessment),
            "says": known.evidence.statements,
            "locale_text": known.safety.locale_text,
            "evidence": known.evidence,
            "references": known.evidence.references,
        }


def _has_doubts(assessment: Assessment) -> bool:
    """Whether the card has a line to show under what is missing or uncertain."""
    in_trials = any(
        trial.gap_notes
        for trial in assessment.treatment_resistance.trials
        if trial.grade is not TrialGrade.NOT_COUNTED
    )
    return in_trials or bool(assessment.gaps or assessment.caveats)


_ABOVE = frozenset(
    {
        ResultLabel.RAISED,
        ResultLabel.ACUTE_RANGE,
        ResultLabel.CENSORED_HIGH,
        ResultLabel.CONFOUNDED,
    }
)
_COUNTED = frozenset({TrialGrade.ADEQUATE_FAILED, TrialGrade.INDETERMINATE})


def _fixed_sentences(knowledge: Knowledge) -> Mapping[object, Markup]:
    """Escape the long sentences that stand on every card once, and not for every card."""
    statements = knowledge.evidence.statements.values()
    return {sentence: _escape_for_markdown(sentence) for sentence in statements}


def _card_templates(fixed: Mapping[object, Markup]) -> Environment:
    def escape(value: object) -> Markup:
        known = fixed.get(value) if type(value) is str else None
        return known or _escape_for_markdown(value)

    templates = Environment(
        loader=PackageLoader("cds", "templates/cards"),
        undefined=StrictUndefined,
        auto_reload=False,  # a card is not written anew because a file changed beside it
        autoescape=True,  # so that what a macro wrote is told apart from a value
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=escape,
    )
    templates.filters["fill"] = _fill
    templates.filters["dose"] = dose
    templates.filters["number"] = number
    templates.filters["kind_of_record"] = kind_of_record
    templates.filters["last_day"] = last_day
    templates.filters["sentence_start"] = _sentence_start
    return templates


def _escape_for_markdown(value: object) -> Markup:
    """Escape every value on its way out. A card is Markdown, so HTML's escapes have no place."""
    return value if isinstance(value, Markup) else Markup(plain(value))  # noqa: S704 - escaped


def _sentence_start(words: str) -> str:
    """Begin a line with a capital; "hs-CRP", "rTMS" and the like keep their own."""
    first = words.partition(" ")[0]
    return words if any(each.isupper() for each in first) else words[:1].upper() + words[1:]


def _tidy(detail: str) -> str:
    """One blank line between blocks, none between the items of a list: how people read it best."""
    return _BETWEEN_ITEMS.sub(r"\1\n", _BLANK_LINES.sub("\n\n", detail)).strip()


def _fill(sentence: str, **slots: object) -> str:
    """Fill the slots of a fixed sentence. Errors: KeyError for a slot nobody filled."""
    return sentence.format_map({name.replace("_", " "): value for name, value in slots.items()})


def last_day(end: date) -> date:
    """The last covered day, for an end that is the day after it."""
    return end - timedelta(days=1)
