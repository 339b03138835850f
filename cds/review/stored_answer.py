"""Which criteria does the decision log tell, where the facts are not kept or the knowledge changed?

The log holds the sentences of the findings without the ids of the client's resources. What it does
not hold is not filled in.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cds.decision import Decision
from cds.pages.page import read_name
from cds.pages.words import GRADES, LABELS
from cds.review.criterion import VERDICT_WORDS, Criterion
from cds.review.queue_words import inflammation_words, resistance_words
from rules.findings import (
    InflammationStatus,
    ResistanceStatus,
    ResultLabel,
    TrialGrade,
    Verdict,
)
from rules.plain_words import kind_of_record

_RESISTANCE: Mapping[str, Verdict] = {
    ResistanceStatus.MET.value: Verdict.MET,
    ResistanceStatus.POSSIBLE.value: Verdict.CANNOT_TELL,
    ResistanceStatus.INSUFFICIENT_DATA.value: Verdict.CANNOT_TELL,
    ResistanceStatus.NOT_MET.value: Verdict.NOT_MET,
    ResistanceStatus.OUT_OF_SCOPE.value: Verdict.NOT_MET,
}
_INFLAMMATION: Mapping[str, Verdict] = {
    InflammationStatus.RAISED_PERSISTENT.value: Verdict.MET,
    InflammationStatus.RAISED_ONCE.value: Verdict.MET,
    InflammationStatus.POSSIBLE_ACUTE.value: Verdict.CANNOT_TELL,
    InflammationStatus.STALE.value: Verdict.CANNOT_TELL,
    InflammationStatus.UNKNOWN.value: Verdict.CANNOT_TELL,
    InflammationStatus.NORMAL.value: Verdict.NOT_MET,
}
_GRADE_WORDS: Mapping[str, str] = {grade.value: words for grade, words in GRADES.items()}
_LABEL_WORDS: Mapping[str, str] = {label.value: words for label, words in LABELS.items()}
_GRADES: Mapping[str, Verdict] = {
    TrialGrade.ADEQUATE_FAILED.value: Verdict.MET,
    TrialGrade.NOT_COUNTED.value: Verdict.NOT_MET,
}
_LABELS: Mapping[str, Verdict | None] = {
    ResultLabel.RAISED.value: Verdict.MET,
    ResultLabel.CENSORED_HIGH.value: Verdict.MET,
    ResultLabel.NORMAL.value: Verdict.NOT_MET,
    ResultLabel.DISPLAY_ONLY.value: None,
}
_Told = Mapping[str, Any]


def stored_criteria(decision: Decision) -> Criterion:
    """Give the criteria as the log tells them; without any where nothing was evaluated.

    Unknown input: a word this version does not know is shown as it is kept, without a verdict.
    """
    answer = decision.answer
    if "experimentalOrder" in answer:
        return _orders(answer)
    children: tuple[Criterion, ...] = ()
    if answer:
        children = (_resistance(decision, answer), _inflammation(decision, answer))
    return Criterion(
        id="evidence_card",
        title="As it was decided",
        verdict=None,
        words="As decided",
        because="from the decision log" if answer else "nothing was evaluated",
        children=(*children, *_rest(answer)),
    )


def changes_told(decision: Decision) -> tuple[str, ...]:
    """Give what would have changed the answer, as the log tells it."""
    parts = (_object(decision.answer, name) for name in ("treatmentResistance", "inflammation"))
    return tuple(str(each) for part in parts for each in part.get("wouldChange", ()))


def _resistance(decision: Decision, answer: _Told) -> Criterion:
    told, status = _object(answer, "treatmentResistance"), decision.resistance
    trials = _numbered(_list(told, "trials"), "trial", _trial)
    support = _numbered(_list(told, "supportingTreatments"), "support", _support)
    return Criterion(
        id="treatment_resistance",
        title="Treatment resistance",
        verdict=_RESISTANCE.get(status),
        words=resistance_words(status),
        because=_text(told, "because"),
        children=(*trials, *support),
    )


def _trial(key: str, told: _Told) -> Criterion:
    grade = _text(told, "grade")
    return Criterion(
        id=key,
        title=f"Trial of {_text(told, 'ingredient')}",
        verdict=_GRADES.get(grade, Verdict.CANNOT_TELL),
        words=_GRADE_WORDS.get(grade, grade),
        because=_text(told, "because"),
    )


def _support(key: str, told: _Told) -> Criterion:
    title = f"{read_name(_text(told, 'kind'))}: {_text(told, 'treatment')}"
    return _plain(key, title, "Supporting treatment", _text(told, "because"))


def _inflammation(decision: Decision, answer: _Told) -> Criterion:
    told, status = _object(answer, "inflammation"), decision.inflammation
    return Criterion(
        id="inflammation",
        title="Inflammation (CRP)",
        verdict=_INFLAMMATION.get(status),
        words=inflammation_words(status),
        because=_text(told, "because"),
        notes=tuple(read_name(str(each)) for each in told.get("notes", ())),
        children=tuple(_numbered(_list(told, "results"), "result", _result)),
    )


def _result(key: str, told: _Told) -> Criterion:
    label = _text(told, "label")
    return Criterion(
        id=key,
        title=f"Result of {_text(told, 'date')}",
        verdict=_LABELS.get(label, Verdict.CANNOT_TELL),
        words=_LABEL_WORDS.get(label, label),
        because=f"{_text(told, 'shown')} on {_text(told, 'date')}",
        notes=tuple(read_name(str(each)) for each in told.get("notes", ())),
    )


def _rest(answer: _Told) -> Iterable[Criterion]:
    """Give what stands beside the criteria, from confounders to resources that were left out."""
    for key, name, words in (
        ("confounders", "kind", "Found"),
        ("withheld", "reason", "Withheld"),
        ("gaps", "what", "Missing"),
    ):
        for place, told in enumerate(_list(answer, key), 1):
            title = read_name(kind_of_record(_text(told, name)))
            yield _plain(f"{key}-{place}", title, words, _text(told, "because"))
    for place, told in enumerate(_list(answer, "notUsed"), 1):
        yield _plain(f"unused-{place}", "A resource", "Not used", _text(told, "because"))


def _orders(answer: _Told) -> Criterion:
    told = _object(answer, "experimentalOrder")
    depression = _object(told, "depression")
    drafts = _numbered(_list(told, "drafts"), "draft", _draft)
    return _judged(
        "experimental_order",
        "A card on an experimental drug order is due",
        told,
        children=(
            _judged("depression", "Depression is active", depression),
            *drafts,
            *_numbered(_list(told, "signals"), "signal", _signal),
            *_rest(answer),
        ),
        notes=tuple(str(each) for each in told.get("caveats", ())),
    )


def _draft(key: str, told: _Told) -> Criterion:
    return _judged(key, f"Draft order: {_text(told, 'drug') or 'another drug'}", told)


def _signal(key: str, told: _Told) -> Criterion:
    return _plain(
        key, "Entry about suicidal thoughts or self-harm", "Found", _text(told, "because")
    )


def _judged(
    key: str,
    title: str,
    told: _Told,
    children: tuple[Criterion, ...] = (),
    notes: tuple[str, ...] = (),
) -> Criterion:
    known = {verdict.value: verdict for verdict in Verdict}
    verdict = known.get(_text(told, "verdict"))
    return Criterion(
        id=key,
        title=title,
        verdict=verdict,
        words="Not told" if verdict is None else VERDICT_WORDS[verdict],
        because=_text(told, "because"),
        children=children,
        notes=notes,
    )


def _plain(key: str, title: str, words: str, because: str) -> Criterion:
    return Criterion(id=key, title=title, verdict=None, words=words, because=because)


def _numbered(
    items: Iterable[_Told], key: str, write: Callable[[str, _Told], Criterion]
) -> Iterable[Criterion]:
    return (write(f"{key}-{place}", told) for place, told in enumerate(items, 1))


def _object(told: _Told, name: str) -> _Told:
    found = told.get(name)
    return found if isinstance(found, Mapping) else {}


def _list(told: _Told, name: str) -> list[_Told]:
    found = told.get(name)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _text(told: _Told, name: str) -> str:
    return str(told.get(name, ""))
