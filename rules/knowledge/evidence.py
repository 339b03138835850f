"""What is known about the treatment that the cards speak of, and who says so?"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from rules.knowledge.files import (
    KnowledgeError,
    KnowledgeFile,
    Model,
    Verification,
    check,
    parse_toml,
)
from rules.knowledge.ledger import Ledger, read_ledger
from rules.knowledge.model import (
    BannedPhrase,
    Evidence,
    Reference,
    Scope,
    SentenceRule,
    TrialExclusion,
)
from rules.knowledge.parameters import ParameterEntry
from rules.plain_words import number, spelled_number


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Reference(_Entry):
    text: str = Field(min_length=1)
    verification: Verification
    doi: str = ""
    identifier: str = ""
    url: str = ""

    @model_validator(mode="after")
    def _doi_was_read(self) -> Self:
        if self.doi and self.verification != "primary":
            raise ValueError("a DOI stands only where the source itself was read")
        return self


class _Sentence(_Entry):
    text: str = Field(min_length=1)
    references: tuple[str, ...] = ()


class _Exclusion(_Entry):
    sentence: str = Field(min_length=1)
    references: tuple[str, ...] = Field(min_length=1)


def _ignoring_capitals(pattern: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(pattern.pattern, re.IGNORECASE)


_Pattern = Annotated[re.Pattern[str], AfterValidator(_ignoring_capitals)]


class _Phrase(_Entry):
    pattern: _Pattern
    why: str = Field(min_length=1)
    scope: Scope = "everywhere"


class _SentenceRule(_Entry):
    when: _Pattern
    never: _Pattern
    why: str = Field(min_length=1)
    scope: Scope = "everywhere"


class _Wording(_Entry):
    allowed: tuple[str, ...]
    phrases: tuple[_Phrase, ...] = Field(min_length=1)
    sentences: tuple[_SentenceRule, ...]


_PARAMETER_SLOT = re.compile(r"\{([a-z_]+\.[a-z0-9_]+)(?P<word>:spelled)?\}")

Citation = tuple[str, str, tuple[str, ...]]  # file, entry, keys of references


def read_evidence(
    files: Mapping[str, KnowledgeFile],
    parameters: Mapping[str, ParameterEntry],
    cited: Iterable[Citation],
) -> Evidence:
    """Read ledger, references, sentences, exclusions and banned phrases.

    parameters: what the slots of a sentence are filled from, so that a card never states another
    cut-off than the one in force. cited: what other knowledge files rest on.

    Errors: KnowledgeError for a reference that does not exist, one that nothing rests on, a study
    that stands twice, or a slot no numeric parameter fills.
    """
    ledger = read_ledger(files["evidence/ledger.toml"])
    sentences = _entries(files["evidence/statements.toml"], _Sentence)
    exclusions = _entries(files["evidence/exclusions.toml"], _Exclusion)
    references = _entries(files["evidence/references.toml"], _Reference)
    wording_file = files["evidence/banned_phrases.toml"]
    wording = check(_Wording, parse_toml(wording_file), wording_file.name, "")
    used = [("evidence/ledger.toml", study.key, study.references) for study in ledger.studies]
    used += [("evidence/ledger.toml", "key_points", each.references) for each in ledger.key_points]
    used += [("evidence/statements.toml", key, item.references) for key, item in sentences.items()]
    used += [("evidence/exclusions.toml", key, item.references) for key, item in exclusions.items()]
    _check_references([*used, *cited], references)
    filled = {
        key: item.model_copy(update={"text": _fill(key, item.text, parameters)})
        for key, item in sentences.items()
    }
    return _assemble(ledger, filled, exclusions, references, wording)


def _fill(key: str, text: str, parameters: Mapping[str, ParameterEntry]) -> str:
    """Fill slots such as {marker.crp_low_mg_l}; slots without a point are filled on the card.

    {trd.min_failed_trials:spelled} is written as a word.
    """

    def value_of(slot: re.Match[str]) -> str:
        entry = parameters.get(slot.group(1))
        if entry is None or not isinstance(entry.value, int | Decimal):
            fault = f"there is no numeric parameter {slot.group(1)}"
            raise KnowledgeError("evidence/statements.toml", key, fault)
        return spelled_number(entry.value) if slot["word"] else number(entry.value)

    return _PARAMETER_SLOT.sub(value_of, text)


def _entries(file: KnowledgeFile, model: type[Model]) -> dict[str, Model]:
    return {key: check(model, value, file.name, key) for key, value in parse_toml(file).items()}


def _check_references(used: Iterable[Citation], references: Mapping[str, object]) -> None:
    unused = set(references)
    for file, entry, keys in used:
        for key in keys:
            if key not in references:
                raise KnowledgeError(file, entry, f"there is no reference {key}")
            unused.discard(key)
    if unused:
        raise KnowledgeError("evidence/references.toml", min(unused), "nothing rests on it")


def _assemble(
    ledger: Ledger,
    sentences: Mapping[str, _Sentence],
    exclusions: Mapping[str, _Exclusion],
    references: Mapping[str, _Reference],
    wording: _Wording,
) -> Evidence:
    return Evidence(
        title=ledger.title,
        summary=ledger.summary,
        last_reviewed=ledger.last_reviewed,
        review_by=ledger.review_by,
        statements={key: item.text for key, item in sentences.items()},
        review_warning_days=ledger.review_warning_days,
        key_points=ledger.key_points,
        studies=ledger.studies,
        references={key: Reference(key=key, **_fields(item)) for key, item in references.items()},
        exclusions={
            key: TrialExclusion(key=key, **_fields(item)) for key, item in exclusions.items()
        },
        open_points=ledger.open_points,
        article_claims=ledger.article_claims,
        pilot_facts=ledger.pilot_facts,
        statement_references={key: item.references for key, item in sentences.items()},
        allowed_phrases=wording.allowed,
        banned_phrases=tuple(BannedPhrase(**_fields(item)) for item in wording.phrases),
        sentence_rules=tuple(SentenceRule(**_fields(item)) for item in wording.sentences),
    )


def _fields(entry: _Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in type(entry).model_fields}
