"""What does the rule say where findings cite it, and where do its numbers come from?"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from cds.pages.words import VERIFICATIONS
from cds.review.criterion import Criterion
from rules.knowledge import Knowledge
from rules.knowledge.parameters import ParameterEntry
from rules.plain_words import number

_ALWAYS = ("rule 10",)
_SLOT = re.compile(r"\{([a-z_0-9.]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText:
    """One section of the rule in short, with the numbers in force."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One number or setting of the rule. sure: how well its source was checked.

    differs: it is not the one this project ships. cited: a finding of this decision names it.
    """

    key: str
    value: str
    meaning: str
    source: str
    sure: str
    differs: bool
    cited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGrounds:
    """What a decision rests on besides the record. others: files and sets of codes, by name."""

    texts: tuple[RuleText, ...]
    thresholds: tuple[Threshold, ...]
    others: tuple[str, ...]


def rule_grounds(root: Criterion, knowledge: Knowledge) -> RuleGrounds:
    """Give the sections cited, every parameter, and what else was cited.

    root: the criteria of a decision; with none of them, the whole list of parameters is still told.
    """
    cited = dict.fromkeys(key for each in root.walk() for key in each.citations)
    written = _rule_texts()
    return RuleGrounds(
        texts=tuple(
            RuleText(key=key, title=title, text=_filled(text, knowledge))
            for key, (title, text) in written.items()
            if key in cited or key in _ALWAYS
        ),
        thresholds=tuple(_thresholds(cited, knowledge)),
        others=tuple(
            key for key in cited if key not in written and not _is_parameter(key, knowledge)
        ),
    )


def _thresholds(cited: Iterable[str], knowledge: Knowledge) -> Iterable[Threshold]:
    """Give all parameters, the cited ones first."""
    named = set(cited)
    differ = {each.partition(" = ")[0] for each in knowledge.changed}
    keys = sorted(knowledge.parameters, key=lambda key: (key not in named, key))
    for key in keys:
        entry = knowledge.parameters[key]
        yield Threshold(
            key=key,
            value=_value(entry),
            meaning=entry.meaning,
            source=entry.source,
            sure=VERIFICATIONS.get(entry.verification, entry.verification),
            differs=key in differ,
            cited=key in named,
        )


def _is_parameter(key: str, knowledge: Knowledge) -> bool:
    return key in knowledge.parameters


def _value(entry: ParameterEntry) -> str:
    return f"{_plain(entry.value)} {entry.unit}".strip()


def _plain(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | Decimal():
            return number(value)
        case tuple():
            return ", ".join(str(each) for each in value)
        case _:
            return str(value)


def _filled(text: str, knowledge: Knowledge) -> str:
    """Fill the slots. Errors: KeyError for a parameter there is not; a test reads every text."""
    return _SLOT.sub(lambda slot: _plain(knowledge.parameters[slot[1]].value), text)


@cache
def _rule_texts() -> dict[str, tuple[str, str]]:
    text = files("cds.review").joinpath("rule_texts.toml").read_text(encoding="utf-8")
    return {key: (each["title"], each["text"]) for key, each in tomllib.loads(text).items()}
