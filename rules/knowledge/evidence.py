"""What is known about the treatment that the cards speak of, and who says so?"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from rules.knowledge.files import (
    KnowledgeError,
    KnowledgeFile,
    Model,
    Verification,
    check,
    parse_toml,
)
from rules.knowledge.model import (
    ArticleClaim,
    BannedPhrase,
    Evidence,
    Reference,
    SentenceRule,
    Study,
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


class _Study(_Entry):
    key: str = Field(min_length=1)
    name: str = Field(min_length=1)
    participants: str = Field(min_length=1)
    question: str = Field(min_length=1)
    direction: Literal["contrary", "supporting", "null", "mixed", "pending"]
    result: str = Field(min_length=1)
    verification: Verification
    references: tuple[str, ...] = Field(min_length=1)
    role: Literal["pilot", "ledger", "pending"]


class _PilotFact(_Entry):
    value: str = Field(min_length=1)
    verification: Verification


class _Claim(_Entry):
    claim: str = Field(min_length=1)
    known: str = Field(min_length=1)
    on_card: str = Field(min_length=1)


class _Ledger(_Entry):
    title: str = Field(min_length=1)
    summary: str = Field(min_length=1)
    last_reviewed: date
    review_by: date
    pilot_facts: dict[str, _PilotFact]
    studies: tuple[_Study, ...] = Field(min_length=1)
    article_claims: tuple[_Claim, ...]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.review_by <= self.last_reviewed:
            raise ValueError("review_by must lie after last_reviewed")
        return self


def _ignoring_capitals(pattern: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(pattern.pattern, re.IGNORECASE)


_Pattern = Annotated[re.Pattern[str], AfterValidator(_ignoring_capitals)]


class _Phrase(_Entry):
    pattern: _Pattern
    why: str = Field(min_length=1)


class _SentenceRule(_Entry):
    when: _Pattern
    never: _Pattern
    why: str = Field(min_length=1)


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
    ledger_file = files["evidence/ledger.toml"]
    ledger = check(_Ledger, parse_toml(ledger_file), ledger_file.name, "")
    sentences = _entries(files["evidence/statements.toml"], _Sentence)
    exclusions = _entries(files["evidence/exclusions.toml"], _Exclusion)
    references = _entries(files["evidence/references.toml"], _Reference)
    wording_file = files["evidence/banned_phrases.toml"]
    wording = check(_Wording, parse_toml(wording_file), wording_file.name, "")
    _refuse_duplicates(ledger, ledger_file.name)
    used = [("evidence/ledger.toml", study.key, study.references) for study in ledger.studies]
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


def _refuse_duplicates(ledger: _Ledger, file: str) -> None:
    seen: set[str] = set()
    for study in ledger.studies:
        if study.key in seen:
            raise KnowledgeError(file, study.key, "the study stands twice")
        seen.add(study.key)


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
    ledger: _Ledger,
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
        studies=tuple(Study(**_fields(study)) for study in ledger.studies),
        references={key: Reference(key=key, **_fields(item)) for key, item in references.items()},
        exclusions={
            key: TrialExclusion(key=key, **_fields(item)) for key, item in exclusions.items()
        },
        article_claims=tuple(ArticleClaim(**_fields(claim)) for claim in ledger.article_claims),
        pilot_facts={
            key: (fact.value, fact.verification) for key, fact in ledger.pilot_facts.items()
        },
        statement_references={key: item.references for key, item in sentences.items()},
        allowed_phrases=wording.allowed,
        banned_phrases=tuple(BannedPhrase(**_fields(item)) for item in wording.phrases),
        sentence_rules=tuple(SentenceRule(**_fields(item)) for item in wording.sentences),
    )


def _fields(entry: _Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in type(entry).model_fields}
