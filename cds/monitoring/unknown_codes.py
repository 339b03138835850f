"""How many entries of a record have codes that no table of ours knows, by kind?"""

from collections import Counter

from rules.draft_orders import DraftOrder, OrderFacts
from rules.facts import Facts

# As the reader of records names its own counts of medications.
_IN_WORDS, _UNTOLD, _NOT_LISTED = "drug_in_words", "drug_untold", "drug_not_listed"


def unknown_codes(facts: Facts | OrderFacts) -> dict[str, int]:
    """Count the entries of a record whose codes no table knows; of orders, the drafts with them.

    The reader has counted them: see rules/fhir_reader/unknown_codes.py for each kind. A kind
    without such an entry is not there; {} where every code is known.
    """
    if isinstance(facts, Facts):
        return dict(facts.unknown_codes)
    drafts = Counter(kind for each in facts.drafts if (kind := _of_draft(each)) is not None)
    return dict(sorted((drafts + Counter(facts.record.unknown_codes)).items()))


def _of_draft(draft: DraftOrder) -> str | None:
    if draft.drug_unread is not None:
        return _UNTOLD
    if not draft.drugs:
        return _NOT_LISTED
    return _IN_WORDS if draft.drug_from_text else None
