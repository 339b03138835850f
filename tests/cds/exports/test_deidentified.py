"""Does a de-identified export say who it was? Every date, id, name and comment is looked for."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from cds.decision import Decision
from cds.exports.catalogue import FILES, ExportFile, Reading, Subject
from cds.exports.disguise import Deidentified, NoDisguise
from cds.exports.fhir_parts import Issuer
from cds.exports.hidden_trace import OTHER
from cds.kept_case import PatientCase, read_case
from cds.review.judging import CRITERIA, OVERALL
from tests.cds.exports.records import (
    FORMULA,
    ODD,
    REASONS,
    access,
    deidentified,
    feedback,
    one_case,
    said,
)
from tests.cds.store.records import CLIENT, NOW, PSEUDONYM, decision
from tests.cds.store.reviewing import REASON

_DATE = re.compile(r"\b(?:19|20)\d\d-\d\d(?:-\d\d)?\b")
_REFERENCE = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9.-]+")


def everything(value: Any) -> Iterator[str]:
    """Give every text in a JSON value, names of members too."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from everything(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from everything(each)
    elif isinstance(value, str):
        yield value


def secrets_of(each: Decision) -> set[str]:
    """Give what must not be found: ids, and references to resources of the client."""
    found = {each.id, each.pseudonym, *(card.uuid for card in each.cards)}
    found |= {each.hook_instance, each.request_key, each.evidence_key} - {None}  # type: ignore[arg-type]
    for text in everything(msgspec.json.decode(each.facts or b"{}")):
        found |= {ref for ref in _REFERENCE.findall(text) if not ref.startswith("Not")}
    return found


def dates_of(each: Decision) -> set[str]:
    """Give every date of a decision, as written anywhere in it, but the knowledge's own."""
    case = msgspec.json.decode(each.facts or b"{}")
    texts = [*everything(each.answer), *everything(case.get("facts", {}))]
    found = {day for text in texts for day in _DATE.findall(text)}
    return found | {each.as_of.isoformat(), each.decided_at.date().isoformat()}


class Source:
    """Gives the same records for every question."""

    def __init__(self, decisions: tuple[Decision, ...]) -> None:
        self._decisions = decisions

    def decisions(self, _: object) -> Iterator[Decision]:
        return iter(self._decisions)

    def feedback(self, _: object) -> Iterator[Any]:
        return iter([feedback(), feedback(decision=None, pseudonym=None, card="other")])

    def judgements(self, _: object) -> Iterator[Any]:
        return iter(one_case())

    def accesses(self, _: object) -> Iterator[Any]:
        return iter([access(), access(decision=None, client=None, pseudonym=None)])


def written(file: ExportFile, decisions: tuple[Decision, ...], disguise: Any) -> str:
    reading = Reading(
        source=Source(decisions),  # type: ignore[arg-type]
        question=None,  # type: ignore[arg-type]
        disguise=disguise,
        issuer=Issuer(base="https://cds.example.org"),
        reasons=REASONS,
    )
    return b"".join(file.write(reading)).decode()


@pytest.mark.requirement("C8")
@pytest.mark.parametrize("file", [each for each in FILES if each.subject is Subject.DECISIONS],
                         ids=lambda each: each.name)  # fmt: skip
def test_no_id_and_no_date_of_a_decision_is_left(
    file: ExportFile, decided: tuple[Decision, ...]
) -> None:
    for each in decided:
        text = written(file, (each,), deidentified())
        assert {secret for secret in secrets_of(each) if secret in text} == set()
        # What stands where another date was moved to is no original one.
        assert not dates_of(each) & set(_DATE.findall(text)) - moved_dates(each)
        assert "demo" not in text


def moved_dates(each: Decision) -> set[str]:
    """Give where the dates of a decision may be found by right, because others moved there."""
    hidden = deidentified().decision(each)
    days = (each.as_of - hidden.as_of).days
    moved = set()
    for text in dates_of(each):
        if len(text) == 10:
            moved.add((date.fromisoformat(text) - timedelta(days=days)).isoformat())
    return moved


@pytest.mark.requirement("C8")
@pytest.mark.parametrize("file", FILES, ids=lambda each: each.name)
def test_no_name_no_comment_and_no_id_is_left_of_what_people_said(file: ExportFile) -> None:
    told = ["Anna", "Ben", "Carla", "Grey", FORMULA, "Autumn", "second result", "account-",
            "sample-1", "decision-7", "card-of-the-client", PSEUDONYM, CLIENT, "2026"]  # fmt: skip
    text = written(file, (decision(), decision(cards=())), deidentified())
    assert [word for word in told if word in text] == []


@pytest.mark.parametrize("file", FILES, ids=lambda each: each.name)
def test_as_kept_means_that_these_words_are_there(file: ExportFile) -> None:
    """Else the test above would look for what is never written."""
    text = written(file, (decision(),), NoDisguise())
    if file.name not in {"labelling.xml", "redcap-data-dictionary.csv"}:
        assert any(word in text for word in ("Anna", "Grey", PSEUDONYM))


@pytest.mark.requirement("C8")
def test_the_intervals_of_a_patient_are_kept(decided: tuple[Decision, ...]) -> None:
    for each in decided:
        hidden = deidentified().decision(each)
        before, after = read_case(each.facts or b""), read_case(hidden.facts or b"")
        if not isinstance(before, PatientCase) or not isinstance(after, PatientCase):
            continue
        days = (each.as_of - hidden.as_of).days
        assert days > 0
        starts = [exposure.start for exposure in before.facts.exposures]
        moved = [exposure.start for exposure in after.facts.exposures]
        exact = [
            (a.earliest - b.earliest).days
            for a, b in zip(starts, moved, strict=True)
            if a is not None and b is not None and a.earliest == a.latest
        ]
        assert set(exact) <= {days}


