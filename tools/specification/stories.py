"""How does a vignette read as a story that a clinician can sign?"""

from collections.abc import Iterable, Iterator, Sequence

from rules.findings import Assessment
from rules.knowledge.model import Knowledge
from rules.plain_words import listed, spelled
from rules.trial_gaps import TrialGap, describe_gap
from tests.support.verdict import assess_vignette
from tests.support.vignette import Expectation, Vignette
from tools.specification.markdown import SIGNATURE, bullets, plain
from tools.specification.records import line_of
from tools.specification.words import (
    CLASSES,
    GRADES,
    MARKERS,
    NOTES,
    RESOURCES,
    SUPPORTING,
    cards_in_words,
    words_of,
)


def stories(vignettes: Iterable[Vignette], knowledge: Knowledge) -> str:
    """Give the vignettes one after another."""
    return "\n\n".join(_story(each, knowledge) for each in vignettes)


def index(vignettes: Sequence[Vignette]) -> str:
    """Give the vignettes as links, to jump to one."""
    return " · ".join(f"[{each.id}](#{each.id.lower()})" for each in vignettes)


def _story(vignette: Vignette, knowledge: Knowledge) -> str:
    assessment = assess_vignette(vignette, knowledge)
    patient = vignette.patient
    parts = [
        f'<a id="{vignette.id.lower()}"></a>\n\n#### {vignette.id}: {plain(vignette.title)}',
        plain(vignette.story.strip()),
        f"**Record**, read on {vignette.as_of} ({patient.gender}, born {patient.born})",
        bullets(plain(line) for line in _record(vignette, knowledge)),
        "**Expected**",
        bullets(plain(line) for line in _expected(vignette.expect)),
        f"**Answer today**{_agreement(vignette.expect, assessment)}",
        bullets(plain(line) for line in _answer(assessment)),
        SIGNATURE,
    ]
    return "\n\n".join(parts)


def _record(vignette: Vignette, knowledge: Knowledge) -> Iterator[str]:
    for entry in vignette.entries:
        yield line_of(entry, knowledge)
    for resource_type in vignette.unread:
        yield f"Could not be read: {RESOURCES.get(resource_type, resource_type)}"
    for key, value in vignette.parameters.items():
        meaning = knowledge.parameters[key].meaning
        yield f"Setting of this site: {meaning} ({key}): {_setting(value)}"
    for value_set, codes in vignette.codes.items():
        title = knowledge.value_sets[value_set].title
        yield f'Codes of this site for "{title}": {listed(list(codes))}'


def _setting(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _expected(expect: Expectation) -> Iterator[str]:
    if expect.resistance:
        yield _begin(CLASSES[expect.resistance])
    for drug, trial in expect.trials.items():
        yield f"{_begin(drug)}: {GRADES[trial.grade]}{_gaps(trial.gaps)}"
    if expect.supporting:
        yield f"Supporting treatment: {listed(list(expect.supporting))}"
    if expect.inflammation:
        yield _begin(MARKERS[expect.inflammation]) + _notes(expect.notes)
    if expect.confounders:
        yield f"Confounders: {listed([words_of(each) for each in expect.confounders])}"
    if expect.withheld:
        yield f"Evidence card withheld: {listed([words_of(each) for each in expect.withheld])}"
    yield f"Shown: {cards_in_words(expect.cards)}"
    yield from _wording(expect)


def _wording(expect: Expectation) -> Iterator[str]:
    for words in (*expect.because, *(w for trial in expect.trials.values() for w in trial.says)):
        yield f'The reason says: "{words}"'
    for words in expect.caveats:
        yield f'A caveat says: "{words}"'
    for words in expect.not_used:
        yield f'Left out, because: "{words}"'
    for words in expect.card_says:
        yield f'The card says: "{words}"'
    if expect.card_never_says:
        never = listed([f'"{words}"' for words in expect.card_never_says])
        yield f"The card never says: {never}"


def _answer(assessment: Assessment) -> Iterator[str]:
    resistance, inflammation = assessment.treatment_resistance, assessment.inflammation
    yield f"{_begin(CLASSES[resistance.status.value])}: {resistance.finding.because}"
    for trial in resistance.trials:
        yield f"{_begin(trial.ingredient)}: {GRADES[trial.grade.value]}: {trial.finding.because}"
    for treatment in resistance.supporting:
        role = SUPPORTING[treatment.grade.value]
        yield f"{_begin(treatment.treatment)}: {role}: {treatment.finding.because}"
    notes = _notes(inflammation.notes)
    yield f"{_begin(MARKERS[inflammation.status.value])}: {inflammation.finding.because}{notes}"
    for because in dict.fromkeys(each.because for each in assessment.not_used):
        yield f"Left out: {because}"
    for found in assessment.confounders:
        yield f"Confounder: {found.finding.because}"
    for withheld in assessment.withheld:
        yield f"Evidence card withheld: {words_of(withheld.reason)}: {withheld.finding.because}"
    yield f"Shown: {cards_in_words(each.value for each in assessment.cards_due)}"
    if resistance.would_change:
        yield f"What would change this: {listed(list(resistance.would_change))}"


def _agreement(expect: Expectation, assessment: Assessment) -> str:
    """Say so where the rules no longer answer as expected; a signature must not cover that."""
    resistance, marker = assessment.treatment_resistance.status, assessment.inflammation.status
    differing = [
        what
        for what, wanted, told in (
            ("treatment resistance", expect.resistance or resistance.value, resistance.value),
            ("the marker", expect.inflammation or marker.value, marker.value),
            ("the cards", expect.cards, tuple(each.value for each in assessment.cards_due)),
        )
        if wanted != told
    ]
    return f" (**differs from what is expected: {listed(differing)}**)" if differing else ""


def _gaps(gaps: tuple[str, ...] | None) -> str:
    if gaps is None:
        return ""
    if not gaps:
        return ", no gap"
    described = [describe_gap(TrialGap(gap)) for gap in gaps]
    return f", {spelled(len(gaps), 'gap', 'gaps')} ({'; '.join(described)})"


def _notes(notes: Iterable[str]) -> str:
    words = [NOTES.get(note, words_of(note)) for note in notes]
    return f" ({'; '.join(words)})" if words else ""


def _begin(words: str) -> str:
    return words[:1].upper() + words[1:]
