"""Which card follows from which pair of statuses, asked of the rules themselves?"""

from dataclasses import replace

from rules.findings import InflammationStatus, ResistanceStatus
from rules.gating import decide_cards
from rules.knowledge.model import Knowledge
from tools.specification.markdown import NOTHING, plain, table
from tools.specification.words import CARDS, CLASSES, MARKERS


def card_matrix(knowledge: Knowledge) -> str:
    """Give the cards for every pair; in brackets what is shown only where a site asks for it."""
    on_request = replace(
        knowledge, cards=knowledge.cards.model_copy(update={"data_gap_card": True})
    )
    rows = []
    for resistance in ResistanceStatus:
        cells = [_short(CLASSES[resistance.value])]
        for marker in InflammationStatus:
            shown = _card(resistance, marker, knowledge)
            cells.append(shown or _bracketed(_card(resistance, marker, on_request)))
        rows.append(cells)
    return table(["", *(_short(MARKERS[each.value]) for each in InflammationStatus)], rows)


def _card(
    resistance: ResistanceStatus, marker: InflammationStatus, knowledge: Knowledge
) -> str | None:
    cards = decide_cards(resistance, marker, (), (), knowledge).cards
    return ", ".join(CARDS[each.value] for each in cards) or None


def _bracketed(card: str | None) -> str:
    return NOTHING if card is None else f"({card})"


def _short(words: str) -> str:
    return words.partition(": ")[2]


def sentence_table(knowledge: Knowledge) -> str:
    """Give the fixed sentences of the cards, for a reader who signs the wording."""
    rows = ((f"`{key}`", plain(text)) for key, text in knowledge.evidence.statements.items())
    return table(("Key", "Sentence"), rows)


def exclusion_table(knowledge: Knowledge) -> str:
    exclusions = knowledge.evidence.exclusions.values()
    return table(("Key", "Sentence"), ((f"`{e.key}`", plain(e.sentence)) for e in exclusions))