def test_the_intervals_between_a_decision_its_feedback_and_its_judgement_are_kept() -> None:
    hide = deidentified()
    first, second = decision(), decision(decided_at=NOW + timedelta(days=3, microseconds=7))
    told = [hide.decision(first).decided_at, hide.decision(second).decided_at]
    told += [hide.feedback(feedback()).received_at, hide.judgement(said()).saved_at]
    told.append(hide.access(access()).at)
    kept = [first.decided_at, second.decided_at, feedback().received_at, said().saved_at, NOW]
    assert [each - told[0] for each in told] == [each - kept[0] for each in kept]


def test_two_patients_have_two_offsets() -> None:
    hide = deidentified()
    days = {hide.decision(decision(pseudonym=f"{n:032d}")).as_of for n in range(20)}
    assert len(days) > 10


def test_the_same_person_at_two_clients_has_two_offsets() -> None:
    hide = deidentified()
    one, other = hide.decision(decision()), hide.decision(decision(client="south"))
    assert (one.as_of, one.pseudonym) != (other.as_of, other.pseudonym)


def test_an_offset_is_the_same_in_every_export_of_a_deployment() -> None:
    one, another = deidentified(), deidentified()
    assert one.decision(decision()).as_of == another.decision(decision()).as_of


def test_without_the_key_neither_offset_nor_id_can_be_guessed() -> None:
    one, other = deidentified(b"k" * 32), deidentified(b"l" * 32)
    each = decision()
    assert one.decision(each).id != other.decision(each).id
    moved = [
        (one.decision(d).as_of, other.decision(d).as_of)
        for d in (decision(pseudonym=f"{n:032d}") for n in range(5))
    ]
    assert any(first != second for first, second in moved)


def test_the_time_of_day_moves_too() -> None:
    assert deidentified().decision(decision()).decided_at.time() != NOW.time()


def test_records_of_one_export_still_belong_together() -> None:
    hide = deidentified()
    kept = decision(id="decision-7", cards=())
    hidden = hide.decision(kept)
    assert hidden.id == hide.feedback(feedback()).decision
    assert hidden.id == hide.judgement(said()).decision == hide.access(access()).decision
    assert hidden.pseudonym == hide.feedback(feedback()).pseudonym
    assert hidden.client == hide.judgement(said()).client


def test_a_card_and_the_feedback_on_it_still_belong_together() -> None:
    hide = deidentified()
    kept = decision()
    entry = feedback(card=kept.cards[0].uuid)
    assert hide.feedback(entry).card == hide.decision(kept).cards[0].uuid


def test_reviewers_are_letters_that_stay_the_same() -> None:
    names = {deidentified().judgement(each).reviewer for each in one_case()}
    again = {deidentified().judgement(each).reviewer for each in one_case()}
    assert names == again
    assert len(names) == 3
    assert all(re.fullmatch(r"Reviewer [A-Z]{6}", name) for name in names)


def test_verdicts_and_reasons_stay() -> None:
    for each in one_case():
        hidden = deidentified().judgement(each).judgement
        for question in (OVERALL, *CRITERIA):
            before, after = each.judgement.answer_to(question), hidden.answer_to(question)
            assert (after.verdict, after.reasons) == (before.verdict, before.reasons)


@pytest.mark.parametrize(
    ("code", "told"), [(REASON, REASON), ("Told by Dr Grey", OTHER), (None, None)]
)
def test_a_reason_that_a_site_made_itself_could_be_words(code: str | None, told: str) -> None:
    assert deidentified().feedback(feedback(reason_code=code)).reason_code == told


@pytest.mark.parametrize(
    ("member", "kept"),
    [
        ({"text": "seen by Dr Grey"}, {"text": None}),
        ({"unit": "as told by Dr Grey"}, {"unit": OTHER}),
        ({"unit": "mg/L"}, {"unit": "mg/L"}),
        ({"status": "ask Dr Grey"}, {"status": OTHER}),
        ({"code": "30522-7", "system": "http://loinc.org"},
         {"code": "30522-7", "system": "http://loinc.org"}),
        ({"cards": [{"detail": "2026-06-30"}]}, {"cards": []}),
        ({"birth": {"earliest": "1984-03-10", "latest": "1984-03-10"}}, None),
    ],
)  # fmt: skip
def test_what_the_record_wrote_in_words_is_left_out(
    member: dict[str, Any], kept: dict[str, Any] | None
) -> None:
    facts = msgspec.json.encode(member)
    hidden = msgspec.json.decode(deidentified().decision(decision(facts=facts)).facts or b"")
    assert hidden == kept if kept is not None else hidden != member


def test_a_resource_keeps_its_type_and_nothing_else() -> None:
    facts = msgspec.json.encode({"sources": ["Observation/crp-of-ada"], "because": "see Patient/7"})
    hidden = msgspec.json.decode(deidentified().decision(decision(facts=facts)).facts or b"")
    assert re.fullmatch(r"Observation/[0-9a-f]{32}", hidden["sources"][0])
    assert re.fullmatch(r"see Patient/[0-9a-f]{32}", hidden["because"])


def test_the_key_of_a_call_leaves_the_store_in_no_export() -> None:
    assert NoDisguise().decision(decision()).request_key is None


def test_odd_texts_are_in_the_export_that_hides_nothing() -> None:
    assert NoDisguise().feedback(feedback()).user_comment == ODD


def test_hiding_is_what_it_says() -> None:
    assert (Deidentified.hides, NoDisguise.hides) == (True, False)
