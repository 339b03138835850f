"""Are the unknown codes of a record, and of draft orders beside it, those that were counted?"""

from collections.abc import Mapping

import pytest

from cds.monitoring.unknown_codes import unknown_codes
from rules.draft_orders import DraftOrder, OrderFacts
from rules.facts import Drug, Facts, Person
from rules.fhir_reader.unknown_codes import UnknownCode

OURS = (Drug("celecoxib", frozenset({"nsaid"})),)
RECORD = Facts(person=Person(birth=None), unknown_codes={"drug_untold": 2, "marker_unit": 1})


def test_the_counts_of_a_record_are_those_of_its_reader() -> None:
    assert unknown_codes(RECORD) == {"drug_untold": 2, "marker_unit": 1}


def test_a_record_without_unknown_codes_has_no_counts() -> None:
    assert unknown_codes(Facts(person=Person(birth=None))) == {}


@pytest.mark.parametrize(
    ("draft", "counted"),
    [
        (DraftOrder(drugs=OURS), {"drug_untold": 2}),
        (DraftOrder(drugs=OURS, drug_from_text=True), {"drug_in_words": 1, "drug_untold": 2}),
        (DraftOrder(), {"drug_not_listed": 1, "drug_untold": 2}),
        (DraftOrder(drug_unread="it names no medication"), {"drug_untold": 3}),
    ],
)
def test_drafts_count_beside_the_record(draft: DraftOrder, counted: Mapping[str, int]) -> None:
    facts = OrderFacts(record=RECORD, drafts=(draft,))
    assert unknown_codes(facts) == {**counted, "marker_unit": 1}


def test_each_kind_of_a_draft_is_one_the_reader_names() -> None:
    drafts = (
        DraftOrder(drugs=OURS, drug_from_text=True),
        DraftOrder(),
        DraftOrder(drug_unread="it names no medication"),
    )
    kinds = unknown_codes(OrderFacts(record=Facts(person=Person(birth=None)), drafts=drafts))
    assert kinds.keys() <= {kind.value for kind in UnknownCode}
