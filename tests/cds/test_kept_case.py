"""Is a case read again as it was written, and never as something else?"""

import json
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from cds.app import build_evaluator
from cds.bundles import BundleQuestion, evaluate_bundle
from cds.kept_case import FACTS_SCHEMA, Case, UnreadableCaseError, read_case, write_case
from cds.settings import Settings
from rules.draft_orders import OrderFacts
from rules.facts import Facts
from rules.findings import NotUsed
from rules.knowledge import Knowledge
from tests.cds.assessments import AS_OF
from tests.rules.random_facts import records
from tests.support.as_bundle import bundle_of
from tests.support.build import facts
from tests.support.build_drafts import CELECOXIB, SARILUMAB, draft, unknown_draft
from tests.support.vignette import vignettes

# What is written of facts, as a digest. Where this fails the facts are written in another shape:
# raise FACTS_SCHEMA and put the new digest beside it, so that old cases are told from new ones.
SHAPES = {1: "91b9cca178cc2efdb47a3351ca264faf72284eead6cda9aae26c16cdc2dbcbe5"}

DRAFTS = (
    draft(reason="F33.1"),
    draft(SARILUMAB, CELECOXIB, do_not_perform=True, drug_from_text=True, reason_unread=True),
    unknown_draft("the draft names no drug"),
)


def kept(known: Facts | OrderFacts) -> bytes:
    return write_case(known, [{"uuid": "1", "links": [{"url": "x"}]}], ("trd.min_age = 21",))


@pytest.fixture(scope="module")
def read(knowledge: Knowledge) -> dict[str, Facts]:
    """The facts of every vignette, as they are read from FHIR."""
    evaluator = build_evaluator(knowledge, Settings())
    return {
        each.id: evaluate_bundle(
            json.dumps(bundle_of(each)).encode(), BundleQuestion(), evaluator, lambda: AS_OF
        ).facts
        for each in vignettes()
    }


def test_the_facts_of_every_vignette_are_read_as_they_were_written(read: dict[str, Facts]) -> None:
    assert len(read) == 275
    assert [name for name, known in read.items() if read_case(kept(known)).facts != known] == []


def test_what_was_read_is_written_byte_for_byte_as_it_was(read: dict[str, Facts]) -> None:
    written = [kept(known) for known in read.values()]
    assert [each for each in written if kept(read_case(each).facts) != each] == []


def test_draft_orders_on_every_vignette_are_read_as_they_were_written(
    read: dict[str, Facts],
) -> None:
    left_out = (NotUsed("ServiceRequest/1", "is no order of a drug"),)
    orders = [OrderFacts(record=each, drafts=DRAFTS, not_used=left_out) for each in read.values()]
    assert [each for each in orders if read_case(kept(each)).facts != each] == []


@settings(max_examples=50)
@given(known=records())
def test_any_facts_are_read_as_they_were_written(known: Facts) -> None:
    assert read_case(kept(known)).facts == known


def test_cards_and_changed_parameters_come_back_with_the_facts() -> None:
    case = read_case(kept(facts()))
    assert case.cards == ({"uuid": "1", "links": [{"url": "x"}]},)
    assert case.changed_parameters == ("trd.min_age = 21",)


def test_facts_of_another_schema_are_refused_and_both_are_named() -> None:
    older = kept(facts()).replace(b'"facts_schema":%d' % FACTS_SCHEMA, b'"facts_schema":999')
    with pytest.raises(UnreadableCaseError, match=rf"999.*{FACTS_SCHEMA}"):
        read_case(older)


@pytest.mark.parametrize(
    "spoilt",
    [
        b"",
        b"{}",
        b"null",
        b"\xff\xfe",
        kept(facts())[:-10],
        kept(facts()).replace(b'"of":"patient"', b'"of":"orders"'),
        kept(facts()).replace(b'"cards"', b'"pictures"'),
        msgspec.json.encode(facts()),  # facts alone, as they were kept before there were cases
    ],
    ids=["empty", "no member", "null", "no text", "cut", "of another kind", "renamed", "bare"],
)
def test_what_is_no_case_is_refused_and_not_quoted(spoilt: bytes) -> None:
    with pytest.raises(UnreadableCaseError, match=r"^its facts were kept by another version, or"):
        read_case(spoilt)


def test_a_change_of_what_is_written_of_facts_has_a_schema_of_its_own() -> None:
    assert SHAPES[FACTS_SCHEMA] == shape_of_cases()


def shape_of_cases() -> str:
    shape = msgspec.json.schema(Case)
    return sha256(msgspec.json.encode(without_words(shape), order="sorted")).hexdigest()


def without_words(schema: Any) -> Any:
    """Give a JSON schema without the docstrings in it, which may change."""
    if isinstance(schema, dict):
        return {key: without_words(each) for key, each in schema.items() if key != "description"}
    return [without_words(each) for each in schema] if isinstance(schema, list) else schema
